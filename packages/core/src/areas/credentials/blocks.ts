import { perEngine } from '../../operations/index.ts'

// Who may not sign in for now. A block is a field of the user or agent, so every engine reads it with the record that it reads
// for each credential anyway. Tokens end with the epoch of the record; the block refuses keys, passwords and all other ways to a
// new token.

/** A user or an agent, as far as blocks go. */
export interface Blockable {
  /** Time until which the principal cannot sign in. */
  readonly blockedUntil?: number | undefined
}

/** The end of a block that ends only when a human clears it. It is a time that every client can read. */
export const blockedForGood = Date.UTC(9999, 11, 31, 23, 59, 59)

export function isBlocked({ blockedUntil = 0 }: Blockable, now: number): boolean {
  return blockedUntil > now
}

/**
 * Principals whose block is on its way to the store. This engine refuses every credential of theirs from this moment on. Almost
 * always empty.
 */
export const suspects = perEngine(() => new Set<string>())
