/** Default of the setting `cacheBytes`. */
export const cacheBytesDefault = 64 * 1024 * 1024

/** Something that is remembered. */
export interface Remembered {
  /** Bytes of heap, about. 0 once it is dropped. */
  weight: number
  isUsed: boolean
  /** Takes it out of where it is found. */
  remove(): void
}

/**
 * The memory limit for all caches of one engine: records, lists, tokens, data keys. It evicts unused entries first, with the
 * clock algorithm: a hand moves in a circle, clears the mark of used entries, and evicts entries without a mark.
 */
export class Budget {
  readonly bytesMax: number
  /** Approximate number of bytes in use. */
  bytes = 0
  #entries: Remembered[] = []
  #hand = 0
  #gone = 0

  constructor(bytesMax: number = cacheBytesDefault) {
    this.bytesMax = bytesMax
  }

  add(entry: Remembered): void {
    this.#entries.push(entry)
    this.bytes += entry.weight
    this.#trim()
  }

  reweigh(entry: Remembered, weight: number): void {
    this.bytes += weight - entry.weight
    entry.weight = weight
    this.#trim()
  }

  /** The ring frees the place of the entry when the hand passes it, or when too many places are empty. */
  drop(entry: Remembered): void {
    this.#release(entry)
    this.#gone++
    if (this.#gone > 1_000 && this.#gone > this.#entries.length / 2) this.#compact()
  }

  clear(): void {
    for (const entry of this.#entries) if (entry.weight > 0) this.#release(entry)
    this.#entries = []
    this.#hand = 0
    this.#gone = 0
  }

  #trim(): void {
    while (this.bytes > this.bytesMax && this.#entries.length > 0) {
      // The last entry may be the newest. It takes the place of the evicted entry, behind the hand.
      if (this.#hand >= this.#entries.length - 1) this.#hand = 0
      const entry = this.#entries[this.#hand] as Remembered
      if (entry.isUsed && entry.weight > 0) {
        entry.isUsed = false
        this.#hand++
        continue
      }
      const last = this.#entries.pop() as Remembered
      if (last !== entry) this.#entries[this.#hand++] = last
      if (entry.weight === 0) this.#gone--
      else this.#release(entry)
    }
  }

  #release(entry: Remembered): void {
    entry.remove()
    this.bytes -= entry.weight
    entry.weight = 0
  }

  #compact(): void {
    this.#entries = this.#entries.filter(({ weight }) => weight > 0)
    this.#hand = 0
    this.#gone = 0
  }
}

interface CacheOptions<K, V> {
  /** Bytes of heap, about. */
  weigh(value: V, key: K): number
  /** Gets each value that is no longer remembered. */
  dropped?(value: V): void
}

/**
 * A map that remembers as long as the budget allows.
 *
 * @example
 * const dataKeys = new Cache<string, Uint8Array>(budget, { weigh: (key) => 200 + key.length, dropped: wipe })
 */
export class Cache<K, V> {
  readonly #entries = new Map<K, CacheEntry<K, V>>()
  readonly #budget: Budget
  readonly #options: CacheOptions<K, V>

  constructor(budget: Budget, options: CacheOptions<K, V>) {
    this.#budget = budget
    this.#options = options
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    entry.isUsed = true
    return entry.value
  }

  set(key: K, value: V): void {
    const { weigh, dropped } = this.#options
    const before = this.#entries.get(key)
    if (before) this.#budget.drop(before)
    const weight = weigh(value, key)
    // One that is larger would drop much of the rest.
    if (weight <= this.#budget.bytesMax / 4) {
      const entry = new CacheEntry(this.#entries, key, value, weight, dropped)
      this.#entries.set(key, entry)
      this.#budget.add(entry)
    } else dropped?.(value)
  }

  delete(key: K): void {
    const entry = this.#entries.get(key)
    if (entry) this.#budget.drop(entry)
  }

  *values(): Iterable<V> {
    for (const { value } of this.#entries.values()) yield value
  }
}

class CacheEntry<K, V> implements Remembered {
  readonly #home: Map<K, CacheEntry<K, V>>
  readonly #key: K
  readonly #dropped: ((value: V) => void) | undefined
  readonly value: V
  weight: number
  isUsed = false

  constructor(home: Map<K, CacheEntry<K, V>>, key: K, value: V, weight: number, dropped?: (value: V) => void) {
    this.#home = home
    this.#key = key
    this.#dropped = dropped
    this.value = value
    this.weight = weight
  }

  remove(): void {
    this.#home.delete(this.#key)
    this.#dropped?.(this.value)
  }
}
