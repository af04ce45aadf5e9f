/** Acknowledged successes, by name. The audit trail must contain each one as often. */
export class Trail {
  readonly #acknowledged = new Map<string, number>()

  acknowledged(name: string): void {
    count(this.#acknowledged, name)
  }

  /** The successes that the trail contains less often than they were acknowledged. */
  missingIn(told: Iterable<string>): string[] {
    const counts = new Map<string, number>()
    for (const name of told) count(counts, name)
    return [...this.#acknowledged].flatMap(([name, times]) => ((counts.get(name) ?? 0) < times ? [name] : []))
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
