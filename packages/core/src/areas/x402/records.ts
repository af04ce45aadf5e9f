import { kind, type Reads } from '../../records/index.ts'

/** How calls are paid. Null fields are not set, and without `payTo` and `facilitatorUrl` no call can be paid. */
export interface X402Config {
  readonly id: 'main'
  readonly payTo: string | null
  /** As the facilitator names it: `eip155:8453` or `base`. */
  readonly network: string
  readonly scheme: 'exact'
  readonly facilitatorUrl: string | null
  /** Requests per month of the default tier, in place of its own limit. */
  readonly freeTierLimit: number | null
  /** US dollars by the name of the operation. Others have the price of their tier. */
  readonly prices: Readonly<Record<string, string>>
}

/** Global, because the operator has one for the whole installation. */
export const x402ConfigKind = kind<X402Config>('x402Config', { scope: 'global' })

const unset: X402Config = {
  id: 'main',
  payTo: null,
  network: 'eip155:8453',
  scheme: 'exact',
  facilitatorUrl: null,
  freeTierLimit: null,
  prices: {},
}

export function x402ConfigOf(unit: Reads): X402Config {
  return unit.get(x402ConfigKind, 'main') ?? unset
}

/**
 * One payment that was shown. Its ID is a hash of it, so of many calls with the same payment one makes the record. It is kept
 * for good, because a payment must never pay twice.
 */
export interface Claim {
  readonly id: string
  /** A hash of the one call that it pays: caller, operation, input and price. */
  readonly call: string
  /** `used`: a call was answered for it. `settled`: the money has moved, and the call can still be answered. */
  readonly state: 'collecting' | 'unknown' | 'settled' | 'used'
  /** When `collecting` was cut off, and another call can go on. */
  readonly leaseEndsAt: number
  readonly transaction: string | null
  readonly payer: string | null
}

/** Global, because a payment that paid in one organisation must not pay in another. */
export const claimKind = kind<Claim>('x402Claim', { scope: 'global', remembered: false })
