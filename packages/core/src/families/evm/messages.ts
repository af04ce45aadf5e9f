import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesOfHex, concat, utf8 } from '../../kernel/bytes.ts'

/**
 * The bytes that a message means. Hexadecimal digits are bytes, with or without `0x`; any other text is UTF-8. So the word
 * "deadbeef" means four bytes.
 */
export function messageBytes(message: string): Uint8Array {
  const digits = /^(?:0x)?((?:[0-9a-fA-F]{2})+)$/.exec(message)?.[1]
  if (digits === undefined) return message === '0x' ? new Uint8Array(0) : utf8(message)
  return bytesOfHex(digits)
}

/** The digest of personal_sign (EIP-191). */
export function personalDigest(message: Uint8Array): Uint8Array {
  return keccak_256(concat(utf8(`\u0019Ethereum Signed Message:\n${message.length}`), message))
}

/** A signature as Ethereum's wallets write it: r ‖ s ‖ 27 or 28. */
export function walletSignature(signature: Uint8Array): Uint8Array {
  const shown = signature.slice()
  shown[64] = (shown[64] as number) + 27
  return shown
}
