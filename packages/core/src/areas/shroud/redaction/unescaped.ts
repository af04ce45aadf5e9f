// Decodes escapes of programming languages, URLs and HTML. A model understands escapes, so the search for known values decodes them
// too. Other detectors decode only long runs of escapes (`detectors/encoding.ts`).

export interface Unescaped {
  readonly text: string
  /** The position in the escaped text. */
  origin(at: number): number
}

/** The last alternative matches bytes in hexadecimal digits with separators between them. */
const escaped =
  /\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})|&#[xX]([0-9a-fA-F]{1,6});?|&#(\d{1,7});?|\\([01][0-7]{2})|(?<![0-9a-fA-F])[0-9a-fA-F]{2}(?:[ :,;-][0-9a-fA-F]{2}){7,}/g

/** The decoded text. Null: the text has no escapes. */
export function unescaped(text: string): Unescaped | null {
  const pieces: string[] = []
  const origins: number[] = []
  let from = 0
  const keep = (end: number) => {
    pieces.push(text.slice(from, end))
    for (let at = from; at < end; at++) origins.push(at)
  }
  const put = (point: number, at: number) => {
    pieces.push(String.fromCharCode(point))
    origins.push(at)
  }
  for (const match of text.matchAll(escaped)) {
    const [whole, ...groups] = match
    const at = groups.findIndex((digits) => digits !== undefined)
    const point = at === -1 ? null : Number.parseInt(groups[at] as string, radixes[at])
    // A code point above U+FFFF needs two UTF-16 units, so its escape stays as it is.
    if (point !== null && point > 0xffff) continue
    keep(match.index)
    from = match.index + whole.length
    if (point !== null) put(point, match.index)
    else for (let pair = 0; pair < whole.length; pair += 3) put(byteAt(whole, pair), match.index + pair)
  }
  if (from === 0) return null
  keep(text.length)
  origins.push(text.length)
  return { text: pieces.join(''), origin: (at) => origins[at] ?? text.length }
}

/** The radix of each group of the pattern, in order. */
const radixes = [16, 16, 16, 16, 16, 16, 10, 8]

function byteAt(pairs: string, at: number): number {
  return Number.parseInt(pairs.slice(at, at + 2), 16)
}
