import type { Sync, Write } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'

/** The reference storage, with a window: what is written, and how many records of each kind there are. */
export function watchedStorage(onWrite: (kind: string) => void) {
  const storage = memoryStorage()
  const stored = new Map<string, string>()
  const note = (writes: readonly Write[]) => {
    for (const { op, kind, id } of writes) {
      if (op === 'put') stored.set(`${kind} ${id}`, kind)
      if (op === 'delete') stored.delete(`${kind} ${id}`)
    }
  }
  const announce = (writes: readonly Write[]) => {
    for (const { op, kind } of writes) if (op === 'put') onWrite(kind)
  }
  return {
    storage: {
      ...storage,
      commit: async (writes: readonly Write[]) => {
        announce(writes)
        await storage.commit(writes)
        note(writes)
      },
      commitMany: async (batches: readonly (readonly Write[])[], sync?: Sync) => {
        batches.forEach(announce)
        const answers = await storage.commitMany(batches, sync)
        for (const [at, answer] of answers.entries()) if (answer === null) note(batches[at] ?? [])
        return answers
      },
    },
    storedKinds: () => {
      const counts: Record<string, number> = {}
      for (const kind of stored.values()) counts[kind] = (counts[kind] ?? 0) + 1
      return counts
    },
  }
}
