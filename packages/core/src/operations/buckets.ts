import type { Address } from '../kernel/ip.ts'
import { Lru } from '../kernel/lru.ts'
import { rateLimited } from './errors.ts'
import type { Rate } from './rates.ts'

// Token buckets in the memory of one engine, in a bounded map. A bucket that is dropped from the map was idle, and is full
// when it is used again, as waiting would have made it (G7).

const bucketsMax = 50_000

export interface Bucket {
  tokens: number
  filledAt: number
  /** Attempts that have no result yet. */
  inFlight: number
}

export interface TokenBuckets {
  /** The bucket with this name, filled up to now. */
  at(name: string | number, nowMs: number): Bucket
  /** Takes a token of the bucket with this name, or throws. */
  take(name: string | number, nowMs: number): void
  /** Throws unless the bucket has as many tokens. */
  require(bucket: Bucket, tokens: number): void
}

/** Token buckets by name. */
export function tokenBuckets({ perSecond, burst }: Rate): TokenBuckets {
  const buckets = new Lru<string | number, Bucket>({ max: bucketsMax })
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
    throw rateLimited({ retryAfterSeconds: Math.ceil((Math.min(wanted, burst) - tokens) / perSecond) })
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

/** One host of IPv6 commonly has 2^64 addresses, so these count as one. Requests whose address is not known count as one. */
export function clientOf(address: Address | null): string | number {
  if (!address) return ''
  const [first = 0, second = 0] = address.words
  return address.version === 4 ? first : `${first},${second}`
}
