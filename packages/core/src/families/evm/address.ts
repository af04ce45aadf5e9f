import { keccak_256 } from '@noble/hashes/sha3.js'
import { hex, utf8 } from '../../kernel/bytes.ts'
import { BadTransaction } from '../family.ts'
import { hexBytes } from '../fields.ts'

/** The address of an uncompressed public key (65 bytes), with the checksum of EIP-55. */
export function addressOf(publicKey: Uint8Array): string {
  return checksummed(hex(keccak_256(publicKey.subarray(1)).subarray(12)))
}

/** The address of 20 bytes. */
export function addressFrom(bytes: Uint8Array): string {
  return checksummed(hex(bytes))
}

/** Reads an address. A mix of capital and small letters must be its checksum (EIP-55). */
export function canonicalAddress(text: unknown, field: string): string {
  if (typeof text !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new BadTransaction(field, 'must be an address: 0x and 40 hexadecimal digits')
  }
  const digits = text.slice(2)
  const address = checksummed(digits.toLowerCase())
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (isMixed && address !== text) throw new BadTransaction(field, 'is not an address: its checksum (EIP-55) is wrong')
  return address
}

export function addressBytes(address: string): Uint8Array {
  return hexBytes(address, 'to', 20)
}

function checksummed(digits: string): string {
  const hash = keccak_256(utf8(digits))
  const capitals = digits.toUpperCase()
  let text = '0x'
  for (let at = 0; at < 40; at++) {
    // The highest bit of the half byte for this digit.
    const isCapital = ((hash[at >> 1] as number) & (at % 2 === 0 ? 0x80 : 0x08)) !== 0
    text += isCapital ? capitals[at] : digits[at]
  }
  return text
}
