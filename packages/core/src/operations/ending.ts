import type { PawlError } from '../kernel/errors.ts'

/** Tells those who wait for a sender that the engine ends, because an engine ends once nothing is under way. */
export interface Ending {
  /** Calls the function when the engine ends; at once, when it has begun to. Returns how to forget the function. */
  onEnd(tell: (error: PawlError) => void): () => void
}

/** An ending, and how to announce it. */
export function newEnding(): Ending & { announce(error: PawlError): void } {
  const listeners = new Set<(error: PawlError) => void>()
  let ended: PawlError | null = null
  return {
    onEnd: (tell) => {
      if (ended) tell(ended)
      else listeners.add(tell)
      return () => void listeners.delete(tell)
    },
    announce: (error) => {
      ended = error
      for (const tell of [...listeners]) tell(error)
      listeners.clear()
    },
  }
}
