/** Who waits for records of a topic, and is told when this engine stored one. Of other engines it knows nothing. */
export class News {
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #ending = new Set<() => void>()
  #hasEnded = false

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

  /** Calls this at the end of the engine, or at once where it has ended. Answers a function that takes it back. */
  whenEnded(told: () => void): () => void {
    if (this.#hasEnded) told()
    this.#ending.add(told)
    return () => void this.#ending.delete(told)
  }

  /** Nobody waits any more, so that the engine can end. */
  end(): void {
    this.#hasEnded = true
    for (const told of this.#ending) told()
  }
}
