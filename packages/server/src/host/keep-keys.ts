import type { Hsm } from '@pawl/core/ports'

export interface KeepingKeys {
  /** Destroys no key until the work is done; who asks for that waits. */
  whileKept<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Lets a copy of the records and the image of the keys fit together: a key that goes between the one and the other is in
 * use in the first and missing in the second.
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
