/**
 * A bounded cache that drops entries that were not used for a long time. A cache whose bytes count is a `Cache`.
 *
 * It has two generations. A used entry moves to the young generation. When the young generation is full, it becomes the
 * old one, and the entries of the old one are dropped. A hit costs one lookup instead of three for an exact order.
 * Entries within the last `max / 2` are always present, and the total is never more than `max`.
 *
 * @example
 * const peers = new Lru<string, Address>({ max: 10_000 })
 */
export class Lru<K, V> {
  #young = new Map<K, V>()
  #old = new Map<K, V>()
  readonly #youngMax: number

  constructor({ max }: { max: number }) {
    this.#youngMax = Math.max(1, Math.floor(max / 2))
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
    if (this.#young.size === this.#youngMax) this.#age()
    this.#young.set(key, value)
  }

  delete(key: K): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }

  *values(): Iterable<V> {
    yield* this.#young.values()
    yield* this.#old.values()
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  #age(): void {
    this.#old = this.#young
    this.#young = new Map()
  }
}
