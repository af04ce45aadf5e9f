/**
 * Waiting lines, one per name: who lost a race for a record waits here for the one before, instead of trying again
 * blindly. A line exists only while somebody stands in it.
 */
export interface KeyedMutex {
  /** Resolves when it is this caller's turn, with the function that ends the turn. */
  lock(name: string): Promise<() => void>
  /** True while somebody has the turn, so a newcomer does better to join than to race. */
  isLocked(name: string): boolean
  /** True while somebody waits anywhere. */
  readonly isAnyLocked: boolean
}

export function keyedMutex(): KeyedMutex {
  const tails = new Map<string, Promise<void>>()
  return {
    isLocked: (name) => tails.has(name),
    get isAnyLocked() {
      return tails.size > 0
    },
    lock: async (name) => {
      const before = tails.get(name)
      let leave: () => void = () => {}
      const mine = new Promise<void>((resolve) => {
        leave = resolve
      })
      tails.set(name, mine)
      await before
      return () => {
        if (tails.get(name) === mine) tails.delete(name)
        leave()
      }
    },
  }
}
