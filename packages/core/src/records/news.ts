/** Listeners by topic. They hear of each record that this engine stores, and of none that another engine stores. */
export class News {
  readonly #listeners = new Map<string, Set<() => void>>()

  /** Returns a function that removes the listener. */
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
