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
}

/** A word is looked up once. What sets of phrases know of it stays with it. */
class Word {
  readonly text: string
  /** As it reads when digits stand for letters, and without the end of a possessive. */
  readonly plain: string
  /** By the number of the set. */
  readonly slots: (readonly Slot[] | undefined)[] = []

  constructor(text: string) {
    this.text = text
    this.plain = plainWord(text)
  }
}

const known = new Map<string, Word>()
const knownMax = 20_000

function wordOf(text: string): Word {
  const word = known.get(text)
  if (word !== undefined) return word
  const made = new Word(text)
  // Begins again: who sends many words that do not exist pays for looking them up.
  if (known.size >= knownMax) known.clear()
  if (text.length <= wordUnitsMax) known.set(text, made)
  return made
}

const wordUnitsMax = 40

const sentenceEndWords = 3

/** @example wordsOf('ignore all. stop').places // [0, 1, 5] */
export function wordsOf(lower: string): Words {
  const words = { all: [] as Word[], starts: [] as number[], ends: [] as number[], places: [] as number[] }
  let place = 0
  let start = -1
  for (let at = 0; at <= lower.length; at++) {
    const unit = at < lower.length ? lower.charCodeAt(at) : 0
    if (isWordUnit(unit)) {
      if (start === -1) start = at
      continue
    }
    if (start !== -1) {
      words.all.push(wordOf(lower.slice(start, at)))
      words.starts.push(start)
      words.ends.push(at)
      words.places.push(place++)
      start = -1
    }
    if (isSentenceEnd(lower, at, unit)) place += sentenceEndWords
  }
  return words
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

function isSentenceEnd(text: string, at: number, unit: number): boolean {
  const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 32
  if (unit === 10) return next === 10
  return (unit === 46 || unit === 33 || unit === 63) && (next === 32 || next === 10)
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

export class PhraseSet {
  readonly #rules: readonly PhraseRule[]
  readonly #byWord = new Map<string, Slot[]>()
  readonly #byPrefix = new Map<string, Slot[]>()
  readonly #prefixLettersMax: number
  readonly #slots: number
  readonly #number = sets++

  constructor(rules: readonly PhraseRule[]) {
    this.#rules = rules
    let slots = 0
    for (const [rule, { phrases }] of rules.entries()) {
      for (const phrase of phrases) slots = this.#add(rule, phrase, slots)
    }
    this.#slots = slots
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
  find({ all, starts, ends, places }: Words): PhraseHit[] {
    const hits: PhraseHit[] = []
    /** By slot: the place of the latest word that completed the phrase up to there, and where the phrase began. */
    const reached = new Int32Array(this.#slots).fill(-1_000)
    const began = new Int32Array(this.#slots)
    const lastEnds = new Int32Array(this.#rules.length).fill(-1)
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
    for (let at = 0; at < all.length; at++) {
      const word = all[at] as Word
      const slots = word.slots[this.#number] ?? this.#lookUp(word)
      if (slots.length > 0) step(slots, at)
    }
    return hits
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
