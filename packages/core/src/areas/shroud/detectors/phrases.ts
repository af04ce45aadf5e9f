import { madeOnce } from '../../../kernel/maps.ts'
import type { Severity } from '../verdict.ts'

// Finds phrases in natural language: words in an order, with a few other words between them. A text is read once, word by
// word. For each word the phrases that have it are looked up, and each remembers how far its latest occurrence has come. So
// the time grows with the text, and no choice of words makes it slower.

/** The words of a text in lower case, and where they are. */
export interface Words {
  readonly all: readonly Word[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** The number of each word in the text. The end of a sentence counts as some words. */
  readonly places: readonly number[]
  /** The words that a shared set has, by their place in the lists above. */
  readonly marked: readonly number[]
}

/** A word is looked up once. What sets of phrases know of it stays with it. */
class Word {
  readonly text: string
  /** As it reads when digits stand for letters, and without the end of a possessive. */
  readonly plain: string
  /** By the number of the set. */
  readonly slots: (readonly Slot[] | undefined)[] = []
  /** A shared set has the word in one of its phrases. */
  readonly isMarked: boolean

  constructor(text: string) {
    this.text = text
    this.plain = plainWord(text)
    this.isMarked = shared.some((set) => set.slotsOf(this).length > 0)
  }
}

/** By the lowest bits of the hash of a word, so that words which do not exist fill no memory. */
const known: (Word | undefined)[] = Array.from({ length: 2 ** 14 })

/** The word of this text, which ends before `end`. */
function wordIn(lower: string, start: number, end: number, hash: number): Word {
  const slot = hash & (known.length - 1)
  const word = known[slot]
  if (word !== undefined && isAt(word.text, lower, start, end)) return word
  const made = new Word(lower.slice(start, end))
  if (end - start <= wordUnitsMax) known[slot] = made
  return made
}

function isAt(word: string, lower: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) !== lower.charCodeAt(start + at)) return false
  return true
}

const wordUnitsMax = 40

const sentenceEndWords = 3

/** @example wordsOf('ignore all. stop').places // [0, 1, 5] */
export function wordsOf(lower: string): Words {
  const all: Word[] = []
  const starts: number[] = []
  const ends: number[] = []
  const places: number[] = []
  const marked: number[] = []
  let place = 0
  let start = -1
  let hash = 0
  for (let at = 0; at <= lower.length; at++) {
    const unit = at < lower.length ? lower.charCodeAt(at) : 0
    if (unit < 128 ? isAsciiWordUnit[unit] === 1 : isWordUnit(unit)) {
      if (start === -1) {
        start = at
        hash = 0
      }
      hash = (Math.imul(hash, 31) + unit) | 0
      continue
    }
    if (start !== -1) {
      const word = wordIn(lower, start, at, hash ^ (hash >>> 14))
      if (word.isMarked) marked.push(all.length)
      all.push(word)
      starts.push(start)
      ends.push(at)
      places.push(place++)
      start = -1
    }
    if (isSentenceEnd(lower, at, unit)) place += sentenceEndWords
  }
  return { all, starts, ends, places, marked }
}

function isWordUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 48 && unit <= 57) ||
    unit === 39 ||
    unit === 95 ||
    // Letters of other scripts; not the signs and spaces of general punctuation.
    (unit >= 0xc0 && unit < 0x2000) ||
    (unit >= 0x2c00 && unit < 0xfe00 && !(unit >= 0x3000 && unit < 0x3040))
  )
}

const isAsciiWordUnit = Uint8Array.from({ length: 128 }, (_, unit) => (isWordUnit(unit) ? 1 : 0))

function isSentenceEnd(text: string, at: number, unit: number): boolean {
  if (unit !== 10 && unit !== 46 && unit !== 33 && unit !== 63) return false
  const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 32
  return next === 10 || (next === 32 && unit !== 10)
}

/**
 * Words of one place, separated by `|`, and between two places how many other words may stand there. A word that ends with
 * `*` stands for all that begin so.
 *
 * @example ['ignore|disregard', 3, 'instruction*|rules']
 */
export type Phrase = readonly (string | number)[]

export interface PhraseRule {
  readonly name: string
  readonly severity: Severity
  readonly score: number
  readonly message: string
  readonly phrases: readonly Phrase[]
}

export interface PhraseHit {
  readonly rule: PhraseRule
  readonly start: number
  readonly end: number
}

/** One place of one phrase. */
interface Slot {
  readonly rule: number
  readonly number: number
  /** The number of the slot before it; -1 for the first. */
  readonly before: number
  readonly gapMax: number
  readonly isLast: boolean
}

const prefixLettersMin = 3

/** How many sets there are. Each has its place in the slots of a word. */
let sets = 0
/** Sets that come and go with settings look words up each time. */
const setsKnownMax = 64

/** The sets of the detectors. Sets of one agent come and go with its settings. */
const shared: PhraseSet[] = []

export class PhraseSet {
  readonly #rules: readonly PhraseRule[]
  readonly #byWord = new Map<string, Slot[]>()
  readonly #byPrefix = new Map<string, Slot[]>()
  readonly #prefixLettersMax: number
  readonly #number = sets++
  // Each call of `find` begins these again. Arrays of its own would cost more than the search in a short text.
  /** By slot: the place of the latest word that completed the phrase up to there, and where the phrase began. */
  readonly #reached: Int32Array
  readonly #began: Int32Array
  readonly #lastEnds: Int32Array
  #isShared = false

  /** A set that is made once, for all agents. It skips the words that no shared set has. */
  static shared(rules: readonly PhraseRule[]): PhraseSet {
    const set = new PhraseSet(rules)
    set.#isShared = true
    shared.push(set)
    // The known words were compared with the earlier sets only.
    known.fill(undefined)
    return set
  }

  constructor(rules: readonly PhraseRule[]) {
    this.#rules = rules
    let slots = 0
    for (const [rule, { phrases }] of rules.entries()) {
      for (const phrase of phrases) slots = this.#add(rule, phrase, slots)
    }
    this.#reached = new Int32Array(slots)
    this.#began = new Int32Array(slots)
    this.#lastEnds = new Int32Array(rules.length)
    this.#prefixLettersMax = [...this.#byPrefix.keys()].reduce((most, prefix) => Math.max(most, prefix.length), 0)
  }

  #add(rule: number, phrase: Phrase, from: number): number {
    const places = phrase.filter((one) => typeof one === 'string')
    let gapMax = 0
    let at = 0
    for (const one of phrase) {
      if (typeof one === 'number') {
        gapMax = one
        continue
      }
      const number = from + at
      const slot = { rule, number, before: at === 0 ? -1 : number - 1, gapMax, isLast: at === places.length - 1 }
      for (const word of one.split('|')) {
        if (word.endsWith('*')) madeOnce(this.#byPrefix, prefixOf(word), () => []).push(slot)
        else madeOnce(this.#byWord, word, () => []).push(slot)
      }
      gapMax = 0
      at++
    }
    return from + at
  }

  /** In order of their ends; of one rule, none that overlaps the one before it. */
  find({ all, starts, ends, places, marked }: Words): PhraseHit[] {
    const hits: PhraseHit[] = []
    const reached = this.#reached.fill(-1_000)
    const began = this.#began
    const lastEnds = this.#lastEnds.fill(-1)
    /** From the last slot to the first, so that one word does not fill two places of a phrase. */
    const step = (slots: readonly Slot[], at: number) => {
      for (let one = slots.length - 1; one >= 0; one--) {
        const { number, before, gapMax, isLast, rule } = slots[one] as Slot
        const place = places[at] as number
        const isNext = before === -1 || place - (reached[before] as number) - 1 <= gapMax
        if (!isNext || (before !== -1 && reached[before] === place)) continue
        reached[number] = place
        began[number] = before === -1 ? (starts[at] as number) : (began[before] as number)
        if (!isLast || (began[number] as number) < (lastEnds[rule] as number)) continue
        lastEnds[rule] = ends[at] as number
        hits.push({ rule: this.#rules[rule] as PhraseRule, start: began[number] as number, end: ends[at] as number })
      }
    }
    const words = this.#isShared ? marked.length : all.length
    for (let one = 0; one < words; one++) {
      const at = this.#isShared ? (marked[one] as number) : one
      const slots = this.slotsOf(all[at] as Word)
      if (slots.length > 0) step(slots, at)
    }
    return hits
  }

  /** The places of phrases that the word can fill. */
  slotsOf(word: Word): readonly Slot[] {
    return word.slots[this.#number] ?? this.#lookUp(word)
  }

  #lookUp(word: Word): readonly Slot[] {
    const { text, plain } = word
    const own = this.#slotsOfText(text)
    const slots = plain === text ? own : [...own, ...this.#slotsOfText(plain)].sort((a, b) => a.number - b.number)
    if (this.#number < setsKnownMax) word.slots[this.#number] = slots
    return slots
  }

  #slotsOfText(word: string): readonly Slot[] {
    let found: readonly Slot[] = this.#byWord.get(word) ?? noSlots
    const most = Math.min(word.length, this.#prefixLettersMax)
    for (let length = prefixLettersMin; length <= most; length++) {
      const slots = this.#byPrefix.get(word.slice(0, length))
      if (slots) found = [...found, ...slots].sort((a, b) => a.number - b.number)
    }
    return found
  }
}

const noSlots: readonly Slot[] = []

function prefixOf(word: string): string {
  const prefix = word.slice(0, -1)
  if (prefix.length < prefixLettersMin) throw new TypeError('a prefix of a word is too short')
  return prefix
}

const digitsAsLetters: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', _: '' }

/** A word as it reads when digits stand for letters, and without the end of a possessive. */
function plainWord(word: string): string {
  const bare = word.endsWith("'s") ? word.slice(0, -2) : word.startsWith("'") ? word.slice(1) : word
  if (!/[013457_]/.test(bare) || !/[a-z]/.test(bare)) return bare.endsWith("'") ? bare.slice(0, -1) : bare
  return bare.replace(/[013457_]/g, (digit) => digitsAsLetters[digit] as string)
}
