import { base64, concat, fromUtf8, utf8 } from './bytes.ts'
import type { Secret } from './secret.ts'

// Removes secret values from the texts of programs and services that got them. Each run of eight characters of a value
// is removed, in upper or lower case, in plain form, escaped for URLs, JSON and HTML, in hexadecimal and in base64.
// A text is decoded and then searched by a rolling hash, so the time grows only with the length of the text. It never
// builds a regular expression from a value. A long one would not compile, and the error message would contain the value.

/** A text without the values, and the number of removals. */
export interface Scrubbed {
  readonly text: string
  readonly count: number
}

const placeholder = '[redacted]'

/** Shorter values and fragments would match unrelated text, and the position of a removal would reveal them. */
const charactersMin = 8

export function isScrubbable(value: Secret<string>): boolean {
  return value.reveal().trim().length >= charactersMin
}

/**
 * Returns a function that removes these values, and their fragments of eight characters and more, from a text. Pass
 * complete texts, because a fragment could span two pieces. Fragments that tell nothing stay, unless they are next to
 * others: the scheme of a URL, the lines around a PEM key, two characters that repeat, and texts that the reader knows.
 *
 * @example
 * const scrub = scrubber([token])
 * scrub(`Bearer ${token.reveal()}`)    // { text: 'Bearer [redacted]', count: 1 }
 */
export function scrubber(values: readonly Secret<string>[], known: readonly string[] = []): (text: string) => Scrubbed {
  if (!values.every(isScrubbable)) throw new TypeError('a value is too short to be redacted')
  const fragments = fragmentsOf(
    values.map((value) => value.reveal().trim()),
    known,
  )
  return (text) => (fragments.all.size === 0 ? { text, count: 0 } : without(text, marksOf(text, fragments)))
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

/** The texts that reveal a value: itself, what its own escapes mean, and its base64 digits, whose case can be lost. */
function searchedFor(value: string): string[] {
  const decoded = layersOf(value).map(({ text }) => text)
  const digits = [0, 1, 2].map((bytesBefore) => digitsWithin(utf8(value), bytesBefore))
  return [...decoded, ...digits, ...digits.map(forUrls)].filter(({ length }) => length >= charactersMin)
}

/** The base64 digits that depend on nothing but the bytes, after a number of other bytes. */
function digitsWithin(bytes: Uint8Array, bytesBefore: number): string {
  const bitsBefore = bytesBefore * 8
  const digits = base64(concat(new Uint8Array(bytesBefore), bytes))
  return digits.slice(Math.ceil(bitsBefore / 6), Math.floor((bitsBefore + bytes.length * 8) / 6))
}

function forUrls(digits: string): string {
  return digits.replaceAll('+', '-').replaceAll('/', '_')
}

/** Marks a position of a fragment that reveals something. */
const telling = 1
/** Marks a position of a fragment that alone reveals nothing. */
const common = 2

/** All fragments of the minimal length, and a table of their hashes that refuses almost all other texts at once. */
interface Fragments {
  readonly all: ReadonlyMap<string, typeof telling | typeof common>
  readonly hashes: Uint8Array
}

function fragmentsOf(values: readonly string[], known: readonly string[]): Fragments {
  const all = new Map<string, typeof telling | typeof common>()
  for (const value of values) {
    const fragments = [...fragmentsIn(searchedFor(value))]
    const commonTexts = new Set(fragmentsIn([...commonIn(value), ...known].flatMap(searchedFor)))
    const isCommon = (fragment: string) => commonTexts.has(fragment) || new Set(fragment).size <= repeatedMax
    // A value with nothing else is removed all the same.
    const tells = ![...fragmentsIn([value])].every(isCommon)
    for (const fragment of fragments) {
      if (!tells || !isCommon(fragment)) all.set(fragment, telling)
      else if (!all.has(fragment)) all.set(fragment, common)
    }
  }
  return { all, hashes: hashesOf(all.keys(), all.size) }
}

/** Different characters of a fragment that is nothing but a line or a filler. */
const repeatedMax = 2

/** The parts of a value that each value of its kind has. */
function commonIn(value: string): string[] {
  return (
    value.match(/(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}:\/\/(?:www\.|api\.)?|-----(?:BEGIN|END) [A-Z ]{1,40}-----/gi) ??
    []
  )
}

function* fragmentsIn(texts: readonly string[]): Generator<string> {
  for (const text of texts) {
    const folded = Array.from(text, foldOf).join('')
    for (let at = 0; at + charactersMin <= folded.length; at++) {
      const fragment = folded.slice(at, at + charactersMin)
      // Indentation reveals nothing, and almost every text has some.
      if (fragment.trim() !== '') yield fragment
    }
  }
}

function hashesOf(all: Iterable<string>, count: number): Uint8Array {
  const hashes = new Uint8Array(2 ** Math.ceil(Math.log2(count * 8 + 256)))
  for (const fragment of all) {
    let hash = 0
    for (let at = 0; at < charactersMin; at++) hash = roll(hash, 0, fragment.charCodeAt(at))
    hashes[slotOf(hash, hashes)] = 1
  }
  return hashes
}

/** One form of a character for all that services do to its case. A plus sign in a form means a space. */
function foldOf(character: string): string {
  return character === '+' ? ' ' : character.toUpperCase().toLowerCase()
}

const base = 0x01000193
const baseOfOldest = Array.from({ length: charactersMin }).reduce((product: number) => Math.imul(product, base), 1)

function roll(hash: number, oldest: number, unit: number): number {
  return (Math.imul(hash, base) + unit - Math.imul(oldest, baseOfOldest)) | 0
}

function slotOf(hash: number, { length }: Uint8Array): number {
  return (Math.imul(hash, 0x9e3779b1) >>> 7) & (length - 1)
}

/** Marks each position of a text that belongs to a fragment, in any encoding. */
function marksOf(text: string, fragments: Fragments): Uint8Array {
  const marks = new Uint8Array(text.length)
  const layers = layersOf(text)
  for (const layer of layers) searchText(layer, new Window(fragments, marks))
  const decoded = layers.at(-1) as Layer
  for (const encoding of [inBase64, inHex]) {
    for (const run of runsOf(decoded.text, encoding)) searchRun(decoded, run, encoding, fragments, marks)
  }
  return marks
}

function without(text: string, marks: Uint8Array): Scrubbed {
  const kept: string[] = []
  let from = 0
  for (let at = marks.indexOf(telling); at !== -1; at = marks.indexOf(telling, from)) {
    // What is common goes with what it stands next to.
    const start = marks.lastIndexOf(0, at) + 1
    kept.push(text.slice(from, start))
    const end = marks.indexOf(0, at)
    from = end === -1 ? text.length : end
  }
  return { text: [...kept, text.slice(from)].join(placeholder), count: kept.length }
}

/** The last characters of a decoded text, and where they are in the text that was given. */
class Window {
  readonly #fragments: Fragments
  readonly #marks: Uint8Array
  readonly #units = new Uint16Array(charactersMin)
  readonly #starts = new Uint32Array(charactersMin)
  #count = 0
  #hash = 0

  constructor(fragments: Fragments, marks: Uint8Array) {
    this.#fragments = fragments
    this.#marks = marks
  }

  clear(): void {
    this.#units.fill(0)
    this.#count = 0
    this.#hash = 0
  }

  /** Adds one code point. */
  add(point: number, start: number, end: number): void {
    if (point < 0x80) {
      this.#push(point >= 65 && point <= 90 ? point + 32 : point === 43 ? 32 : point, start, end)
      return
    }
    const folded = foldOf(String.fromCodePoint(point))
    for (let at = 0; at < folded.length; at++) this.#push(folded.charCodeAt(at), start, end)
  }

  #push(unit: number, start: number, end: number): void {
    const slot = this.#count % charactersMin
    this.#hash = roll(this.#hash, this.#units[slot] as number, unit)
    this.#units[slot] = unit
    this.#starts[slot] = start
    this.#count++
    const { all, hashes } = this.#fragments
    if (this.#count < charactersMin || hashes[slotOf(this.#hash, hashes)] === 0) return
    let units = ''
    for (let one = 0; one < charactersMin; one++) {
      units += String.fromCharCode(this.#units[(this.#count + one) % charactersMin] as number)
    }
    const mark = all.get(units)
    if (mark !== undefined) addMarks(this.#marks, mark, this.#starts[this.#count % charactersMin] as number, end)
  }
}

function addMarks(marks: Uint8Array, mark: number, from: number, to: number): void {
  if (mark === telling) marks.fill(telling, from, to)
  else for (let at = from; at < to; at++) marks[at] ||= mark
}

/** A decoded text. Its character number `n` was read from `at[n]` to `at[n + 1]` of the text that was given. */
interface Layer {
  readonly text: string
  readonly at: Uint32Array
}

/** More escapes in escapes than encoders write. */
const layersMax = 6

/** A text, and what it says after each of its layers of escapes is taken off. */
function layersOf(text: string): Layer[] {
  const layers: Layer[] = [{ text, at: Uint32Array.from({ length: text.length + 1 }, (_, at) => at) }]
  while (layers.length < layersMax) {
    const next = unescaped(layers.at(-1) as Layer)
    if (!next) break
    layers.push(next)
  }
  return layers
}

const escapes =
  /(?:%[0-9a-f]{2})+|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|["'\\/bfnrt])|&(?:#[0-9]{1,8}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);/gi

const named: Readonly<Record<string, string>> = {
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
}

/** Returns null if there is no escape. */
function unescaped({ text, at }: Layer): Layer | null {
  const places = new Uint32Array(text.length + 1)
  const parts: string[] = []
  let length = 0
  let from = 0
  const add = (part: string, start: number, isCopy: boolean) => {
    for (let one = 0; one < part.length; one++) places[length++] = at[isCopy ? start + one : start] as number
    parts.push(part)
  }
  for (const { 0: written, index } of text.matchAll(escapes)) {
    add(text.slice(from, index), from, true)
    from = index + written.length
    if (written.startsWith('%')) addBytes(written, index, add)
    else add(meaningOf(written), index, false)
  }
  if (from === 0) return null
  add(text.slice(from), from, true)
  places[length] = at[text.length] as number
  const decoded = parts.join('')
  return decoded === text ? null : { text: decoded, at: places.subarray(0, length + 1) }
}

function meaningOf(written: string): string {
  const name = written.slice(1).replace(/;$/, '').toLowerCase()
  if (Object.hasOwn(named, name)) return named[name] as string
  const [, hexadecimal, decimal] = /^(?:(?:#?x|u)([0-9a-f]+)|#([0-9]+))$/.exec(name) ?? []
  const point = hexadecimal ? Number.parseInt(hexadecimal, 16) : decimal ? Number(decimal) : null
  if (point === null) return name
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
}

/** Percent escapes. Bytes that are not UTF-8 stay as they are written. */
function addBytes(written: string, index: number, add: (part: string, start: number, isCopy: boolean) => void): void {
  const bytes = Uint8Array.from({ length: written.length / 3 }, (_, one) =>
    Number.parseInt(written.slice(one * 3 + 1, one * 3 + 3), 16),
  )
  for (let at = 0; at < bytes.length; ) {
    const { point, length } = pointAt(bytes, at)
    const start = index + at * 3
    if (point === null) add(written.slice(at * 3, at * 3 + 3), start, true)
    else add(String.fromCodePoint(point), start, false)
    at += length
  }
}

/** The code point of UTF-8 at a position. Null if there is none. */
function pointAt(bytes: Uint8Array, at: number): { point: number | null; length: number } {
  const first = bytes[at] as number
  if (first < 0x80) return { point: first, length: 1 }
  if (first < 0xc2 || first > 0xf4) return notUtf8
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  let point = first & (0xff >> (length + 1))
  for (let one = 1; one < length; one++) {
    const byte = bytes[at + one] ?? 0
    if (byte >> 6 !== 2) return notUtf8
    point = (point << 6) | (byte & 0x3f)
  }
  return point > 0x10ffff ? notUtf8 : { point, length }
}

const notUtf8 = { point: null, length: 1 }

function searchText({ text, at }: Layer, window: Window): void {
  for (let one = 0; one < text.length; ) {
    const point = text.codePointAt(one) as number
    const next = one + (point > 0xffff ? 2 : 1)
    window.add(point, at[one] as number, at[next] as number)
    one = next
  }
}

/** A way to write bytes as digits. */
interface Digits {
  readonly bits: number
  /** The value of each ASCII character: of a digit, or of a character that may stand between digits. */
  readonly values: Int8Array
  /** How many digits make whole bytes. A fragment can begin at any of them. */
  readonly alignments: number
  readonly padding: string
}

const isGap = -2
const gapMax = 2

function digitsOf(alphabets: readonly string[], gaps: string, padding = ''): Digits {
  const values = new Int8Array(128).fill(-1)
  for (const gap of gaps) values[gap.charCodeAt(0)] = isGap
  for (const alphabet of alphabets) {
    for (const [value, digit] of [...alphabet].entries()) values[digit.charCodeAt(0)] = value
  }
  const bits = Math.log2((alphabets[0] as string).length)
  return { bits, values, alignments: bits === 4 ? 2 : 4, padding }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const numerals = '0123456789'
const digits62 = `${letters}${letters.toLowerCase()}${numerals}`
const inBase64 = digitsOf([`${digits62}+/`, `${digits62}-_`], ' \r\n', '=')
const inHex = digitsOf([`${numerals}abcdef`, `${numerals}ABCDEF`], ' \r\n:')

/** Digits of a text that can belong together: their positions and values. */
interface Run {
  readonly places: Uint32Array
  readonly values: Uint8Array
}

function* runsOf(text: string, { values, bits }: Digits): Generator<Run> {
  const places = new Uint32Array(text.length)
  const found = new Uint8Array(text.length)
  const digitsMin = Math.ceil((charactersMin * 8) / bits)
  let count = 0
  let gap = 0
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) : 0
    const value = unit < 128 ? (values[unit] as number) : -1
    if (value >= 0) {
      places[count] = at
      found[count++] = value
      gap = 0
    } else if (value !== isGap || ++gap > gapMax) {
      if (count >= digitsMin) yield { places: places.subarray(0, count), values: found.subarray(0, count) }
      count = 0
    }
  }
}

/** Searches the bytes of a run, from each digit where they can begin. */
function searchRun(layer: Layer, run: Run, digits: Digits, fragments: Fragments, marks: Uint8Array): void {
  const { places } = run
  const window = new Window(fragments, marks)
  const { at } = layer
  for (let first = 0; first < digits.alignments; first++) {
    const bytes = bytesOf(run.values, first, digits.bits)
    window.clear()
    for (let one = 0; one < bytes.length; ) {
      const byte = bytes[one] as number
      const { point, length } = byte < 0x80 ? { point: byte, length: 1 } : pointAt(bytes, one)
      const start = places[first + Math.floor((one * 8) / digits.bits)] as number
      const last = places[first + Math.ceil(((one + length) * 8) / digits.bits) - 1] as number
      if (point === null) window.clear()
      else window.add(point, at[start] as number, at[last + 1] as number)
      one += length
    }
  }
  const last = places.at(-1) as number
  const mark = marks[at[last] as number] as number
  if (mark === 0) return
  for (let end = last + 1; end <= last + 2 && layer.text.charAt(end) === digits.padding; end++) {
    marks.fill(mark, at[end], at[end + 1])
  }
}

function bytesOf(values: Uint8Array, first: number, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.floor(((values.length - first) * bits) / 8)))
  let held = 0
  let heldBits = 0
  let length = 0
  for (let at = first; at < values.length; at++) {
    held = ((held << bits) | (values[at] as number)) & 0xffff
    heldBits += bits
    if (heldBits < 8) continue
    heldBits -= 8
    bytes[length++] = (held >> heldBits) & 0xff
  }
  return bytes
}
