import type { PawlError } from '../kernel/errors.ts'

/** Tells calls that wait for input that the engine ends. Otherwise the engine would wait for them before it ends. */
export interface Ending {
  /** Calls the function when the engine ends, or at once if the end has begun. Returns a function that removes it. */
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
