import type { Hsm } from '@pawl/core/ports'

export interface KeepingKeys {
  /** Destroys no key until the work is done. A call that destroys a key waits. */
  whileKept<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Keeps a copy of the records consistent with the image of the keys. Without it, a key that is destroyed between the two
 * would be in use in the records and missing in the image.
 */
export function withKeysKept<H extends Hsm>(hsm: H): H & KeepingKeys {
  const destroyKey = hsm.destroyKey.bind(hsm)
  let kept: Promise<unknown> = Promise.resolve()
  return Object.assign(hsm, {
    destroyKey: async (uri: string) => {
      await kept
      await destroyKey(uri)
    },
    whileKept: <T>(work: () => Promise<T>) => {
      const done = work()
      kept = Promise.allSettled([kept, done])
      return done
    },
  })
}
