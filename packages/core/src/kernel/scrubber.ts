import { base64, concat, hex, utf8 } from './bytes.ts'
import type { Secret } from './secret.ts'

// Takes values out of texts that come from whoever was given them. A value is found as it is, with characters of it
// escaped as URLs and JSON do, in hexadecimal, and in the base64 of something that it is a part of.

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
  const texts = values.map((value) => value.reveal().trim()).sort((a, b) => b.length - a.length)
  if (texts.some((text) => text.length < charactersMin)) throw new TypeError('a value is too short to be taken out')
  if (texts.length === 0) return (text) => ({ text, count: 0 })
  const found = new RegExp(texts.flatMap(formsOf).join('|'), 'g')
  return (text) => {
    let count = 0
    const without = text.replace(found, () => {
      count++
      return placeholder
    })
    return { text: without, count }
  }
}

function formsOf(text: string): string[] {
  const bytes = utf8(text)
  return [
    [...text].map(spellings).join(''),
    [...hex(bytes)].map(hexDigit).join('[\\s:]?'),
    ...[0, 1, 2].map((before) => inBase64(bytes, before)),
  ]
}

/** One character, escaped or not: who escapes does not agree on what needs it. */
function spellings(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at).toString(16))
  const escaped = units.map((unit) => `\\\\u${[...unit.padStart(4, '0')].map(hexDigit).join('')}`).join('')
  const percent = [...utf8(character)]
    .map((byte) => `%${[...hex(Uint8Array.of(byte))].map(hexDigit).join('')}`)
    .join('')
  const short = JSON.stringify(character).slice(1, -1)
  const others = character === '/' ? ['\\/'] : character === ' ' ? ['+'] : short === character ? [] : [short]
  return `(?:${[literal(character), ...others.map(literal), escaped, percent].join('|')})`
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

function hexDigit(digit: string): string {
  return /[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit
}

const base64Digit = '[A-Za-z0-9+/_-]'

/**
 * How bytes look in the base64 of something longer, with so many bytes before them, over line ends too. The digits at
 * both ends may stand for bits of what is beside them; they go as well.
 */
function inBase64(bytes: Uint8Array, before: number): string {
  const bitsBefore = before * 8
  const bits = bitsBefore + bytes.length * 8
  const whole = base64(concat(new Uint8Array(before), bytes))
  const own = [...whole.slice(Math.ceil(bitsBefore / 6), Math.floor(bits / 6))].map(digitSpellings).join('\\s{0,2}')
  const first = bitsBefore % 6 === 0 ? '' : `${base64Digit}?`
  const last = bits % 6 === 0 ? '' : `(?:${base64Digit}(?:=|%3[dD]){0,2})?`
  return `${first}${own}${last}`
}

function digitSpellings(digit: string): string {
  if (digit === '+') return '(?:[+-]|%2[bB])'
  return digit === '/' ? '(?:\\\\?\\/|_|%2[fF])' : digit
}
