import type { Detector, Hit, Seen } from './detector.ts'
import { endOf, type Pattern, type PatternHit, PatternSet } from './patterns.ts'

// Text that is written so that people and filters do not read it, and a model does.

export interface Encoded {
  readonly rule: 'base64' | 'hex' | 'unicode_escapes' | 'percent'
  readonly start: number
  readonly end: number
  readonly decoded: string
}

const alphabet = new Int8Array(128).fill(-1)
for (const [value, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  alphabet[digit.charCodeAt(0)] = value
}
alphabet['-'.charCodeAt(0)] = 62
alphabet['_'.charCodeAt(0)] = 63

const run = (name: Encoded['rule'], starts: string, expression: RegExp): Pattern => ({
  ...{ name, starts, expression, severity: 'medium', score: 0.5 },
  message: `The text has a part in ${name.replace('_', ' ')}.`,
})

const base64 = run('base64', '', /[A-Za-z0-9+/_-]{20,20000}={0,2}/y)
const hex = run('hex', '', /(?:[0-9A-Fa-f]{2}[ :]?){16,10000}(?![0-9A-Za-z])/y)

const escapes = new PatternSet([
  run('hex', '\\x', /(?:\\x[0-9A-Fa-f]{2}[ ,]?){6,20000}/y),
  run('hex', '0x', /0x[0-9A-Fa-f]{2}(?:[ ,]{1,2}0x[0-9A-Fa-f]{2}){5,10000}/y),
  run('unicode_escapes', '\\u', /(?:\\u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\})){6,10000}/y),
  run('percent', '%', /(?:%[0-9A-Fa-f]{2}){6,10000}/y),
])

/** Most texts have none of the signs that these patterns begin with. */
function escapesIn(text: string): PatternHit[] {
  return text.includes('\\') || text.includes('%') || text.includes('0x') ? escapes.find(text) : []
}

const runUnitsMin = 20

export const encodingPatterns: readonly Pattern[] = [base64, hex, ...escapes.patterns]

/** Runs of digits without a space are rare, so the text is looked at in steps as long as the shortest run. */
function runsIn(text: string): PatternHit[] {
  const hits: PatternHit[] = []
  let free = 0
  for (let at = runUnitsMin - 1; at < text.length; at += runUnitsMin) {
    if (!isDigit(text.charCodeAt(at)) || at < free) continue
    let start = at
    while (start > free && isDigit(text.charCodeAt(start - 1))) start--
    if (!mayBeRun(text, start)) continue
    const hexEnd = endOf(hex, text, start)
    const end = hexEnd === -1 ? endOf(base64, text, start) : hexEnd
    if (end === -1) continue
    hits.push({ pattern: hexEnd === -1 ? base64 : hex, start, end })
    free = end
  }
  return hits
}

/** Whether so many digits stand here, or as many in hexadecimal with separators. */
export function mayBeRun(text: string, start: number): boolean {
  let at = start
  while (at < start + runUnitsMin && isDigit(text.charCodeAt(at))) at++
  if (at === start + runUnitsMin) return true
  const third = text.charCodeAt(start + 2)
  return (
    isHex(text.charCodeAt(start)) && isHex(text.charCodeAt(start + 1)) && (isHex(third) || third === 32 || third === 58)
  )
}

function isHex(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 70) || (unit >= 97 && unit <= 102)
}

function isDigit(unit: number): boolean {
  return unit < 128 && (alphabet[unit] as number) >= 0
}

/** The parts of a text that are encoded and that say something. Hashes, keys and pictures say nothing. */
export function encodedIn(text: string): Encoded[] {
  const found: Encoded[] = []
  let lastEnd = 0
  for (const { pattern, start, end } of [...escapesIn(text), ...runsIn(text)].sort((a, b) => a.start - b.start)) {
    if (start < lastEnd) continue
    const rule = pattern.name as Encoded['rule']
    if (rule === 'base64' && isTokenPart(text, start, end)) continue
    const decoded = decoders[rule](text.slice(start, end))
    if (decoded === null || !saysSomething(decoded)) continue
    lastEnd = end
    found.push({ rule, start, end, decoded })
  }
  return found
}

/** The header and the payload of a JSON web token are data. */
function isTokenPart(text: string, start: number, end: number): boolean {
  if (!text.startsWith('eyJ', start)) return false
  return text.charAt(start - 1) === '.' || (text.charAt(end) === '.' && text.startsWith('eyJ', end + 1))
}

const decoders: Readonly<Record<Encoded['rule'], (text: string) => string | null>> = {
  base64: decodedBase64,
  hex: (text) => fromBytes(text.replace(/0x|\\x|[^0-9A-Fa-f]/g, '')),
  unicode_escapes: (text) =>
    text.replace(/\\u(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4}))/g, (_, braced, plain) =>
      String.fromCharCode(Number.parseInt(braced ?? plain, 16)),
    ),
  percent: (text) => fromBytes(text.replaceAll('%', '')),
}

function fromBytes(hexadecimal: string): string {
  let text = ''
  for (let at = 0; at + 1 < hexadecimal.length; at += 2) {
    text += String.fromCharCode(Number.parseInt(hexadecimal.slice(at, at + 2), 16))
  }
  return text
}

function decodedBase64(text: string): string | null {
  let decoded = ''
  let held = 0
  let bits = 0
  for (let at = 0; at < text.length; at++) {
    const value = alphabet[text.charCodeAt(at)] as number
    if (value < 0) break
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    const unit = (held >> bits) & 0xff
    // Most texts that are not base64 end here.
    if (!isPrintable(unit) && unit < 0x80 && decoded.length < 12) return null
    decoded += String.fromCharCode(unit)
  }
  return decoded
}

function isPrintable(unit: number): boolean {
  return (unit >= 32 && unit < 127) || unit === 9 || unit === 10 || unit === 13
}

const printableMin = 0.92

/** Mostly printable, with letters that make words. */
function saysSomething(decoded: string): boolean {
  if (decoded.length < 5) return false
  let printable = 0
  let wordUnits = 0
  for (let at = 0; at < decoded.length; at++) {
    const unit = decoded.charCodeAt(at)
    if (isPrintable(unit)) printable++
    if ((unit >= 97 && unit <= 122) || unit === 32 || (unit >= 65 && unit <= 90)) wordUnits++
  }
  return (
    printable >= decoded.length * printableMin && wordUnits >= decoded.length * 0.5 && !/^[0-9A-Fa-f]+$/.test(decoded)
  )
}

export const encoding: Detector = {
  name: 'encoding',
  isOn: ({ encoding: { isOn } }) => isOn,
  detect: (seen: Seen, { encoding: { action, base64, hex, unicodeEscapes } }) => {
    const isWanted = { base64, hex, unicode_escapes: unicodeEscapes, percent: hex }
    return encodedIn(seen.shadow.text)
      .filter(({ rule }) => isWanted[rule])
      .map(
        ({ rule, start, end }): Hit => ({
          ...{ rule, start, end, action, severity: 'medium', score: 0.5 },
          message: `The text has a part in ${rule.replace('_', ' ')} that reads as text.`,
          marker: '[REMOVED:encoded]',
        }),
      )
  },
}
