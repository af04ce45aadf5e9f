import { defineError, type PawlError } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'
import type { Context } from './engine.ts'

/** No credential, or one that proves nothing: unknown, expired, revoked. The text does not say which. */
export const notAuthenticated = defineError<{ reason: string }>(
  'not_authenticated',
  'unauthenticated',
  ({ reason }) => reason,
)

/** Known, but not allowed. */
export const denied = defineError<{ reason: string }>('denied', 'denied', ({ reason }) => reason)

/**
 * Adds details to the audit event of a call. With an error: details that the caller does not get. With the context of a
 * handler: more details than input and output have, such as the values before a change.
 */
export function forTheTrail<T extends PawlError | Context>(subject: T, details: Readonly<Record<string, Json>>): T {
  trail.set(subject, details)
  return subject
}

export function detailsForTheTrail(subject: PawlError | Context): Readonly<Record<string, Json>> | undefined {
  return trail.get(subject)
}

const trail = new WeakMap<object, Readonly<Record<string, Json>>>()

/** The target of a request could be taken for two places. */
export const ambiguousTarget = defineError(
  'invalid_path',
  'invalid',
  'The path must not have empty, "." or ".." segments, backslashes, or encodings of them.',
)

/** What the body of a 402 says. `accepts` lists ways to pay for this call. */
export interface PaymentFacts {
  readonly x402Version: 1
  /** Why a payment that was shown does not pay. */
  readonly error?: string
  readonly accepts: readonly Readonly<Record<string, unknown>>[]
  readonly description: string
  /** US dollars for this call. Absent: it cannot be paid for. */
  readonly required_usd?: string
  readonly message: string
}

/** The tier has no room for this call, and nothing pays for it. */
export const paymentRequired = defineError<PaymentFacts>('payment_required', 'denied', ({ message }) => message)

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
