import { defineError } from '../kernel/errors.ts'

/** No credential, or one that proves nothing: unknown, expired, revoked. The text does not say which. */
export const notAuthenticated = defineError<{ reason: string }>(
  'not_authenticated',
  'unauthenticated',
  ({ reason }) => reason,
)

/** Known, but not allowed. */
export const denied = defineError<{ reason: string }>('denied', 'denied', ({ reason }) => reason)

/** Nothing can be done until the vault is unsealed. */
export const sealed = defineError(
  'sealed',
  'unavailable',
  'The vault is sealed: nothing can be read or written. Its custodians open it with `pawl unseal`, or POST /v1/unseal.',
)

/** Too many, too fast. `retryAfterSeconds` says when to try again. */
export const rateLimited = defineError<{ retryAfterSeconds: number }>(
  'rate_limited',
  'limited',
  ({ retryAfterSeconds }) => `Too many requests; try again in ${retryAfterSeconds} s.`,
)
