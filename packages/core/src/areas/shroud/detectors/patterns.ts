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
  /** False: the expression does not match here. It is cheaper than the expression. */
  isPossible?(text: string, at: number): boolean
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

/** What shadows and other texts of that kind have. */
interface Lowered {
  readonly lower: string
}

/** Where a pattern of any set can begin in a text. */
interface Starts {
  readonly positions: readonly number[]
  /** For each position, a bit for each set. */
  readonly sets: readonly number[]
}

/** By two characters in lower case: a bit for each set that has a pattern which begins with them. */
const setsByPair = new Uint32Array(tableSide * tableSide)
const setsMax = 32
let sets = 0

const startsByText = new WeakMap<Lowered, Starts | null>()

/** One pass over a text serves all sets. Null: not all of the text is ASCII, so that case can matter in more ways than one. */
function startsOf(text: Lowered): Starts | null {
  const known = startsByText.get(text)
  if (known !== undefined) return known
  const starts = startsIn(text.lower)
  startsByText.set(text, starts)
  return starts
}

/** The place of two characters in a table. Zero stands for all that are not ASCII. */
function pairAt(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
  return (unit < tableSide ? unit : 0) * tableSide + (next < tableSide ? next : 0)
}

function startsIn(lower: string): Starts | null {
  const positions: number[] = []
  const found: number[] = []
  let isBehindWord = false
  let unit = lower.charCodeAt(0)
  for (let at = 0; at < lower.length; at++) {
    const next = at + 1 < lower.length ? lower.charCodeAt(at + 1) : 0
    if (unit >= tableSide) return null
    const isInWord = isAsciiWordUnit[unit] === 1
    if (!isInWord || !isBehindWord) {
      const some = setsByPair[unit * tableSide + (next < tableSide ? next : 0)] as number
      if (some !== 0) {
        positions.push(at)
        found.push(some)
      }
    }
    isBehindWord = isInWord
    unit = next
  }
  return { positions, sets: found }
}

export class PatternSet<P extends Pattern = Pattern> {
  readonly patterns: readonly P[]
  /** By the code of the first character, which is ASCII. */
  readonly #byFirst: (readonly Start<P>[] | undefined)[]
  /** By two characters: the number of the list of patterns that begin with them. Zero if none does. */
  readonly #pairs = new Uint16Array(tableSide * tableSide)
  readonly #lists: Start<P>[][] = [[]]
  readonly #bit: number
  /** By pattern: where its latest match ends. Each search begins it again. */
  readonly #ends: Int32Array

  /** A set is made once, and never for the settings of one agent. */
  constructor(patterns: readonly P[]) {
    if (sets === setsMax) throw new RangeError('there are more sets of patterns than bits')
    this.#bit = (1 << sets++) >>> 0
    this.patterns = patterns
    this.#ends = new Int32Array(patterns.length)
    const byFirst = new Map<number, Start<P>[]>()
    for (const [number, pattern] of patterns.entries()) {
      if (!pattern.expression.sticky) throw new TypeError(`the pattern ${pattern.name} is not sticky`)
      for (const text of pattern.starts.split(' ')) {
        const first = text.charCodeAt(0)
        madeOnce(byFirst, first, () => []).push({ text, number, pattern })
        const row = first * tableSide
        if (text.length > 1) this.#addAt(row + text.charCodeAt(1), { text, number, pattern })
        else for (let next = 0; next < tableSide; next++) this.#addAt(row + next, { text, number, pattern })
      }
    }
    this.#byFirst = Array.from({ length: tableSide }, (_, code) => byFirst.get(code))
  }

  #addAt(pair: number, start: Start<P>): void {
    this.#pairs[pair] ||= this.#lists.push([]) - 1
    this.#lists[this.#pairs[pair] as number]?.push(start)
    const lower = asciiLower(Math.floor(pair / tableSide)) * tableSide + asciiLower(pair % tableSide)
    setsByPair[lower] = (setsByPair[lower] as number) | this.#bit
  }

  /** In order of their starts; of one pattern, none that overlaps the one before it. */
  find(text: string): PatternHit<P>[] {
    const hits: PatternHit<P>[] = []
    const ends = this.#ends.fill(0)
    const pairs = this.#pairs
    let unit = text.charCodeAt(0)
    for (let at = 0; at < text.length; at++) {
      const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
      const list = unit < tableSide ? (pairs[unit * tableSide + (next < tableSide ? next : 0)] as number) : 0
      if (list !== 0) {
        const isInWord = at > 0 && isWordUnit(unit) && isWordUnit(text.charCodeAt(at - 1))
        if (!isInWord) this.#tryAll(this.#lists[list] as readonly Start<P>[], text, at, ends, hits)
      }
      unit = next
    }
    return hits
  }

  /**
   * The same as `find`, but all sets share one pass over the shadow. The text is that of the shadow in either case. A prefix of one
   * character may stand before it.
   */
  findIn(shadow: Lowered, text: string): PatternHit<P>[] {
    const starts = startsOf(shadow)
    const shift = text.length - shadow.lower.length
    if (starts === null || shift < 0 || shift > 1) return this.find(text)
    const { positions, sets } = starts
    const hits: PatternHit<P>[] = []
    const ends = this.#ends.fill(0)
    const tryAt = (at: number) => {
      const list = this.#pairs[pairAt(text, at)] as number
      if (list !== 0) this.#tryAll(this.#lists[list] as readonly Start<P>[], text, at, ends, hits)
    }
    if (shift === 1) tryAt(0)
    for (let one = 0; one < positions.length; one++) {
      if (((sets[one] as number) & this.#bit) !== 0) tryAt((positions[one] as number) + shift)
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
    let asked: Pattern['isPossible']
    let isPossible = true
    for (const { pattern, number, text: start } of starts) {
      // The list is one of the first two characters.
      if (at < (ends[number] as number) || (start.length > 2 && !text.startsWith(start, at))) continue
      // Patterns of the same characters share this check.
      if (pattern.isPossible !== undefined && pattern.isPossible !== asked) {
        asked = pattern.isPossible
        isPossible = asked(text, at)
      }
      if (pattern.isPossible !== undefined && !isPossible) continue
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

const isAsciiWordUnit = Uint8Array.from({ length: tableSide }, (_, unit) => (isWordUnit(unit) ? 1 : 0))

function asciiLower(unit: number): number {
  return unit >= 65 && unit <= 90 ? unit + 32 : unit
}
