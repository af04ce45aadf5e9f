import { base64, concat, fromUtf8, hex, utf8 } from './bytes.ts'
import type { Secret } from './secret.ts'

// Removes secret values from the texts of programs and services that got them. It finds a value in plain form, escaped
// for URLs, JSON and HTML, in hexadecimal, and as part of base64 data. It never builds a regular expression from a
// value. A long one would not compile, and the error message would contain the value.

/** A text without the values, and the number of removals. */
export interface Scrubbed {
  readonly text: string
  readonly count: number
}

const placeholder = '[redacted]'

/** Shorter values would match unrelated text, and the position of a removal would reveal them. */
const charactersMin = 8

export function isScrubbable(value: Secret<string>): boolean {
  return value.reveal().trim().length >= charactersMin
}

/**
 * Returns a function that removes these values from a text. Pass complete texts, because a value could span two pieces.
 *
 * @example
 * const scrub = scrubber([token])
 * scrub(`Bearer ${token.reveal()}`)    // { text: 'Bearer [redacted]', count: 1 }
 */
export function scrubber(values: readonly Secret<string>[]): (text: string) => Scrubbed {
  if (!values.every(isScrubbable)) throw new TypeError('a value is too short to be redacted')
  const byFirst = new Map<string, Form[]>()
  for (const form of values.flatMap((value) => formsOf(value.reveal().trim()))) {
    const firsts = new Set(form.parts[0]?.map((spelling) => spelling.charAt(0)))
    for (const first of firsts) byFirst.set(first, [...(byFirst.get(first) ?? []), form])
  }
  return (text) => {
    const kept: string[] = []
    let from = 0
    for (let at = 0; at < text.length; at++) {
      const found = longest(byFirst.get(text.charAt(at)), text, at, from)
      if (!found) continue
      kept.push(text.slice(from, found.start))
      from = found.end
      at = from - 1
    }
    return { text: [...kept, text.slice(from)].join(placeholder), count: kept.length }
  }
}

/** Decodes bytes to text. Returns null if the bytes cannot be searched, because another encoding would hide a value. */
export function searchableText(bytes: Uint8Array): string | null {
  try {
    const text = fromUtf8(bytes)
    // UTF-16 and UTF-32 have zeros between the characters.
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

/** One encoding of a value: a sequence of parts, each with its spellings. */
interface Form {
  readonly parts: readonly (readonly string[])[]
  /** Characters that can separate two parts, and their maximum number. */
  readonly gap: { readonly characters: string; readonly max: number } | null
  /** Whether the base64 digit before or after the match also contains bits of the value. */
  readonly before: boolean
  readonly after: boolean
}

function formsOf(text: string): Form[] {
  const bytes = utf8(text)
  const whole = { before: false, after: false }
  return [
    { ...whole, parts: [...text].map(spellings), gap: null },
    { ...whole, parts: [...hex(bytes)].map(bothCases), gap: { characters: ' \n\r:', max: 1 } },
    ...[0, 1, 2].map((bytesBefore) => inBase64(bytes, bytesBefore)),
  ]
}

/** The spellings of one character, escaped or not, because encoders differ in what they escape. */
function spellings(character: string): string[] {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  const unicode = `\\u${units.map((unit) => unit.toString(16).padStart(4, '0')).join('\\u')}`
  const percent = hex(utf8(character)).replace(/../g, '%$&')
  const point = character.codePointAt(0) ?? 0
  return [
    ...new Set([
      ...[character, inJson(character), inJson(inJson(character))],
      ...[unicode, unicode.replace(/[a-f]/g, (digit) => digit.toUpperCase())],
      ...bothCases(percent),
      ...bothCases(percent.replaceAll('%', '%25')),
      ...[`&#${point};`, `&#x${point.toString(16)};`, `&#x${point.toString(16).toUpperCase()};`],
      ...(others[character] ?? []),
    ]),
  ]
}

/** Special spellings of some characters in JSON, forms and HTML. */
const others: Readonly<Record<string, readonly string[]>> = {
  '/': ['\\/'],
  ' ': ['+'],
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '"': ['&quot;'],
  "'": ['&apos;', '&#039;'],
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function bothCases(text: string): string[] {
  return [...new Set([text.toLowerCase(), text.toUpperCase()])]
}

/** The base64 form of bytes within longer data, after a number of other bytes. It can span line ends. */
function inBase64(bytes: Uint8Array, bytesBefore: number): Form {
  const bitsBefore = bytesBefore * 8
  const bits = bitsBefore + bytes.length * 8
  const whole = base64(concat(new Uint8Array(bytesBefore), bytes))
  return {
    parts: [...whole.slice(Math.ceil(bitsBefore / 6), Math.floor(bits / 6))].map(digitSpellings),
    gap: { characters: ' \n\r', max: 2 },
    before: bitsBefore % 6 !== 0,
    after: bits % 6 !== 0,
  }
}

function digitSpellings(digit: string): string[] {
  if (digit === '+') return ['+', '-', '%2b', '%2B']
  return digit === '/' ? ['/', '\\/', '_', '%2f', '%2F'] : [digit]
}

interface Found {
  readonly start: number
  readonly end: number
}

/** The longest form that matches here, with the digits that it shares on both sides. */
function longest(forms: readonly Form[] = [], text: string, at: number, from: number): Found | null {
  let found: Found | null = null
  for (const form of forms) {
    const end = endOf(form, text, at)
    if (end === null || end <= (found?.end ?? 0)) continue
    const start = form.before && at > from && isDigit(text.charAt(at - 1)) ? at - 1 : at
    found = { start, end: form.after ? endOfPadding(text, end) : end }
  }
  return found
}

/** Tracks all possible ends, because one spelling can be a prefix of another. */
function endOf({ parts, gap }: Form, text: string, at: number): number | null {
  let ends = new Set([at])
  for (const [number, part] of parts.entries()) {
    const next = new Set<number>()
    for (const end of ends) {
      const begin = gap && number > 0 ? gapEnds(gap, text, end) : [end]
      for (const here of begin) {
        for (const spelling of part) if (text.startsWith(spelling, here)) next.add(here + spelling.length)
      }
    }
    if (next.size === 0) return null
    ends = next
  }
  return Math.max(...ends)
}

function gapEnds({ characters, max }: NonNullable<Form['gap']>, text: string, from: number): number[] {
  const ends = [from]
  for (let end = from; end < from + max && end < text.length && characters.includes(text.charAt(end)); end++) {
    ends.push(end + 1)
  }
  return ends
}

function endOfPadding(text: string, from: number): number {
  let end = isDigit(text.charAt(from)) ? from + 1 : from
  for (let count = 0; count < 2; count++) {
    const sign = ['=', '%3D', '%3d'].find((padding) => text.startsWith(padding, end)) ?? ''
    end += sign.length
  }
  return end
}

function isDigit(character: string): boolean {
  return /^[A-Za-z0-9+/_-]$/.test(character)
}
