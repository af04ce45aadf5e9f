import { defineError } from '../kernel/errors.ts'
import type { Address } from '../kernel/ip.ts'
import { Lru } from '../kernel/lru.ts'

// Token buckets, one per client address, in a bounded map. An address that is dropped from the map was idle, and gets a
// full bucket again, as waiting would have given (G7).

export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export const defaultRates = {
  /** Everything, per address (§2.3). */
  all: { perSecond: 100, burst: 200 },
  /** Failed attempts to prove an identity, per address. */
  credentials: { perSecond: 1, burst: 5 },
  /** Attempts with one password, per address. */
  ofPerson: { perSecond: 1, burst: 5 },
  /** Attempts with one key, per address. Programs that keep no token exchange their key for each call. */
  ofProgram: { perSecond: 10, burst: 100 },
} as const satisfies Record<string, Rate>

const clientsMax = 50_000

export const tooManyRequests = defineError<{ retryAfterSeconds: number }>(
  'rate_limited',
  'limited',
  ({ retryAfterSeconds }) => `Too many requests from this address. Try again in ${retryAfterSeconds} s.`,
)

export interface Bucket {
  tokens: number
  filledAt: number
  /** Attempts that have no result yet. */
  inFlight: number
}

export type RateLimit = (address: Address | null, nowMs: number) => void

/** Takes a token of the address, or throws. Requests whose address is not known share one bucket. */
export function rateLimit({ perSecond, burst }: Rate): RateLimit {
  const buckets = tokenBuckets({ perSecond, burst })
  return (address, nowMs) => buckets.take(clientOf(address), nowMs)
}

export interface TokenBuckets {
  /** The bucket with this name, filled up to now. */
  at(name: string | number, nowMs: number): Bucket
  /** Takes a token of the bucket with this name, or throws. */
  take(name: string | number, nowMs: number): void
  /** Throws unless the bucket has as many tokens. */
  require(bucket: Bucket, tokens: number): void
}

/** Token buckets by name, in a bounded map. */
export function tokenBuckets({ perSecond, burst }: Rate): TokenBuckets {
  const buckets = new Lru<string | number, Bucket>({ max: clientsMax })
  const at = (name: string | number, nowMs: number) => {
    const bucket = bucketOf(buckets, name, burst, nowMs)
    // A clock that was set back refills nothing, and goes on from there.
    const waitedMs = Math.max(0, nowMs - bucket.filledAt)
    bucket.tokens = Math.min(burst, bucket.tokens + (waitedMs * perSecond) / 1000)
    bucket.filledAt = nowMs
    return bucket
  }
  const require = ({ tokens }: Bucket, wanted: number) => {
    if (tokens >= wanted) return
    throw tooManyRequests({ retryAfterSeconds: Math.ceil((Math.min(wanted, burst) - tokens) / perSecond) })
  }
  const take = (name: string | number, nowMs: number) => {
    const bucket = at(name, nowMs)
    require(bucket, 1)
    bucket.tokens -= 1
  }
  return { at, take, require }
}

function bucketOf(buckets: Lru<string | number, Bucket>, client: string | number, burst: number, nowMs: number) {
  const known = buckets.get(client)
  if (known) return known
  const bucket = { tokens: burst, filledAt: nowMs, inFlight: 0 }
  buckets.set(client, bucket)
  return bucket
}

/** One host of IPv6 commonly has 2^64 addresses, so these count as one. */
export function clientOf(address: Address | null): string | number {
  if (!address) return ''
  const [first = 0, second = 0] = address.words
  return address.version === 4 ? first : `${first},${second}`
}
