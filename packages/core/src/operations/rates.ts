import { hour, minute, second } from '../kernel/time.ts'

// All numbers of the limits, in one place (§2.3). Operations name them in their `limits`.

/** A token bucket: it holds `burst` tokens, and `perSecond` tokens come back. Each engine counts in its memory. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Operations with the same rate share the bucket of an address. */
export const rates = {
  /** All requests of one address. */
  requests: { burst: 200, perSecond: 100 },
  /** What one address may ask without a proof of identity, such as a sign-up, a code or an enrolment. */
  signIn: { burst: 5, perSecond: 1 },
  /** Failed proofs of identity of one address, over all operations that check one (B13). */
  failures: { burst: 5, perSecond: 1 },
  /** Attempts of one address with the password of one account. */
  passwords: { burst: 5, perSecond: 1 },
  /** Attempts of one address with one key. Programs that keep no token exchange their key for each call. */
  keys: { burst: 100, perSecond: 10 },
} as const satisfies Record<string, Rate>

/** At most `max` calls in any period of this length. */
export interface Window {
  readonly max: number
  readonly periodMs: number
}

/** All its windows must have room. The storage counts, so engines on one store count together. */
export interface Quota {
  /** Lowercase words that no other quota has. */
  readonly name: string
  readonly windows: readonly Window[]
}

export const quotas = {
  /** Mails to one address that a caller without an account can request: codes, sign-up links and password reset links. */
  mail: {
    name: 'mail',
    windows: [
      { max: 1, periodMs: 30 * second },
      { max: 5, periodMs: hour },
    ],
  },
  /** Enrolments of agents that ask one address for approval. */
  enrolments: { name: 'enrolments', windows: [{ max: 1, periodMs: 10 * minute }] },
  /** Shares that one organisation creates. */
  shares: { name: 'shares', windows: [{ max: 10, periodMs: minute }] },
  /** Test events that one organisation sends to its webhooks. */
  webhookTests: { name: 'webhook-tests', windows: [{ max: 20, periodMs: minute }] },
  /** Approvals that one agent asks for. Each may send a mail. */
  approvals: { name: 'approvals', windows: [{ max: 10, periodMs: minute }] },
  /** Invitations that one organisation sends. */
  invitations: { name: 'invitations', windows: [{ max: 10, periodMs: minute }] },
} as const satisfies Record<string, Quota>
