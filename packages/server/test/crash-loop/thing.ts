import type { Client } from './client.ts'

/** Something in the vault, and what we know of it. Whoever works on it has it alone, so what happens to it has an order. */
export interface Thing {
  /** Does something to it. An `Unanswered` leaves open what became of that. */
  step(client: Client, below: Below): Promise<void>
  /**
   * Compares it with the vault: what is newest of it, or all. What was not answered may have happened or not, and is
   * known from here on.
   */
  check(client: Client, depth: 'newest' | 'all'): Promise<void>
  /** Whether nothing more is to be done to it. */
  readonly isDone: boolean
}

/** A number from 0, below the one given. */
export type Below = (end: number) => number

/** The same numbers for the same seed. */
export function seeded(seed: number): Below {
  let state = seed >>> 0
  return (end) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end)
  }
}

/** What all things have in common: where they are put, and what is written into them. */
export interface Surroundings {
  readonly vaultId: string
  readonly agentId: string
  /** A name that nothing has had. */
  name(): string
  /** A value that nothing has had, tagged. */
  value(): string
}
