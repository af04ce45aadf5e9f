import { concat, utf8 } from '../../kernel/bytes.ts'
import type { Random } from '../random.ts'
import { nobleCrypto } from './crypto.ts'

/** The random generator of the runtime. */
export const systemRandom: Random = {
  bytes: (count) => {
    const bytes = new Uint8Array(count)
    // The Web Crypto API returns at most 64 KiB per call.
    for (let at = 0; at < count; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    return bytes
  },
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
