import { base64, bytesOfHex, concat, fromBase64, hex, wipe } from '../kernel/bytes.ts'
import type { Crypto } from '../ports/crypto.ts'

// Values that clients encrypt before they send them. Two clients write two formats, both AES-256-GCM without associated
// data:
//
//   base64   0x01 | nonce (12) | ciphertext | tag (16)     the TypeScript client, in padded base64
//   hex             nonce (12) | ciphertext | tag (16)     the Go client, in lowercase hex

export type CmekFormat = 'base64' | 'hex'

export const cmekKeyBytes = 32
export const cmekNonceBytes = 12
const version = 1
const tagBytes = 16
const none = new Uint8Array(0)

type Cipher = Pick<Crypto, 'encrypt' | 'decrypt'>

export function sealCmek(
  cipher: Cipher,
  key: Uint8Array,
  nonce: Uint8Array,
  plain: Uint8Array,
  format: CmekFormat,
): string {
  const sealed = cipher.encrypt(key, nonce, plain, none)
  return format === 'hex' ? hex(concat(nonce, sealed)) : base64(concat(Uint8Array.of(version), nonce, sealed))
}

/** Returns the value and its format, or null if the key does not open the blob in either format. */
export function openCmek(
  cipher: Cipher,
  key: Uint8Array,
  blob: string,
): { readonly plain: Uint8Array; readonly format: CmekFormat } | null {
  const fromHex = checkedHex(blob)
  const plainOfHex = fromHex && open(cipher, key, fromHex)
  if (plainOfHex) return { plain: plainOfHex, format: 'hex' }
  // A text of hex digits can be base64 too.
  const bytes = fromBase64(blob)
  const plain = bytes?.[0] === version ? open(cipher, key, bytes.subarray(1)) : null
  return plain && { plain, format: 'base64' }
}

/** The same value under another key, in the same format, or null if the old key does not open it. */
export function reencryptCmek(
  cipher: Cipher,
  from: Uint8Array,
  to: Uint8Array,
  nonce: Uint8Array,
  blob: string,
): string | null {
  const opened = openCmek(cipher, from, blob)
  if (!opened) return null
  const sealed = sealCmek(cipher, to, nonce, opened.plain, opened.format)
  wipe(opened.plain)
  return sealed
}

function open(cipher: Cipher, key: Uint8Array, bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < cmekNonceBytes + tagBytes) return null
  return cipher.decrypt(key, bytes.subarray(0, cmekNonceBytes), bytes.subarray(cmekNonceBytes), none)
}

function checkedHex(text: string): Uint8Array | null {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return null
  return bytesOfHex(text)
}
