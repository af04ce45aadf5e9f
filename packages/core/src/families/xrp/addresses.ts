import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base58xrp } from '@scure/base'
import { concat, equalBytes } from '../../kernel/bytes.ts'
import { BadTransaction, type Network } from '../family.ts'

/** The prefix of Ed25519 keys on the XRP Ledger. */
const keyPrefix = 0xed

export function signingKey(publicKey: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(keyPrefix), publicKey)
}

export function addressOf(publicKey: Uint8Array): string {
  return addressOfAccount(ripemd160(sha256(signingKey(publicKey))))
}

function addressOfAccount(account: Uint8Array): string {
  return checked(concat(Uint8Array.of(0), account))
}

/** The 20 bytes of a classic address (r…). */
export function accountOf(address: unknown, field: string): Uint8Array {
  const bytes = typeof address === 'string' ? unchecked(address) : null
  if (bytes?.length === 21 && bytes[0] === 0) return bytes.subarray(1)
  throw new BadTransaction(field, 'is not a classic address of the XRP Ledger')
}

const prefixes = { X: [0x05, 0x44], T: [0x04, 0x93] } as const

/** A classic address, or an X-address (XLS-5), which contains the destination tag and says the network. */
export function recipient(text: string, network: Network): { readonly address: string; readonly tag: bigint | null } {
  const bytes = text.length <= 60 ? unchecked(text) : null
  if (bytes?.length !== 31) return { address: addressOfAccount(accountOf(text, 'to')), tag: null }
  const prefix = network.isTestnet ? prefixes.T : prefixes.X
  if (bytes[0] !== prefix[0] || bytes[1] !== prefix[1]) {
    throw new BadTransaction('to', `is not an address of ${network.name}`)
  }
  const [flag, ...rest] = bytes.subarray(22) as unknown as [number, ...number[]]
  const tag = rest.slice(0, 4).reduce((sum, byte, at) => sum + (BigInt(byte) << BigInt(8 * at)), 0n)
  const isRight = rest.slice(4).every((byte) => byte === 0) && (flag === 1 || (flag === 0 && tag === 0n))
  if (!isRight) throw new BadTransaction('to', 'is not an X-address')
  return { address: addressOfAccount(bytes.subarray(2, 22)), tag: flag === 1 ? tag : null }
}

function checked(payload: Uint8Array): string {
  return base58xrp.encode(concat(payload, checksum(payload)))
}

function unchecked(text: string): Uint8Array | null {
  try {
    const bytes = base58xrp.decode(text)
    const payload = bytes.subarray(0, -4)
    return equalBytes(checksum(payload), bytes.subarray(-4)) ? payload : null
  } catch {
    return null
  }
}

function checksum(payload: Uint8Array): Uint8Array {
  return sha256(sha256(payload)).subarray(0, 4)
}
