/** Who waits for records of a topic, and is told when this engine stored one. Of other engines it knows nothing. */
export class News {
  readonly #listeners = new Map<string, Set<() => void>>()

  /** Answers a function that ends the listening. */
  listen(topic: string, told: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    this.#listeners.set(topic, listeners.add(told))
    return () => {
      listeners.delete(told)
      if (listeners.size === 0) this.#listeners.delete(topic)
    }
  }

  tell(topic: string): void {
    for (const told of this.#listeners.get(topic) ?? []) told()
  }
}
