import { madeOnce } from '../../../kernel/maps.ts'
import type { Severity } from '../verdict.ts'

// Finds signs: commands, paths, keys. A pattern is tried only where one of its beginnings stands, and each repetition in it
// has an upper bound. So the time grows with the text. A test counts the steps of each pattern on hostile texts.

export interface Pattern {
  readonly name: string
  readonly severity: Severity
  readonly score: number
  readonly message: string
  /** The beginnings of all matches, separated by spaces. One that begins with a letter or a digit begins a word. */
  readonly starts: string
  /** Sticky, and without an unbounded repetition. */
  readonly expression: RegExp
  /** A check that needs more than an expression, such as a checksum. */
  isRight?(match: string): boolean
}

export interface PatternHit<P extends Pattern = Pattern> {
  readonly pattern: P
  readonly start: number
  readonly end: number
}

interface Start<P> {
  readonly text: string
  readonly number: number
  readonly pattern: P
}

const tableSide = 128

export class PatternSet<P extends Pattern = Pattern> {
  readonly patterns: readonly P[]
  /** By the code of the first character, which is ASCII. */
  readonly #byFirst: (readonly Start<P>[] | undefined)[]
  /** Whether a pattern begins with these two characters. */
  readonly #pairs = new Uint8Array(tableSide * tableSide)

  constructor(patterns: readonly P[]) {
    this.patterns = patterns
    const byFirst = new Map<number, Start<P>[]>()
    for (const [number, pattern] of patterns.entries()) {
      if (!pattern.expression.sticky) throw new TypeError(`the pattern ${pattern.name} is not sticky`)
      for (const text of pattern.starts.split(' ')) {
        const first = text.charCodeAt(0)
        madeOnce(byFirst, first, () => []).push({ text, number, pattern })
        const row = first * tableSide
        if (text.length === 1) this.#pairs.fill(1, row, row + tableSide)
        else this.#pairs[row + text.charCodeAt(1)] = 1
      }
    }
    this.#byFirst = Array.from({ length: tableSide }, (_, code) => byFirst.get(code))
  }

  /** In order of their starts; of one pattern, none that overlaps the one before it. */
  find(text: string): PatternHit<P>[] {
    const hits: PatternHit<P>[] = []
    const ends = new Int32Array(this.patterns.length)
    const pairs = this.#pairs
    let unit = text.charCodeAt(0)
    for (let at = 0; at < text.length; at++) {
      const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
      if (unit < tableSide && pairs[unit * tableSide + (next < tableSide ? next : 0)] === 1) {
        const isInWord = at > 0 && isWordUnit(unit) && isWordUnit(text.charCodeAt(at - 1))
        if (!isInWord) this.#tryAll(this.#byFirst[unit] as readonly Start<P>[], text, at, ends, hits)
      }
      unit = next
    }
    return hits
  }

  /** The first position where a pattern begins, or can begin when more text comes. The length of the text if there is none. */
  firstStart(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const starts = this.#byFirst[text.charCodeAt(at)]
      if (!starts || (at > 0 && isWordUnit(text.charCodeAt(at)) && isWordUnit(text.charCodeAt(at - 1)))) continue
      const rest = text.length - at
      if (
        starts.some((start) => text.startsWith(rest < start.text.length ? start.text.slice(0, rest) : start.text, at))
      )
        return at
    }
    return text.length
  }

  #tryAll(starts: readonly Start<P>[], text: string, at: number, ends: Int32Array, hits: PatternHit<P>[]): void {
    for (const start of starts) {
      const { pattern, number } = start
      if (at < (ends[number] as number) || !text.startsWith(start.text, at)) continue
      const end = endOf(pattern, text, at)
      if (end === -1) continue
      ends[number] = end
      hits.push({ pattern, start: at, end })
    }
  }
}

/** Where the match of a pattern at a position ends; -1 if it does not match there. */
export function endOf(pattern: Pattern, text: string, at: number): number {
  pattern.expression.lastIndex = at
  const match = pattern.expression.exec(text)?.[0]
  return match === undefined || pattern.isRight?.(match) === false ? -1 : at + match.length
}

/** Letters, digits and the underscore. */
export function isWordUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 65 && unit <= 90) ||
    (unit >= 48 && unit <= 57) ||
    unit === 95 ||
    unit > 0xbf
  )
}
