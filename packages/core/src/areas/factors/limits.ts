/** How many passkeys a user can have. They are removed with the user, in one unit. */
export const passkeysMax = 20
