/**
 * A bounded cache that drops entries that were not used for a long time. `weigh` returns the size of an entry. Default:
 * 1. `dropped` gets each value that makes room for others.
 *
 * It has two generations. A used entry moves to the young generation. When the young generation is full, it becomes the
 * old one, and the entries of the old one are dropped. A hit costs one lookup instead of three for an exact order.
 * Entries within the last `max / 2` are always present, and the total is never more than `max`.
 *
 * @example
 * const tokens = new Lru<string, Claims>({ max: 10_000 })
 */
export class Lru<K, V> {
  #young = new Map<K, V>()
  #old = new Map<K, V>()
  #youngWeight = 0
  readonly #weightMax: number
  readonly #weigh: (value: V) => number
  readonly #dropped: ((value: V) => void) | null

  constructor({
    max,
    weigh = () => 1,
    dropped,
  }: {
    max: number
    weigh?: (value: V) => number
    dropped?: (value: V) => void
  }) {
    this.#weightMax = Math.max(1, Math.floor(max / 2))
    this.#weigh = weigh
    this.#dropped = dropped ?? null
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: K, value: V): void {
    this.delete(key)
    const weight = this.#weigh(value)
    if (weight > this.#weightMax) return
    if (this.#youngWeight + weight > this.#weightMax) this.#age()
    this.#young.set(key, value)
    this.#youngWeight += weight
  }

  delete(key: K): void {
    const young = this.#young.get(key)
    if (young !== undefined) {
      this.#young.delete(key)
      this.#youngWeight -= this.#weigh(young)
    }
    this.#old.delete(key)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
    this.#youngWeight = 0
  }

  *values(): Iterable<V> {
    yield* this.#young.values()
    yield* this.#old.values()
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  #age(): void {
    if (this.#dropped) for (const value of this.#old.values()) this.#dropped(value)
    this.#old = this.#young
    this.#young = new Map()
    this.#youngWeight = 0
  }
}
