/**
 * Waiting lines, one per name: who lost a race for a record waits here for the one before, instead of trying again
 * blindly. A line exists only while somebody stands in it.
 */
export interface Lines {
  /** Resolves when it is this caller's turn, with the function that ends the turn. */
  enter(name: string): Promise<() => void>
  /** True while somebody has the turn, so a newcomer does better to join than to race. */
  busy(name: string): boolean
  /** True while somebody waits anywhere. */
  readonly any: boolean
}

export function lines(): Lines {
  const tails = new Map<string, Promise<void>>()
  return {
    busy: (name) => tails.has(name),
    get any() {
      return tails.size > 0
    },
    enter: async (name) => {
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
