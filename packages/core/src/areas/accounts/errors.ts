import { defineError } from '../../kernel/errors.ts'

export const signUpClosed = defineError<{ setting: string }>(
  'sign_up_closed',
  'denied',
  ({ setting }) => `This server accepts no sign-up for this address. Ask for an invitation. Setting: ${setting}.`,
)

/** Does not tell whether the link was used, expired, was replaced or never existed. */
export const linkInvalid = defineError(
  'link_invalid',
  'invalid',
  'The link does not exist, has expired or was used. Ask for a new one.',
)

/** The same for a code. */
export const codeInvalid = defineError(
  'code_invalid',
  'invalid',
  'The code is wrong, has expired or was used. After 5 wrong codes, ask for a new one.',
)

export const passwordExists = defineError(
  'password_exists',
  'conflict',
  'You have a password. Change it with POST /v1/auth/change-password.',
)

export const passwordNeeded = defineError(
  'password_needed',
  'denied',
  'Confirm this operation with your password, in X-Auth-Confirm or current_password.',
)
