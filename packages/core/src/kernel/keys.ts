import { fromUtf8, utf8 } from './bytes.ts'

// Index keys are printable ASCII. Their byte order is the order of the encoded tuples.
//
//   component  = UTF-8 bytes. 0x23 to 0x7d are unchanged, lower bytes become `"xx`, higher bytes `~xx` (hex)
//   terminator = `!`, lower than every byte of a component. So ("a", "b") sorts before ("a-", "b")
//   number     = 16 digits, zero padded. It must be a safe, non-negative integer

export type Component = string | number
export type Tuple = readonly Component[]

const plain = /^[#-}]*$/

function encodeText(text: string): string {
  if (plain.test(text)) return text
  let encoded = ''
  for (const byte of utf8(text)) {
    if (byte >= 0x23 && byte <= 0x7d) encoded += String.fromCharCode(byte)
    else encoded += (byte < 0x23 ? '"' : '~') + byte.toString(16).padStart(2, '0')
  }
  return encoded
}

/** Whether a key can have this number. */
export function isKeyNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function encodeComponent(component: Component): string {
  if (typeof component === 'string') return encodeText(component)
  if (!isKeyNumber(component)) throw new RangeError('a key number is a safe integer from 0')
  return String(component).padStart(16, '0')
}

/** The key of a tuple. It is also the key prefix of every longer tuple that begins with it. */
export function encodeKey(tuple: Tuple): string {
  let key = ''
  for (const component of tuple) key += `${encodeComponent(component)}!`
  return key
}

/** The components of a key as strings. The inverse of `encodeKey` for tuples of strings. */
export function decodeKey(key: string): string[] {
  return key.split('!').slice(0, -1).map(decodeText)
}

function decodeText(encoded: string): string {
  if (!encoded.includes('"') && !encoded.includes('~')) return encoded
  const bytes: number[] = []
  for (let at = 0; at < encoded.length; at++) {
    const char = encoded[at] as string
    if (char !== '"' && char !== '~') bytes.push(char.charCodeAt(0))
    else {
      bytes.push(Number.parseInt(encoded.slice(at + 1, at + 3), 16))
      at += 2
    }
  }
  return fromUtf8(Uint8Array.from(bytes))
}

export interface KeyRange {
  readonly from: string
  readonly to: string
}

/** The range of keys whose tuple begins with this one, including itself. */
export function keysWithin(tuple: Tuple): KeyRange {
  const from = encodeKey(tuple)
  return { from, to: from === '' ? '~~~' : `${from.slice(0, -1)}"` }
}

/** The range of keys whose tuple begins with `tuple`, followed by a component that begins with `prefix`. */
export function keysStartingWith(tuple: Tuple, prefix: string): KeyRange {
  const from = encodeKey(tuple) + encodeText(prefix)
  return { from, to: `${from}~~` }
}
