/**
 * A mutex per name. A unit that lost a race for a record waits here for its turn, instead of a blind retry. A mutex exists
 * only while a unit holds it or waits for it.
 */
export interface KeyedMutex {
  /** Resolves when it is this caller's turn, with the function that ends the turn. */
  lock(name: string): Promise<() => void>
  /** True while a unit holds the lock. A new unit should then wait for the lock instead of racing. */
  isLocked(name: string): boolean
  /** True while a unit holds the lock of any name. */
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
