import { concat, utf8 } from '../../kernel/bytes.ts'
import type { Random } from '../random.ts'
import { nobleCrypto } from './crypto.ts'

/** A call of the system takes 4 µs for any count, so small counts come from a pool. */
const pooledBytesMax = 64
const pool = new Uint8Array(4_096)
let used = pool.length

/** The random generator of the runtime. */
export const systemRandom: Random = {
  bytes: (count) => {
    const bytes = new Uint8Array(count)
    if (count <= pooledBytesMax) return takeFromPool(bytes)
    // The Web Crypto API returns at most 64 KiB per call.
    for (let at = 0; at < count; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    return bytes
  },
}

/** Wipes what it gives, so that the pool holds no byte that is in use. */
function takeFromPool(bytes: Uint8Array): Uint8Array {
  if (used + bytes.length > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const taken = pool.subarray(used, used + bytes.length)
  bytes.set(taken)
  taken.fill(0)
  used += bytes.length
  return bytes
}

/** Returns the same bytes for the same seed. For tests only: the seed reveals every key. */
export function seededRandom(seed: string): Random {
  const { hmacSha256, sha256 } = nobleCrypto
  const key = sha256(utf8(seed))
  let block = 0
  let pool = new Uint8Array(0)
  return {
    bytes: (count) => {
      const parts: Uint8Array[] = [pool]
      for (let have = pool.length; have < count; have += 32) parts.push(hmacSha256(key, utf8(String(block++))))
      const bytes = concat(...parts)
      pool = bytes.slice(count)
      return bytes.slice(0, count)
    },
  }
}
