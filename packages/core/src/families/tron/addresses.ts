import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { createBase58check } from '@scure/base'
import { bytesOfHex, concat } from '../../kernel/bytes.ts'
import { BadTransaction } from '../family.ts'
import { uncompressed } from '../secp256k1.ts'

const base58check = createBase58check(sha256)
const prefix = 0x41

export function addressOf(publicKey: Uint8Array): string {
  return addressFrom(keccak_256(uncompressed(publicKey).subarray(1)).subarray(12))
}

/** The address of 20 bytes, as contracts have them. */
export function addressFrom(account: Uint8Array): string {
  return base58check.encode(concat(Uint8Array.of(prefix), account))
}

/** The address of 21 bytes, as transactions have them. */
export function addressOfBytes(bytes: Uint8Array): string {
  if (bytes.length !== 21 || bytes[0] !== prefix) throw new RangeError('address')
  return base58check.encode(bytes)
}

/** The 21 bytes of an address in base58 (T…) or hexadecimal (41…). */
export function addressBytes(text: unknown, field: string): Uint8Array {
  const bytes = typeof text === 'string' ? decoded(text) : null
  if (bytes?.length === 21 && bytes[0] === prefix) return bytes
  throw new BadTransaction(field, 'is not an address of Tron')
}

function decoded(text: string): Uint8Array | null {
  if (/^41[0-9a-f]{40}$/i.test(text)) return bytesOfHex(text)
  try {
    return text.length <= 40 ? base58check.decode(text) : null
  } catch {
    return null
  }
}
