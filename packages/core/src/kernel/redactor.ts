import { AhoCorasick } from './aho-corasick.ts'
import { binaryText, concat, fromUtf8, utf8 } from './bytes.ts'
import type { Secret } from './secret.ts'
import { writtenForms } from './written-forms.ts'

// Replaces values that are known, wherever a text has them and however they are written there. Each byte that belongs to
// any match goes. A text may come in pieces: the output is the same as for the whole text, wherever it was cut.

/** A value, and its replacement. */
export interface Redacted {
  readonly value: Secret<string>
  /** ASCII. The same for values that belong together. */
  readonly marker: string
}

/** Where a value stands in a text, from the first byte or character to behind the last one. */
export interface Place {
  readonly start: number
  readonly end: number
  readonly marker: string
}

export interface ByteStream {
  /** The bytes that are certain now. */
  push(chunk: Uint8Array): Uint8Array
  /** The rest. */
  end(): Uint8Array
  /** How many values were replaced so far. */
  readonly count: number
  /** How many bytes are withheld, because a value could begin with them. */
  readonly held: number
}

export interface TextStream {
  push(chunk: string): string
  end(): string
  readonly count: number
  readonly held: number
}

/** Shorter values are in unrelated texts too, and a marker in their place would say what they are. */
const redactedCharactersMin = 8

export function isRedactable(value: Secret<string>): boolean {
  return value.reveal().trim().length >= redactedCharactersMin
}

/** Longer forms of a value are searched for in pieces, so that a stream holds back no more than one. */
const pieceCharactersMax = 1_024

/** Of longer values, only the beginning is searched for. */
const redactedCharactersMax = 16 * 1_024

/**
 * @example
 * const redactor = Redactor.of([{ value: Secret.of('hunter22'), marker: '[REDACTED:#5f2a81c0]' }])
 * redactor.whole('password=hunter22')    // { text: 'password=[REDACTED:#5f2a81c0]', count: 1 }
 */
export class Redactor {
  readonly #machine: AhoCorasick | null
  /** By the number of the pattern. */
  readonly #markers: readonly string[]

  private constructor(machine: AhoCorasick | null, markers: readonly string[]) {
    this.#machine = machine
    this.#markers = markers
  }

  /** Throws if a value is too short: ask `isRedactable` first. */
  static of(values: readonly Redacted[]): Redactor {
    const patterns: string[] = []
    const markers: string[] = []
    for (const { value, marker } of values) {
      if (!isRedactable(value)) throw new TypeError('a value is too short to be redacted')
      for (const pattern of patternsOf(value.reveal().trim())) {
        patterns.push(pattern)
        markers.push(marker)
      }
    }
    return new Redactor(patterns.length === 0 ? null : new AhoCorasick(patterns), markers)
  }

  /** The same values with other markers. It ends with this one. */
  remarked(remark: (marker: string) => string): Redactor {
    return new Redactor(this.#machine, this.#markers.map(remark))
  }

  /** Bytes of memory, about. */
  get weight(): number {
    return (this.#machine?.weight ?? 0) + this.#markers.length * 8
  }

  whole(text: string): { text: string; count: number } {
    const written: string[] = []
    let count = 0
    let from = 0
    let before = ''
    for (const { start, end, marker } of this.find(text)) {
      if (start !== from || marker !== before) {
        written.push(text.slice(from, start), marker)
        count++
      }
      from = end
      before = marker
    }
    return count === 0 ? { text, count } : { text: written.join('') + text.slice(from), count }
  }

  wholeBytes(bytes: Uint8Array): { bytes: Uint8Array; count: number } {
    const stream = this.stream()
    const pieces = [stream.push(bytes), stream.end()]
    return { bytes: concat(...pieces), count: stream.count }
  }

  /** The places of values in a text, in order. They do not overlap. */
  find(text: string): readonly Place[] {
    if (!this.#machine) return []
    const bytes = utf8(text)
    const places = new Places(this.#markers)
    this.#machine.scan(bytes, (pattern, start, end) => places.add(pattern, start, end))
    return bytes.length === text.length ? places.all : inCharacters(text, places.all)
  }

  stream(): ByteStream {
    return new RedactedBytes(this.#machine, this.#markers)
  }

  /** For text that is cut anywhere, also within a surrogate pair. */
  textStream(): TextStream {
    return new RedactedText(this.stream())
  }

  /** Overwrites the values in memory. The redactor finds nothing any more. */
  wipe(): void {
    this.#machine?.wipe()
  }
}

/** The forms of a value as binary strings, long ones in pieces that follow each other. */
function patternsOf(value: string): Set<string> {
  const patterns = new Set<string>()
  for (const form of writtenForms(value.slice(0, redactedCharactersMax))) {
    if (form.length < redactedCharactersMin) continue
    for (const piece of piecesOf(form)) patterns.add(binary(piece))
  }
  return patterns
}

function binary(text: string): string {
  return binaryText(utf8(text))
}

function* piecesOf(form: string): Generator<string> {
  for (let from = 0; from < form.length; ) {
    // The last piece is as long as the others.
    const start = from === 0 ? 0 : Math.min(from, Math.max(0, form.length - pieceCharactersMax))
    let end = Math.min(form.length, start + pieceCharactersMax)
    if (isHighSurrogate(form, end - 1)) end--
    yield form.slice(isLowSurrogate(form, start) ? start + 1 : start, end)
    from = end
  }
}

function isHighSurrogate(text: string, at: number): boolean {
  return at < text.length - 1 && (text.charCodeAt(at) & 0xfc00) === 0xd800
}

function isLowSurrogate(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at) & 0xfc00) === 0xdc00
}

/** Matches, joined where they overlap. Joined ones have the marker of the one that begins first; of these, the longest. */
class Places {
  readonly all: Place[] = []
  readonly #markers: readonly string[]

  constructor(markers: readonly string[]) {
    this.#markers = markers
  }

  /** Matches come in the order of their ends. */
  add(pattern: number, start: number, end: number): void {
    let first = start
    let marker = this.#markers[pattern] as string
    for (let last = this.all.at(-1); last && last.end > start; last = this.all.at(-1)) {
      this.all.pop()
      if (last.start < first) ({ start: first, marker } = last)
    }
    this.all.push({ start: first, end, marker })
  }
}

/** Places in UTF-8, as places in the text. */
function inCharacters(text: string, places: readonly Place[]): Place[] {
  let at = 0
  let bytes = 0
  const characterAt = (place: number) => {
    while (bytes < place) {
      const point = text.codePointAt(at) as number
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
      at += point < 0x10000 ? 1 : 2
    }
    return at
  }
  return places.map(({ start, end, marker }) => ({ start: characterAt(start), end: characterAt(end), marker }))
}

const nothing = new Uint8Array(0)

class RedactedBytes implements ByteStream {
  readonly #machine: AhoCorasick | null
  readonly #places: Places
  #state = 0
  /** How many bytes came. */
  #length = 0
  /** How many of them are done: given out or replaced. */
  #done = 0
  /** The bytes that are not done. */
  #held: Uint8Array = nothing
  #lastMarker = ''
  #lastEnd = 0
  count = 0

  constructor(machine: AhoCorasick | null, markers: readonly string[]) {
    this.#machine = machine
    this.#places = new Places(markers)
  }

  get held(): number {
    return this.#held.length
  }

  push(chunk: Uint8Array): Uint8Array {
    if (!this.#machine) return chunk
    const before = this.#length
    this.#state = this.#machine.resume(chunk, this.#state, (pattern, start, end) => {
      this.#places.add(pattern, before + start, before + end)
    })
    this.#length += chunk.length
    return this.#release(chunk, this.#length - this.#machine.depth(this.#state))
  }

  end(): Uint8Array {
    this.#state = 0
    return this.#release(nothing, this.#length + 1)
  }

  /** Gives out what is before `live`, where the longest value begins that is not complete. */
  #release(chunk: Uint8Array, live: number): Uint8Array {
    const { all } = this.#places
    if (all.length === 0 && this.#held.length === 0 && live === this.#length && this.#done + chunk.length === live) {
      this.#done = live
      return chunk
    }
    const bytes = this.#held.length === 0 ? chunk : concat(this.#held, chunk)
    const from = this.#length - bytes.length
    const out: Uint8Array[] = []
    const releaseTo = (end: number) => {
      if (end <= this.#done) return
      out.push(bytes.subarray(this.#done - from, end - from))
      this.#done = end
    }
    let settled = 0
    for (const { start, end, marker } of all) {
      if (start >= live) break
      releaseTo(start)
      const isJoined = start < this.#lastEnd || (start === this.#lastEnd && marker === this.#lastMarker)
      if (!isJoined) {
        out.push(utf8(marker))
        this.#lastMarker = marker
        this.count++
      }
      this.#lastEnd = end
      this.#done = end
      settled++
    }
    all.splice(0, settled)
    releaseTo(Math.min(live, this.#length))
    this.#held = bytes.slice(this.#done - from)
    return concat(...out)
  }
}

/** A value begins and ends between characters, so what comes out after a chunk is complete text. */
class RedactedText implements TextStream {
  readonly #bytes: ByteStream
  #surrogate = ''

  constructor(bytes: ByteStream) {
    this.#bytes = bytes
  }

  get count(): number {
    return this.#bytes.count
  }

  get held(): number {
    return this.#bytes.held + this.#surrogate.length
  }

  push(chunk: string): string {
    const text = this.#surrogate + chunk
    const last = text.charCodeAt(text.length - 1)
    this.#surrogate = (last & 0xfc00) === 0xd800 ? text.slice(-1) : ''
    const complete = this.#surrogate === '' ? text : text.slice(0, -1)
    const bytes = utf8(complete)
    const out = this.#bytes.push(bytes)
    return out === bytes ? complete : fromUtf8(out)
  }

  end(): string {
    const surrogate = utf8(this.#surrogate)
    this.#surrogate = ''
    return fromUtf8(concat(this.#bytes.push(surrogate), this.#bytes.end()))
  }
}
