// A model chooses the arguments of a tool, so the time to read them must grow with their length only. A regular expression for
// a string of JSON begins again at each quote of a string without an end.

/** A text of which one UTF-16 unit is read at a time. */
export type Units = Pick<string, 'length' | 'charCodeAt'>

/** Where a name stands in a text. */
export interface Name {
  readonly start: number
  readonly end: number
}

const quote = 34
const colon = 58
const backslash = 92

/**
 * The names in a JSON text, each with its quotes and its colon. The text can be incomplete.
 *
 * @example namesIn('{"a": "b"}') // [{ start: 1, end: 5 }]
 */
export function namesIn(text: Units): Name[] {
  const names: Name[] = []
  let at = 0
  while (at < text.length) {
    const start = at++
    if (text.charCodeAt(start) !== quote) continue
    at = afterSpaces(text, afterString(text, at))
    if (at < text.length && text.charCodeAt(at) === colon) names.push({ start, end: ++at })
  }
  return names
}

/** The position after the quote that ends a string. The string can end with the text. */
function afterString(text: Units, from: number): number {
  let at = from
  while (at < text.length) {
    const unit = text.charCodeAt(at++)
    if (unit === quote) return at
    if (unit === backslash) at++
  }
  return at
}

const space = /\s/

function afterSpaces(text: Units, from: number): number {
  let at = from
  while (at < text.length && space.test(String.fromCharCode(text.charCodeAt(at)))) at++
  return at
}
