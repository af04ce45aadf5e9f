import { defineError, invalidField, type PawlError } from '../../kernel/errors.ts'

export const mfaFailed = defineError(
  'mfa_failed',
  'unauthenticated',
  'The code is wrong or used, or the mfa_token is expired or used. After 10 wrong codes, wait 15 minutes.',
)

export const mfaOn = defineError(
  'mfa_on',
  'conflict',
  'An authenticator app is set up already. Disable it first with DELETE /v1/auth/mfa.',
)

export const mfaOff = defineError(
  'mfa_off',
  'conflict',
  'No authenticator app is set up. Call POST /v1/auth/mfa/setup.',
)

/** The answer to a wrong code of a caller who is signed in. */
export function wrongCode(field = 'code'): PawlError {
  return invalidField(
    field,
    'is wrong or was used. Take the next code. After 10 wrong codes, the account refuses every code for 15 minutes',
  )
}

/** The answer to a wrong password of a caller who is signed in. */
export function wrongPasswordAgain(): PawlError {
  return invalidField(
    'password',
    'is wrong. After 10 wrong passwords, the account refuses every password for 15 minutes',
  )
}

export const passkeyFailed = defineError(
  'passkey_failed',
  'unauthenticated',
  'The passkey is unknown, or it did not sign this challenge for this site. Begin again: each challenge is taken once.',
)

export const passkeyExists = defineError('passkey_exists', 'conflict', 'This passkey is registered already.')

export const passkeyNotFound = defineError('passkey_not_found', 'not_found', 'You have no passkey with this ID.')

export const passkeysFull = defineError(
  'passkeys_full',
  'conflict',
  'You have as many passkeys as a user can have. Remove one first.',
)

export const lastPasskey = defineError(
  'last_passkey',
  'denied',
  'This is your last passkey, and you ask for a passkey at the sign-in or before values are shown. Turn that off first.',
)

export const noPasskey = defineError(
  'no_passkey',
  'denied',
  'You have no passkey. Register one first with POST /v1/auth/passkeys/register/begin.',
)
