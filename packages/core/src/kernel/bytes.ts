import { type BytesCoder, base32crockford, base64 as base64padded, base64urlnopad } from '@scure/base'

// Encodings of bytes as text. Decoders accept only the canonical form and return null otherwise. So each value has
// exactly one encoding.

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Bytes {
  return text.length <= shortText ? shortUtf8(text) : encoder.encode(text)
}

/** For short texts, calling TextEncoder is slower than our own loop. */
const shortText = 160

function shortUtf8(text: string): Bytes {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f) return encoder.encode(text)
    bytes[at] = code
  }
  return bytes
}

/** Decodes UTF-8. Throws a TypeError if the bytes are not valid. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Our own code, because every read needs it. `@scure/base` takes 0.6 µs instead of 0.3 µs for 32 bytes on Node 20. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexPairs[byte]
  return text
}

/** The bytes of hexadecimal digits in pairs, without `0x`. The caller has checked the digits. */
export function bytesOfHex(digits: string): Bytes {
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = (digitAt(digits, 2 * at) << 4) | digitAt(digits, 2 * at + 1)
  return bytes
}

/** The low four bits of `0` to `9` are the value. Those of `a` and `A` are 1. */
function digitAt(digits: string, at: number): number {
  const code = digits.charCodeAt(at)
  return (code & 0xf) + (code > 0x39 ? 9 : 0)
}

/** One character for each byte: the shortest text, for a key of a map. */
export function binaryText(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

export function base64(bytes: Uint8Array): string {
  return base64padded.encode(bytes)
}

export function fromBase64(text: string): Bytes | null {
  return decoded(base64padded, text)
}

export function base64url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes)
}

export function fromBase64url(text: string): Bytes | null {
  return decoded(base64urlnopad, text)
}

/** Base32 for people: digits and lowercase letters without i, l, o (they look like digits) and u (it makes words). */
export function base32(bytes: Uint8Array): string {
  return base32crockford.encode(bytes).toLowerCase()
}

/**
 * Returns null unless the text has only lowercase letters and digits, in groups of five bytes. Reads o, i and l as
 * digits.
 */
export function fromBase32(text: string): Bytes | null {
  return /^([a-z0-9]{8})*$/.test(text) ? decoded(base32crockford, text) : null
}

function decoded(codec: BytesCoder, text: string): Bytes | null {
  try {
    // Each decoder creates its own array, which never uses shared memory.
    return codec.decode(text) as Bytes
  } catch {
    return null
  }
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Joins parts, each with its length in front. So two different lists never give the same bytes. */
export function frame(...parts: readonly Uint8Array[]): Bytes {
  const framed: Uint8Array[] = []
  for (const part of parts) framed.push(uint32(part.length), part)
  return concat(...framed)
}

function uint32(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** Compares in a time that depends only on the lengths. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at++) difference |= (a[at] as number) ^ (b[at] as number)
  return difference === 0
}

/** Overwrites key material that is no longer needed. */
export function wipe(bytes: Uint8Array): void {
  bytes.fill(0)
}
