import { type Failure, TokenError } from './protocol.ts'

/** The error code of a failed call, by its name in the standard. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error ? (/CKR_[A-Z0-9_]+/.exec(error.message)?.[0] ?? null) : null
}

/** The handle of an object is stale: another process destroyed the object, or the token was opened again. */
export function isStale(error: unknown): boolean {
  return ['CKR_KEY_HANDLE_INVALID', 'CKR_OBJECT_HANDLE_INVALID'].includes(codeOf(error) ?? '')
}

/** The token does not know how to do this, or not with these parameters. */
export function isUnable(error: unknown): boolean {
  return /^CKR_(MECHANISM_|FUNCTION_NOT_SUPPORTED|KEY_SIZE_RANGE|KEY_TYPE_|KEY_FUNCTION_|TEMPLATE_|ATTRIBUTE_|ARGUMENTS_BAD|DOMAIN_PARAMS_)/.test(
    codeOf(error) ?? '',
  )
}

const meanings: Readonly<Record<string, readonly [Failure, string]>> = {
  CKR_PIN_INCORRECT: [
    'pin_wrong',
    'The PIN is wrong. Pawl does not try it again. Correct the PIN and restart, or unseal.',
  ],
  CKR_PIN_LEN_RANGE: ['pin_wrong', 'The PIN is too short or too long for this token. Pawl does not try it again.'],
  CKR_PIN_INVALID: ['pin_wrong', 'The PIN has characters that this token does not accept. Pawl does not try it again.'],
  CKR_PIN_LOCKED: [
    'pin_blocked',
    'The PIN is locked after too many wrong attempts. The security officer must unlock it.',
  ],
  CKR_PIN_EXPIRED: ['pin_blocked', 'The PIN has expired. Set a new one with the tools of the token.'],
  CKR_USER_PIN_NOT_INITIALIZED: ['pin_blocked', 'The token has no user PIN yet. The security officer must set one.'],
  CKR_DEVICE_MEMORY: ['unavailable', 'The token is full. Destroy unused keys, or use a larger token.'],
  CKR_HOST_MEMORY: ['unavailable', 'The PKCS#11 module ran out of memory.'],
  CKR_SESSION_COUNT: ['unavailable', 'The token has no session left. Close other programs that use it.'],
  CKR_TOKEN_WRITE_PROTECTED: ['unavailable', 'The token is write-protected, so Pawl cannot create or destroy keys.'],
}

/** Errors that, as far as we know, only a new process cures. The last three are what modules use for lack of a better code. */
const losses = [
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_SLOT_ID_INVALID',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_OPERATION_ACTIVE',
  'CKR_DEVICE_ERROR',
  'CKR_GENERAL_ERROR',
  'CKR_FUNCTION_FAILED',
]

/** Turns an error of the token into a message that an operator can act on. Other errors are unchanged. */
export function meaningOf(error: unknown): unknown {
  const code = codeOf(error)
  if (error instanceof TokenError || code === null) return error
  const [failure, message] = meanings[code] ?? []
  if (failure && message) return new TokenError(failure, `${message} (${code})`)
  if (losses.includes(code)) {
    return new TokenError(
      'lost',
      `The token failed with ${code}. Check whether it was removed, or whether its disk is full.`,
    )
  }
  if (isUnable(error)) return new TokenError('unavailable', `The token does not support this operation: ${code}.`)
  return new TokenError('unavailable', `The token failed with ${code}.`)
}
