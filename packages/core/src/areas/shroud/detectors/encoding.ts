import type { Detector, Hit, Seen } from './detector.ts'
import { type Pattern, PatternSet } from './patterns.ts'

// Text that is written so that people and filters do not read it, and a model does.

export interface Encoded {
  readonly rule: 'base64' | 'hex' | 'unicode_escapes' | 'percent'
  readonly start: number
  readonly end: number
  readonly decoded: string
}

const letters = 'a b c d e f g h i j k l m n o p q r s t u v w x y z'
const digits = '0 1 2 3 4 5 6 7 8 9'

const run = (name: Encoded['rule'], starts: string, expression: RegExp): Pattern => ({
  ...{ name, starts, expression, severity: 'medium', score: 0.5 },
  message: `The text has a part in ${name.replace('_', ' ')}.`,
})

const patterns = new PatternSet([
  run('base64', `${letters} ${letters.toUpperCase()} ${digits}`, /[A-Za-z0-9+/_-]{20,20000}={0,2}/y),
  run('hex', '\\x', /(?:\\x[0-9A-Fa-f]{2}[ ,]?){6,20000}/y),
  run('hex', '0x', /0x[0-9A-Fa-f]{2}(?:[ ,]{1,2}0x[0-9A-Fa-f]{2}){5,10000}/y),
  run('hex', `${digits} a b c d e f A B C D E F`, /(?:[0-9A-Fa-f]{2}[ :]?){16,10000}(?![0-9A-Za-z])/y),
  run('unicode_escapes', '\\u', /(?:\\u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\})){6,10000}/y),
  run('percent', '%', /(?:%[0-9A-Fa-f]{2}){6,10000}/y),
])

/** The parts of a text that are encoded and that say something. Hashes, keys and pictures say nothing. */
export function encodedIn(text: string): Encoded[] {
  const found: Encoded[] = []
  let lastEnd = 0
  for (const { pattern, start, end } of patterns.find(text)) {
    if (start < lastEnd) continue
    const rule = pattern.name as Encoded['rule']
    // The parts of a JSON web token are data.
    if (rule === 'base64' && (text.charAt(end) === '.' || text.charAt(start - 1) === '.')) continue
    const decoded = decoders[rule](text.slice(start, end))
    if (decoded === null || !saysSomething(decoded)) continue
    lastEnd = end
    found.push({ rule, start, end, decoded })
  }
  return found
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

const alphabet = new Int8Array(128).fill(-1)
for (const [value, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  alphabet[digit.charCodeAt(0)] = value
}
alphabet['-'.charCodeAt(0)] = 62
alphabet['_'.charCodeAt(0)] = 63

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
