// Decodes escapes of programming languages, URLs and HTML. A model understands escapes, so the search for known values decodes them
// too. Other detectors decode only long runs of escapes (`detectors/encoding.ts`).

export interface Unescaped {
  readonly text: string
  /** The position in the escaped text. */
  origin(at: number): number
}

/** Encoders nest fewer escapes. The caller refuses a text with more layers. */
export const layersMax = 8

const digit = '[0-9a-fA-F]'
const byte = `(?:0[xX])?${digit}{2}`

/** The last alternative matches bytes in hexadecimal digits with separators between them. */
function escapesAfter(backslashes: string): RegExp {
  const letters = `u\\{0*(${digit}{1,6})\\}|u(${digit}{4})|U(${digit}{8})|x(${digit}{2})|([01][0-7]{2})`
  const references = `%(${digit}{2})|&#[xX]0*(${digit}{1,6});?|&#0*([0-9]{1,7});?`
  const bytes = `(?<!${digit})${byte}(?:[\\s:,;-]{1,3}${byte}){7,}`
  return new RegExp(`${backslashes}(?:${letters})|${references}|${bytes}`, 'g')
}

/** The radix of each group of the patterns, in order. */
const radixes = [16, 16, 16, 16, 8, 16, 16, 10]

/** A value can have a backslash of its own before an escape. */
export const escapes = escapesAfter('\\\\')
/** A program can have escaped the backslash of an escape. A run of backslashes is tried once, at its beginning. */
export const repeatedEscapes = escapesAfter('(?<!\\\\)\\\\+')

/**
 * Yields the text decoded once, and then layer by layer with all backslashes, until no escape is left. Each layer is shorter than
 * the one before. Yields at most `layersMax` + 1 layers, and none if the text has no escapes.
 *
 * @example [...unescaped('%2541')].map(({ text }) => text) // ['%41', 'A']
 */
export function* unescaped(text: string): Generator<Unescaped> {
  const given = { text, origins: null }
  const once = decoded(given, escapes)
  if (once === null) return
  yield once
  let layer: Layer | null = decoded(given, repeatedEscapes)
  if (layer?.text === once.text) layer = decoded(once, repeatedEscapes)
  for (let layers = 1; layer !== null && layers <= layersMax; layers++) {
    yield layer
    layer = decoded(layer, repeatedEscapes)
  }
}

/** A decoded text, and the position of each character in the given text. */
class Layer implements Unescaped {
  readonly text: string
  readonly origins: Uint32Array

  constructor(text: string, origins: Uint32Array) {
    this.text = text
    this.origins = origins
  }

  origin(at: number): number {
    return this.origins[Math.min(at, this.text.length)] as number
  }
}

interface Source {
  readonly text: string
  /** Null: this is the given text, so each position is its own origin. */
  readonly origins: Uint32Array | null
}

function decoded({ text, origins }: Source, pattern: RegExp): Layer | null {
  if (!mayHaveEscapes(text)) return null
  const pieces: string[] = []
  const places = new Uint32Array(text.length + 1)
  let length = 0
  let from = 0
  const place = (at: number) => {
    places[length++] = origins === null ? at : (origins[at] as number)
  }
  const keep = (end: number) => {
    pieces.push(text.slice(from, end))
    for (let at = from; at < end; at++) place(at)
  }
  const put = (point: number, at: number) => {
    pieces.push(String.fromCharCode(point))
    place(at)
  }
  for (const match of text.matchAll(pattern)) {
    const [whole, ...groups] = match
    const at = groups.findIndex((digits) => digits !== undefined)
    const point = at === -1 ? null : Number.parseInt(groups[at] as string, radixes[at])
    // A code point above U+FFFF needs two UTF-16 units, so its escape stays as it is.
    if (point !== null && point > 0xffff) continue
    keep(match.index)
    from = match.index + whole.length
    if (point !== null) put(point, match.index)
    else for (const { 0: pair, index } of whole.matchAll(bytePattern)) put(byteOf(pair), match.index + index)
  }
  if (from === 0) return null
  keep(text.length)
  place(text.length)
  return new Layer(pieces.join(''), places)
}

/** False: no pattern matches anywhere in the text. Each match begins with one of these signs, or is a run of bytes. */
function mayHaveEscapes(text: string): boolean {
  return text.includes('\\') || text.includes('%') || text.includes('&') || mayHaveBytes(text)
}

/** Eight bytes of two digits, with a separator between them. */
const bytesUnitsMin = 8 * 2 + 7
/** The characters of a run of bytes. The separators include each space, and some spaces are not ASCII. */
const isByteUnit = Uint8Array.from({ length: 128 }, (_, unit) =>
  /[0-9a-fA-FxX\s:,;-]/.test(String.fromCharCode(unit)) ? 1 : 0,
)

/** Such runs are rare, so the text is looked at in steps as long as the shortest run. */
function mayHaveBytes(text: string): boolean {
  const isIn = (at: number) => {
    const unit = text.charCodeAt(at)
    return unit >= 128 || isByteUnit[unit] === 1
  }
  for (let at = bytesUnitsMin - 1; at < text.length; at += bytesUnitsMin) {
    let start = at
    while (start >= 0 && at - start < bytesUnitsMin && isIn(start)) start--
    let end = at + 1
    while (end < text.length && end - start <= bytesUnitsMin && isIn(end)) end++
    if (end - start - 1 >= bytesUnitsMin) return true
  }
  return false
}

const bytePattern = new RegExp(byte, 'g')

function byteOf(pair: string): number {
  return Number.parseInt(pair.slice(-2), 16)
}
