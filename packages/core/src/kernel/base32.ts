import type { Bytes } from './bytes.ts'

// Base32 for people: digits and small letters without i, l, o and u, which are taken for digits or make words.

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const alike: Readonly<Record<string, string>> = { o: '0', i: '1', l: '1' }

/** Of five bytes, eight letters; so the bytes come in fives. */
export function toBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]
    held &= 31
  }
  return text
}

/** Null for what is no base32 of whole bytes. Takes letters that look like digits for those. */
export function fromBase32(text: string): Bytes | null {
  if (text.length % 8 !== 0) return null
  const bytes = new Uint8Array((text.length / 8) * 5)
  let bits = 0
  let held = 0
  let at = 0
  for (const letter of text) {
    const value = alphabet.indexOf(alike[letter] ?? letter)
    if (value === -1) return null
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = held >> bits
      held &= 255
    }
  }
  return bytes
}
