import { StorageConflict, type Stored, type Write } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import type { OpenedStorage } from '../../src/conformance/storage.ts'
import type { Full } from '../conformance/storage-breaks.ts'

// Stores that are wrong in one way each. A simulation that does not find them proves nothing of the engine.

/** What is wrong, and a store that is wrong in this way. */
export type Planted = readonly [what: string, open: () => OpenedStorage]

/** The reference as several engines may use it at once. */
export function sharedMemory(): Omit<Full, 'exclusive'> {
  const { exclusive: _, ...shared } = memoryStorage()
  return shared
}

/** Another way to commit, for one batch and for several. */
function committing<S extends Omit<Full, 'exclusive'>>(
  storage: S,
  commit: (writes: readonly Write[]) => Promise<void>,
): S {
  const commitMany: Full['commitMany'] = async (batches) => {
    const answers: (StorageConflict | null)[] = []
    for (const writes of batches) {
      answers.push(
        await commit(writes).then(
          () => null,
          (error: unknown) => {
            if (error instanceof StorageConflict) return error
            throw error
          },
        ),
      )
    }
    return answers
  }
  return { ...storage, commit, commitMany }
}

/** Says that it has stored what is still in a buffer, and loses that with the process. */
function forgetful(): OpenedStorage {
  const memory = memoryStorage()
  let undo: Write[] = []
  let held: Full = memory
  const open = (): Full => {
    const lost = undo
    undo = []
    return committing(
      {
        ...memory,
        setup: async () => {
          if (lost.length > 0) await memory.commit(lost)
        },
      },
      async (writes) => {
        const before = await memory.get(writes)
        await memory.commit(writes)
        undo = writes.flatMap((write, at): Write[] => backwards(write, before[at] ?? null))
      },
    )
  }
  held = open()
  return { storage: held, again: open }
}

/** What brings back the record as it was. Its keys are those of the newer one, which is near enough. */
function backwards(write: Write, before: { version: string; body: Uint8Array } | null): Write[] {
  if (write.op !== 'put') return []
  const { kind, id, version, keys } = write
  if (!before) return [{ op: 'delete', kind, id, expect: version }]
  return [{ op: 'put', kind, id, ...before, expect: version, keys }]
}

/** Does not write some records, and says that it did. */
function losing(isLost: (write: Write, at: number) => boolean): OpenedStorage {
  const shared = sharedMemory()
  let batches = 0
  return {
    storage: committing(shared, (writes) => {
      batches++
      return shared.commit(writes.filter((write) => !isLost(write, batches)))
    }),
  }
}

/** Overwrites records of a kind, whatever their version is by now. */
function overwriting(isBlind: (write: Write) => boolean): OpenedStorage {
  const shared = sharedMemory()
  return {
    storage: committing(shared, async (writes) => {
      const found = await shared.get(writes)
      await shared.commit(
        writes.map((write, at) => {
          const expect = found[at]?.version ?? null
          return isBlind(write) && expect !== null ? ({ ...write, expect } as Write) : write
        }),
      )
    }),
  }
}

/** Answers every other time with a record as it was before it was last changed. */
function stale(): OpenedStorage {
  const shared = sharedMemory()
  const old = new Map<string, Stored>()
  let reads = 0
  const outdated = <T extends Stored | null>(found: T): T => {
    const before = found && old.get(`${found.kind} ${found.id}`)
    return before && ++reads % 2 === 0 ? { ...found, version: before.version, body: before.body } : found
  }
  const committed = committing(shared, async (writes) => {
    const before = await shared.get(writes)
    await shared.commit(writes)
    for (const one of before) if (one) old.set(`${one.kind} ${one.id}`, one)
  })
  return {
    storage: {
      ...committed,
      get: async (refs) => (await shared.get(refs)).map(outdated),
      scan: async (range) => (await shared.scan(range)).map(outdated),
    },
  }
}

/** Two engines that each believe the store to be theirs alone, so that neither looks at what the other wrote. */
function notExclusive(): OpenedStorage {
  const memory = memoryStorage()
  let asked = 0
  return {
    storage: {
      ...memory,
      // Said to engines when they open; the simulation, which asks first, is told the truth.
      get exclusive() {
        return (asked++ > 0) as true
      },
    },
  }
}

export const planted: readonly Planted[] = [
  ['loses in a crash what it has acknowledged', forgetful],
  [
    'drops the second half of a batch',
    () => losing((write, batch) => batch > 40 && batch % 9 === 0 && write.kind !== 'auditLane'),
  ],
  [
    'counts the uses of a share without looking whether somebody else did',
    () => overwriting(({ kind }) => kind === 'share'),
  ],
  ['counts the reads of a value likewise', () => overwriting(({ kind }) => kind === 'secretVersion')],
  ['answers with what is outdated', stale],
  ['lets two engines believe that each is alone', notExclusive],
]
