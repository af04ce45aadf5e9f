import { base64, concat, fromUtf8, hex, utf8 } from './bytes.ts'
import type { Secret } from './secret.ts'

// Takes values out of texts that come from whoever was given them. A value is found as it is, with characters of it
// escaped as URLs, JSON and HTML do, in hexadecimal, and in the base64 of something that it is a part of. No regular
// expression is made of a value: a long one would not compile, and the error would have it in its message.

/** A text without the values, and how often one was taken out. */
export interface Scrubbed {
  readonly text: string
  readonly count: number
}

const placeholder = '[redacted]'

/** A shorter value would be found in texts that have nothing to do with it, and be guessed from where it was. */
const charactersMin = 8

export function isScrubbable(value: Secret<string>): boolean {
  return value.reveal().trim().length >= charactersMin
}

/**
 * What takes these values out of any text. Give it whole texts: of a text in pieces, a value may lie across two.
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

/** The text that bytes are; null for what cannot be searched, since another encoding would hide a value. */
export function searchableText(bytes: Uint8Array): string | null {
  try {
    const text = fromUtf8(bytes)
    // In other encodings, zeros stand between the characters.
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

/** One way to write a value: part after part, each in one of its spellings. */
interface Form {
  readonly parts: readonly (readonly string[])[]
  /** What may stand between two parts, up to so often. */
  readonly gap: { readonly characters: string; readonly max: number } | null
  /** Whether a digit of base64 before or after it stands for bits of the value too. */
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

/** One character, escaped or not, also within what is escaped as a whole: who escapes does not agree on what needs it. */
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

/** What only some characters are written as, in JSON, in forms and in HTML. */
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

/** How bytes look in the base64 of something longer, with so many bytes before them, over line ends too. */
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

/** The longest form that is written here, with what it takes along on both sides. */
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

/** All ends that are possible so far are kept, since a spelling may be the beginning of another. */
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
