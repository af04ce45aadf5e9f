import { defineError, type PawlError } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'

/** No credential, or one that proves nothing: unknown, expired, revoked. The text does not say which. */
export const notAuthenticated = defineError<{ reason: string }>(
  'not_authenticated',
  'unauthenticated',
  ({ reason }) => reason,
)

/** Known, but not allowed. */
export const denied = defineError<{ reason: string }>('denied', 'denied', ({ reason }) => reason)

/** Notes beside an error what the audit trail says of it, and whoever gets the error does not see. */
export function forTheTrail(error: PawlError, details: Readonly<Record<string, Json>>): PawlError {
  trail.set(error, details)
  return error
}

export function detailsForTheTrail(error: PawlError): Readonly<Record<string, Json>> {
  return trail.get(error) ?? {}
}

const trail = new WeakMap<PawlError, Readonly<Record<string, Json>>>()

/** The target of a request could be taken for two places. */
export const ambiguousTarget = defineError(
  'invalid_path',
  'invalid',
  'The path must not have empty, "." or ".." segments, backslashes, or encodings of them.',
)

/** Nothing can be done until the vault is unsealed. */
export const sealed = defineError(
  'sealed',
  'unavailable',
  'The vault is sealed, so it can neither read nor write. Its custodians open it with `pawl unseal` or POST /v1/unseal.',
)

/** The engine has ended in this process. */
export const closed = defineError(
  'closed',
  'unavailable',
  'The vault is closed: its program called close(). Open it again with createPawl().',
)

/** Too many, too fast. `retryAfterSeconds` says when to try again. */
export const rateLimited = defineError<{ retryAfterSeconds: number }>(
  'rate_limited',
  'limited',
  ({ retryAfterSeconds }) => `Too many requests. Try again in ${retryAfterSeconds} s.`,
)

/** A limit of the tier or of the agent leaves no room for this. The message names the limit. */
export const tierLimitReached = defineError<{ reason: string }>(
  'resource_limit_exceeded',
  'denied',
  ({ reason }) =>
    `${reason} An owner can move the organisation to a larger tier (GET /v1/billing/subscription shows it).`,
)
