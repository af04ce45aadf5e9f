// Finds many byte patterns in a text at once (Aho and Corasick, 1975), in time that grows only with the length of the text.
//
// The states are numbered as a walk through the sorted patterns meets them. So the first child of a state is the next
// number, and a long pattern costs 19 bytes for each of its own bytes. Most bytes of a text begin no pattern: a filter over
// four bytes skips them, and the automaton runs only where a pattern can begin.

/** The shortest pattern. The filter looks at so many bytes. */
const patternBytesMin = 4

/** The longest pattern: a depth has 16 bits. */
const patternBytesMax = 0xffff

/** A state with more children than this gets a table of all bytes, so that no byte takes many steps. */
const chainMax = 8

/** Where a pattern was found: the number of the pattern, and the positions of its first byte and behind its last one. */
export type Match = (pattern: number, start: number, end: number) => void

/** Counts the steps of a scan in tests. */
export interface Steps {
  count: number
}

export class AhoCorasick {
  readonly #label: Uint8Array
  readonly #sibling: Int32Array
  /** The first child; zero if there is none; below zero the number of a table. */
  readonly #first: Int32Array
  readonly #fail: Int32Array
  readonly #depth: Uint16Array
  /** The longest pattern that ends in a state, plus one. Zero if none does. */
  readonly #found: Int32Array
  readonly #tables: Int32Array[] = []
  readonly #starts: Uint8Array
  readonly #startsShift: number
  readonly #lengths: Uint32Array

  /**
   * Patterns are binary strings, one character for each byte. The number of a pattern is its place in the list. Of equal
   * patterns, the first one counts.
   *
   * @example
   * const machine = new AhoCorasick([binaryText(utf8('hunter22')), binaryText(utf8('correct horse'))])
   * machine.scan(utf8('my password is hunter22'), (pattern, start, end) => print(pattern, start, end))   // 0, 15, 23
   */
  constructor(patterns: readonly string[]) {
    this.#lengths = Uint32Array.from(patterns, ({ length }) => length)
    if (this.#lengths.some((length) => length < patternBytesMin || length > patternBytesMax)) {
      throw new RangeError('a pattern is too short or too long')
    }
    const order = Array.from(patterns.keys()).sort((a, b) => {
      const [one, other] = [patterns[a] as string, patterns[b] as string]
      return one < other ? -1 : one > other ? 1 : a - b
    })
    const shared = Uint32Array.from(order, (number, at) =>
      at === 0 ? 0 : commonLength(patterns[order[at - 1] as number] as string, patterns[number] as string),
    )
    const size = order.reduce((sum, number, at) => sum + (this.#lengths[number] as number) - (shared[at] as number), 1)
    this.#label = new Uint8Array(size)
    this.#sibling = new Int32Array(size)
    this.#first = new Int32Array(size)
    this.#fail = new Int32Array(size)
    this.#depth = new Uint16Array(size)
    this.#found = new Int32Array(size)
    const parents = this.#addAll(patterns, order, shared)
    this.#addTables(parents)
    this.#addFailures(parents)
    const bits = Math.max(12, Math.ceil(Math.log2((patterns.length + 1) * 64)))
    this.#startsShift = 32 - bits
    this.#starts = new Uint8Array(2 ** (bits - 3))
    for (const pattern of patterns) this.#addStart(pattern)
  }

  /** Bytes of memory, about. */
  get weight(): number {
    return this.#label.length * 19 + this.#tables.length * 1_100 + this.#starts.length + this.#lengths.length * 4
  }

  /** Reports for each position the longest pattern that ends there. Shorter ones that end there are within it. */
  scan(bytes: Uint8Array, match: Match, steps?: Steps): void {
    this.resume(bytes, 0, match, steps)
  }

  /**
   * Continues behind the bytes of an earlier call, which ended in `state`. Returns the state at the end. Positions count
   * from the first byte of this call, so a pattern that began earlier starts below zero.
   */
  resume(bytes: Uint8Array, state: number, match: Match, steps?: Steps): number {
    const { length } = bytes
    let node = state
    let at = 0
    let counted = 0
    while (at < length) {
      if (node === 0 && at + patternBytesMin <= length) {
        const next = this.#nextStart(bytes, at)
        counted += next - at + 1
        at = next
      }
      const byte = bytes[at++] as number
      counted++
      let next = this.#child(node, byte)
      if (next === 0 && node !== 0) {
        do {
          node = this.#fail[node] as number
          next = this.#child(node, byte)
          counted++
        } while (next === 0 && node !== 0)
        // A short beginning is most often no beginning of a pattern: let the filter decide about it.
        const start = at - (this.#depth[next] as number)
        if (start >= 0 && start < at && at - start < patternBytesMin && start + patternBytesMin <= length) {
          at = start
          next = 0
        }
      }
      node = next
      const found = this.#found[node] as number
      if (found !== 0) match(found - 1, at - (this.#lengths[found - 1] as number), at)
    }
    if (steps) steps.count += counted
    return node
  }

  /** How many of the bytes before could belong to a pattern that is not complete. */
  depth(state: number): number {
    return this.#depth[state] as number
  }

  /** Overwrites the patterns. The automaton finds nothing any more. */
  wipe(): void {
    this.#label.fill(0)
    this.#first.fill(0)
    this.#found.fill(0)
    this.#starts.fill(0)
    for (const table of this.#tables) table.fill(0)
  }

  #addAll(patterns: readonly string[], order: readonly number[], shared: Uint32Array): Int32Array {
    const parents = new Int32Array(this.#label.length)
    /** The states of the latest pattern by their depth. */
    const path = new Int32Array(this.#lengths.reduce((most, length) => Math.max(most, length), 0) + 1)
    let size = 1
    let before = 0
    for (const [at, number] of order.entries()) {
      const pattern = patterns[number] as string
      const from = shared[at] as number
      for (let depth = from; depth < pattern.length; depth++) {
        const node = size++
        const parent = path[depth] as number
        parents[node] = parent
        this.#label[node] = pattern.charCodeAt(depth)
        this.#depth[node] = depth + 1
        if (depth === from && from < before) this.#sibling[path[depth + 1] as number] = node
        else this.#first[parent] = node
        path[depth + 1] = node
      }
      const end = path[pattern.length] as number
      this.#found[end] ||= number + 1
      before = pattern.length
    }
    return parents
  }

  #addTables(parents: Int32Array): void {
    const children = new Uint16Array(this.#label.length)
    for (let node = 1; node < parents.length; node++) {
      const parent = parents[node] as number
      children[parent] = (children[parent] as number) + 1
    }
    for (let node = 0; node < children.length; node++) {
      if (node !== 0 && (children[node] as number) <= chainMax) continue
      const table = new Int32Array(256)
      for (let child = this.#first[node] as number; child !== 0; child = this.#sibling[child] as number) {
        table[this.#label[child] as number] = child
      }
      this.#tables.push(table)
      this.#first[node] = -this.#tables.length
    }
  }

  /** By depth, because a state fails to one that is less deep. */
  #addFailures(parents: Int32Array): void {
    for (const node of byDepth(this.#depth)) {
      const parent = parents[node] as number
      if (parent === 0) continue
      const byte = this.#label[node] as number
      let failed = this.#fail[parent] as number
      let next = this.#child(failed, byte)
      while (next === 0 && failed !== 0) {
        failed = this.#fail[failed] as number
        next = this.#child(failed, byte)
      }
      this.#fail[node] = next
      this.#found[node] ||= this.#found[next] as number
    }
  }

  #child(node: number, byte: number): number {
    let child = this.#first[node] as number
    if (child < 0) return (this.#tables[-child - 1] as Int32Array)[byte] as number
    while (child !== 0 && this.#label[child] !== byte) child = this.#sibling[child] as number
    return child
  }

  #addStart(pattern: string): void {
    let word = 0
    for (let at = 3; at >= 0; at--) word = (word << 8) | pattern.charCodeAt(at)
    const slot = Math.imul(word, spread) >>> this.#startsShift
    this.#starts[slot >>> 3] = (this.#starts[slot >>> 3] as number) | (1 << (slot & 7))
  }

  /** The next position where a pattern can begin. At the latest the first one that the filter cannot decide. */
  #nextStart(bytes: Uint8Array, from: number): number {
    const starts = this.#starts
    const shift = this.#startsShift
    const last = bytes.length - patternBytesMin
    let word =
      ((bytes[from] as number) << 8) | ((bytes[from + 1] as number) << 16) | ((bytes[from + 2] as number) << 24)
    for (let at = from; at <= last; at++) {
      word = (word >>> 8) | ((bytes[at + 3] as number) << 24)
      const slot = Math.imul(word, spread) >>> shift
      if (((starts[slot >>> 3] as number) & (1 << (slot & 7))) !== 0) return at
    }
    return last + 1
  }
}

const spread = 0x9e3779b1

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  let at = 0
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at++
  return at
}

/** The states except the root, the least deep first. */
function byDepth(depths: Uint16Array): Int32Array {
  let deepest = 0
  for (let node = 0; node < depths.length; node++) deepest = Math.max(deepest, depths[node] as number)
  const places = new Int32Array(deepest + 2)
  for (const depth of depths) places[depth + 1] = (places[depth + 1] as number) + 1
  for (let depth = 1; depth < places.length; depth++) {
    places[depth] = (places[depth] as number) + (places[depth - 1] as number)
  }
  const order = new Int32Array(depths.length)
  for (let node = 0; node < depths.length; node++) {
    const depth = depths[node] as number
    order[places[depth] as number] = node
    places[depth] = (places[depth] as number) + 1
  }
  return order.subarray(1)
}
