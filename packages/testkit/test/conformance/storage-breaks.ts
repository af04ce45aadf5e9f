import {
  type Exclusive,
  type GroupCommit,
  type Hit,
  type Kept,
  type Put,
  type Range,
  type Ref,
  type Snapshot,
  type Storage,
  StorageConflict,
  StorageUnusable,
  type Stored,
  type Write,
} from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import type { OpenedStorage } from '../../src/conformance/storage.ts'

// Stores that are wrong in one way each, and the case of the suite that says so. They are the proof that the suite is
// worth running: a promise that can be broken without a red case is not tested.

export type Full = Storage & GroupCommit & Snapshot & Exclusive
export type Break = (storage: Full) => Full

/** What is wrong, how, and the title of the case that must find it. */
export type Fault = readonly [what: string, broken: Break, foundBy: string]

/** A correct store that can be opened again, and by one at a time. */
export function lastingMemory(broken: Break = (storage) => storage): OpenedStorage {
  const memory = memoryStorage()
  let holders = 0
  const open = (): Full => {
    let held = false
    const setup = async () => {
      if (!held && holders > 0) throw new StorageUnusable('in use')
      if (!held) holders++
      held = true
    }
    const close = async () => {
      if (held) holders--
      held = false
    }
    return broken({ ...memory, setup, close })
  }
  return { storage: open(), again: open }
}

/** Replaces how one batch is committed, alone and in a group. */
function committing(storage: Full, commit: (writes: readonly Write[]) => Promise<void>): Full {
  const answer = (writes: readonly Write[]) => conflictOf(commit(writes))
  return { ...storage, commit, commitMany: (batches) => inOrder(batches, answer) }
}

async function conflictOf(commit: Promise<void>): Promise<StorageConflict | null> {
  try {
    await commit
    return null
  } catch (error) {
    if (error instanceof StorageConflict) return error
    throw error
  }
}

async function inOrder<A, B>(all: readonly A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const done: B[] = []
  for (const one of all) done.push(await work(one))
  return done
}

function writing(change: (write: Write) => Write | null): Break {
  return (storage) => {
    const edit = (writes: readonly Write[]) => writes.map(change).filter((write) => write !== null)
    return {
      ...storage,
      commit: (writes) => storage.commit(edit(writes)),
      commitMany: (batches) => storage.commitMany(batches.map(edit)),
    }
  }
}

const putting = (change: (put: Put) => Put) => writing((write) => (write.op === 'put' ? change(write) : write))

function getting(change: (found: (Stored | null)[]) => (Stored | null)[]): Break {
  return (storage) => ({ ...storage, get: async (refs) => change(await storage.get(refs)) })
}

function scanning(scan: (range: Range, storage: Full) => Promise<Hit[]>): Break {
  return (storage) => ({ ...storage, scan: (range) => scan(range, storage) })
}

function grouping(
  commitMany: (batches: readonly (readonly Write[])[], storage: Full) => ReturnType<Full['commitMany']>,
) {
  return (storage: Full): Full => ({ ...storage, commitMany: (batches) => commitMany(batches, storage) })
}

/** Changes what a snapshot shows. */
function showing(change: (shown: AsyncIterable<readonly Kept[]>, storage: Full) => AsyncIterable<readonly Kept[]>) {
  return (storage: Full): Full => ({ ...storage, snapshot: () => change(storage.snapshot(), storage) })
}

function showingEach(change: (kept: Kept) => Kept): Break {
  return showing(async function* (shown) {
    for await (const chunk of shown) yield chunk.map(change)
  })
}

/** Refuses nothing that `lenient` is true for: such a write finds what it expects, whatever is there. */
function forgiving(lenient: (write: Write) => boolean): Break {
  return (storage) =>
    committing(storage, async (writes) => {
      const found = await storage.get(writes)
      const forgiven = writes.flatMap((write, at): Write[] => {
        const expect = found[at]?.version ?? null
        if (!lenient(write)) return [write]
        if (write.op !== 'delete') return [{ ...write, expect }]
        return expect === null ? [] : [{ ...write, expect }]
      })
      await storage.commit(forgiven)
    })
}

/** Says something else about a conflict than it should. */
function complaining(change: (conflict: StorageConflict) => Error): Break {
  return (storage) =>
    committing(storage, async (writes) => {
      const conflict = await conflictOf(storage.commit(writes))
      if (conflict) throw change(conflict)
    })
}

const expectsNothing = ({ expect }: Write) => expect === null
const sameRef = (a: Ref, b: Ref) => a.kind === b.kind && a.id === b.id

export const faults: readonly Fault[] = [
  // Expectations.
  [
    'a put overwrites what it expects not to be there',
    forgiving((write) => write.op === 'put' && expectsNothing(write)),
    'refuses a put that expects no record, when there is one',
  ],
  [
    'a put overwrites a newer version',
    forgiving((write) => write.op === 'put' && !expectsNothing(write)),
    'refuses a put that expects another version',
  ],
  [
    'a put creates what it expects to be there',
    forgiving((write) => write.op === 'put' && !expectsNothing(write)),
    'refuses a put that expects a version, when there is no record',
  ],
  [
    'a delete removes a newer version',
    forgiving((write) => write.op === 'delete'),
    'refuses a delete that expects another version',
  ],
  [
    'a delete of nothing succeeds',
    forgiving((write) => write.op === 'delete'),
    'refuses a delete, when there is no record',
  ],
  [
    'checks are skipped',
    writing((write) => (write.op === 'check' ? null : write)),
    'refuses a check that expects another version',
  ],
  [
    'checks of absence are skipped',
    writing((write) => (write.op === 'check' && expectsNothing(write) ? null : write)),
    'refuses a check that expects no record, when there is one',
  ],
  [
    'checks of presence are skipped',
    writing((write) => (write.op === 'check' && !expectsNothing(write) ? null : write)),
    'refuses a check that expects a version, when there is no record',
  ],
  [
    'a version is never new',
    putting((put) => ({ ...put, version: put.expect ?? put.version })),
    'refuses a version that was current once',
  ],
  [
    'a conflict is a plain error',
    complaining(() => new Error('conflict')),
    'refuses a put that expects another version',
  ],
  [
    'a conflict names another record',
    complaining(({ reason, ref, index }) => new StorageConflict(reason, { ...ref, id: 'other' }, index)),
    'refuses a put that expects another version',
  ],
  [
    'a taken key is called stale',
    complaining(({ ref, index }) => new StorageConflict('stale', ref, index)),
    'refuses a key that belongs to another record, and names the record and the index',
  ],
  [
    'a conflict does not say in which index',
    complaining(({ reason, ref }) => new StorageConflict(reason, ref)),
    'refuses a key that belongs to another record, and names the record and the index',
  ],
  ['judges, and then waits before it writes', judgeThenWait, 'lets exactly one of many racing creators win'],
  ['judges changes, and then waits before it writes', judgeThenWait, 'lets exactly one of many racing changes win'],
  [
    'judges checks apart from the writes',
    checkThenWait,
    'never lets two racing batches each change what the other checked',
  ],
  [
    'judges that there is nothing apart from the writes',
    checkThenWait,
    'never lets two racing batches each create what the other found missing',
  ],

  // Batches.
  ['applies what it can of a refused batch', applyHalf(0), 'applies nothing of a batch when write 3 of 3 is refused'],
  ['applies what comes after a refused write', applyHalf(1), 'applies nothing of a batch when write 1 of 3 is refused'],
  ['applies the others when a key is taken', applyHalf(0), 'applies nothing of a batch when a key in it is taken'],
  [
    'forgets the end of a long batch',
    (storage) => committing(storage, (writes) => storage.commit(writes.slice(0, 50))),
    'takes a batch of 100 records and an empty one',
  ],
  [
    'takes the last of two writes of a record',
    (storage) => committing(storage, (writes) => storage.commit(writes.filter((one, at) => isLast(one, at, writes)))),
    'throws a TypeError for a batch that names a record twice, and applies nothing',
  ],

  // Keys.
  ['keeps old keys on an update', withKeysKept('put'), 'replaces all keys of a record on a put'],
  [
    'writes no keys on an update',
    putting((put) => (put.expect === null ? put : { ...put, keys: [] })),
    'finds the new version under a key that did not change',
  ],
  ['keeps the keys of what it deletes', withKeysKept('delete'), 'removes the keys of a record with it'],
  [
    'keeps only one key of an index',
    putting((put) => ({
      ...put,
      keys: put.keys.filter((one, at) => put.keys.findIndex((other) => other.index === one.index) === at),
    })),
    'finds a record under each of its keys',
  ],
  [
    'ignores that a key is taken',
    stealing,
    'refuses a key that belongs to another record, and names the record and the index',
  ],
  ['judges taken before stale', takenFirst, 'says stale and not taken when both are true'],
  ['judges keys by the state before the batch', keysBefore, 'hands a key from one record to another in one batch'],
  ['applies the writes of a batch one by one', oneByOne, 'swaps the keys of two records in one batch'],
  ['lets the last of two puts have the key', lastPutWins, 'refuses two records of one batch that want the same key'],
  [
    'shares keys among indexes',
    putting((put) => ({ ...put, keys: put.keys.map(({ key }) => ({ index: 'list', key })) })),
    'lets the same key stand in other indexes and other kinds',
  ],
  [
    'cuts keys at 255 bytes',
    putting((put) => ({ ...put, keys: put.keys.map(({ index, key }) => ({ index, key: key.slice(0, 255) })) })),
    'keeps keys of 1,024 bytes that differ in the last',
  ],
  [
    'refuses a key that is said twice',
    putting((put) => {
      if (new Set(put.keys.map(({ index, key }) => `${index}\n${key}`)).size < put.keys.length) throw new Error('twice')
      return put
    }),
    'takes a key that a record says twice for one',
  ],

  // Scans.
  [
    'scans in the order of a dictionary',
    scanning(async (range, { scan }) => (await scan(range)).sort((a, b) => a.key.localeCompare(b.key))),
    'scans in byte order, also where that is not the order of a dictionary',
  ],
  [
    'scans in no order',
    scanning(async (range, { scan }) => {
      const [first, ...others] = await scan(range)
      return first ? [...others, first] : []
    }),
    'scans in byte order, also where that is not the order of a dictionary',
  ],
  [
    'includes the upper bound',
    scanning((range, { scan }) => scan({ ...range, to: `${range.to} ` })),
    'includes the lower bound and excludes the upper one, in both directions',
  ],
  [
    'excludes the lower bound',
    scanning((range, { scan }) => scan({ ...range, from: `${range.from} ` })),
    'includes the lower bound and excludes the upper one, in both directions',
  ],
  [
    'exchanges the bounds in reverse',
    scanning(async (range, { scan }) => {
      const hits = await scan(range)
      return range.reverse ? hits.filter(({ key }) => key !== range.from) : hits
    }),
    'includes the lower bound and excludes the upper one, in both directions',
  ],
  [
    'ignores the limit',
    scanning((range, { scan }) => scan({ ...range, limit: 10_000 })),
    'stops at the limit, at the end it starts from',
  ],
  [
    'stops one short of the limit',
    scanning((range, { scan }) => scan({ ...range, limit: range.limit - 1 })),
    'stops at the limit, at the end it starts from',
  ],
  [
    'has a lower limit of its own',
    scanning((range, { scan }) => scan({ ...range, limit: Math.min(range.limit, 500) })),
    'scans 1,000 records, and pages through more without a gap or a repeat',
  ],
  [
    'ignores reverse',
    scanning((range, { scan }) => scan({ ...range, reverse: false })),
    'scans in byte order, also where that is not the order of a dictionary',
  ],
  [
    'reverses after the limit',
    scanning(async (range, { scan }) => {
      const hits = await scan({ ...range, reverse: false })
      return range.reverse ? hits.reverse() : hits
    }),
    'stops at the limit, at the end it starts from',
  ],
  [
    'finds a record once in an index',
    scanning(async (range, { scan }) => {
      const hits = await scan(range)
      return hits.filter(({ id }, at) => hits.findIndex((hit) => hit.id === id) === at)
    }),
    'finds a record under each of its keys',
  ],
  [
    'looks in another index when one is empty',
    scanning(async (range, { scan }) => {
      const hits = await scan(range)
      return hits.length > 0 ? hits : scan({ ...range, index: 'list' })
    }),
    'finds nothing in an index or a kind that has no keys',
  ],
  [
    'finds keys without their bodies',
    scanning(async (range, { scan }) => (await scan(range)).map((hit) => ({ ...hit, body: new Uint8Array(0) }))),
    'finds a record under each of its keys',
  ],

  // Records and bodies.
  [
    'gets in another order',
    getting((found) => found.reverse()),
    'answers a get in the order asked for, with null where there is no record',
  ],
  [
    'leaves out what is not there',
    getting((found) => found.filter((one) => one !== null)),
    'answers a get in the order asked for, with null where there is no record',
  ],
  [
    'forgets everything when it is set up again',
    (storage) => ({ ...storage, setup: async () => deleteAll(storage, await storage.scan(listOf('thing'))) }),
    'keeps records when it is set up again',
  ],
  [
    'mixes the kinds',
    (storage) => {
      const merged = <R extends Ref>(ref: R): R => ({ ...ref, kind: 'all' })
      return {
        ...writing(merged)(storage),
        get: async (refs) => {
          const found = await storage.get(refs.map(merged))
          return found.map((one, at) => one && { ...one, kind: refs[at]?.kind ?? '' })
        },
      }
    },
    'keeps the records of each kind apart',
  ],
  [
    'keeps the first body',
    (storage) =>
      committing(storage, async (writes) => {
        const found = await storage.get(writes)
        const bodyAt = (write: Put, at: number) => found[at]?.body ?? write.body
        await storage.commit(writes.map((one, at) => (one.op === 'put' ? { ...one, body: bodyAt(one, at) } : one)))
      }),
    'gives back the newest version and body',
  ],
  [
    'takes an empty body for no record',
    getting((found) => found.map((one) => (one?.body.length ? one : null))),
    'keeps a body of no bytes',
  ],
  ['cuts bodies at 64 KiB', putting((put) => ({ ...put, body: put.body.slice(0, 65_536) })), 'keeps a body of 1 MiB'],
  [
    'keeps bodies as text',
    putting((put) => ({ ...put, body: put.body.map((byte) => (byte < 128 ? byte : 63)) })),
    'keeps a body of every byte there is',
  ],
  [
    'keeps the buffer behind a view',
    putting((put) => ({ ...put, body: new Uint8Array(put.body.buffer) })),
    'keeps the bytes of a view, not of the buffer behind it',
  ],
  ['shares bodies with whoever wrote them', sharingIn, 'is not changed by what a caller does to a body afterwards'],
  ['shares bodies with whoever reads them', sharingOut, 'is not changed by what a caller does to a body afterwards'],
  [
    'takes ids of other case for the same',
    (storage) => {
      const lower = <R extends Ref>(ref: R): R => ({ ...ref, id: ref.id.toLowerCase() })
      return { ...writing(lower)(storage), get: (refs) => storage.get(refs.map(lower)) }
    },
    'keeps apart ids and keys that are odd within one kind',
  ],
  [
    'trims keys',
    putting((put) => ({ ...put, keys: put.keys.map(({ index, key }) => ({ index, key: key.trim() })) })),
    'keeps apart ids and keys that are odd within one kind',
  ],
  [
    'runs kinds and ids together',
    (storage) => {
      const joined = <R extends Ref>(ref: R): R => ({ ...ref, kind: '', id: ref.kind + ref.id })
      return {
        ...writing(joined)(storage),
        get: async (refs) => (await storage.get(refs.map(joined))).map((one, at) => one && { ...one, ...refs[at] }),
      }
    },
    'tells names from where they are split',
  ],

  // Abilities.
  [
    'stops a group at the first conflict',
    grouping(async (batches, storage) => {
      let stopped: StorageConflict | null = null
      return inOrder(batches, async (writes) => {
        stopped ??= await conflictOf(storage.commit(writes))
        return stopped
      })
    }),
    'answers for each of many batches, and a refused one stops no other',
  ],
  [
    'hides that it stopped a group',
    grouping(async (batches, storage) => {
      let stopped = false
      return inOrder(batches, async (writes) => {
        const conflict = stopped ? null : await conflictOf(storage.commit(writes))
        stopped ||= conflict !== null
        return conflict
      })
    }),
    'answers for each of many batches, and a refused one stops no other',
  ],
  [
    'applies a group whole or not at all',
    wholeGroups,
    'answers for each of many batches, and a refused one stops no other',
  ],
  [
    'judges a group by the state before it',
    judgedTogether,
    'commits many batches in order, each seeing what those before it did',
  ],
  [
    'commits a group backwards',
    grouping(async (batches, storage) => (await storage.commitMany([...batches].reverse())).reverse()),
    'commits many batches in order, each seeing what those before it did',
  ],
  [
    'answers a group backwards',
    grouping(async (batches, storage) => (await storage.commitMany(batches)).reverse()),
    'lets exactly one of many batches of a group create a record',
  ],
  [
    'answers only for what was refused',
    grouping(async (batches, storage) => (await storage.commitMany(batches)).filter((answer) => answer !== null)),
    'commits no batches at all, and empty ones',
  ],
  [
    'leaves a refused batch of a group behind in part',
    grouping((batches, storage) => inOrder(batches, (writes) => conflictOf(applyHalf(0)(storage).commit(writes)))),
    'applies nothing of a refused batch that a later batch of the group could see',
  ],
  [
    'drops a batch of a group that names a record twice',
    grouping(async (batches, storage) =>
      inOrder(batches, (writes) => conflictOf(storage.commit(writes)).catch(() => null)),
    ),
    'throws a TypeError when one of many batches names a record twice, and applies none',
  ],
  [
    'shows a record in every chunk of a snapshot',
    showing(async function* (shown) {
      let first: readonly Kept[] | undefined
      for await (const chunk of shown) {
        yield first ? [...chunk, ...first.slice(0, 1)] : chunk
        first ??= chunk
      }
    }),
    'shows one moment in a snapshot, though everything changes after its first chunk',
  ],
  [
    'shows a record that never was in a snapshot',
    showing(async function* (shown) {
      yield* shown
      yield [{ kind: 'thing', id: 'made up', version: 'v', body: new Uint8Array(0), keys: [] }]
    }),
    'shows nothing of an empty store in a snapshot',
  ],
  [
    'forgets the keys in a snapshot',
    showingEach((kept) => ({ ...kept, keys: kept.keys.slice(0, 1) })),
    'shows every record once in a snapshot, with its body and all its keys',
  ],
  [
    'shows the first key of a record twice in a snapshot',
    showingEach((kept) => ({ ...kept, keys: [...kept.keys.slice(0, 1), ...kept.keys] })),
    'shows a key that a record says twice once in a snapshot',
  ],
  [
    'leaves records without keys out of a snapshot',
    showing(async function* (shown) {
      for await (const chunk of shown) yield chunk.filter(({ keys }) => keys.length > 0)
    }),
    'shows every record once in a snapshot, with its body and all its keys',
  ],
  [
    'cuts bodies in a snapshot',
    showingEach((kept) => ({ ...kept, body: kept.body.slice(0, 1) })),
    'shows every record once in a snapshot, with its body and all its keys',
  ],
  [
    'reads a snapshot as it goes',
    showing(readingOn),
    'shows one moment in a snapshot, though everything changes after its first chunk',
  ],
  [
    'reads each record of a snapshot when its turn comes',
    showing(readingLater),
    'shows what one batch wrote in a snapshot wholly or not at all, while others write',
  ],
  [
    'holds on to snapshots that were left',
    holdingOn,
    'lets go of a snapshot that is not read to its end, and bears two at once',
  ],
  [
    'gives a snapshot in one chunk',
    showing(async function* (shown) {
      const chunks: Kept[] = []
      for await (const chunk of shown) chunks.push(...chunk)
      yield chunks
    }),
    'gives a snapshot in chunks that fit into memory',
  ],
  [
    'lets a second one open it',
    (storage) => ({ ...storage, setup: () => storage.setup().catch(() => {}) }),
    'cannot be opened a second time while it is open',
  ],
  [
    'loses its last commit when it is closed',
    losing('put'),
    'has what was committed last when it is opened again, and can go on from there',
  ],
  ['brings back what was deleted', losing('delete'), 'has everything that was committed when it is opened again'],
]

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
const listOf = (kind: string): Range => ({ kind, index: 'list', from: '', to: '~~~', limit: 1_000 })

async function deleteAll(storage: Storage, found: readonly Stored[]): Promise<void> {
  await storage.commit(found.map(({ kind, id, version }) => ({ op: 'delete', kind, id, expect: version })))
}

function judgeThenWait(storage: Full): Full {
  return committing(storage, async (writes) => {
    const found = await storage.get(writes)
    const stale = writes.find((write, at) => (found[at]?.version ?? null) !== write.expect)
    if (stale) throw new StorageConflict('stale', stale)
    await soon()
    await forgiving(() => true)(storage).commit(writes)
  })
}

function checkThenWait(storage: Full): Full {
  return committing(storage, async (writes) => {
    await storage.commit(writes.filter(({ op }) => op === 'check'))
    await soon()
    await storage.commit(writes.filter(({ op }) => op !== 'check'))
  })
}

/** Applies the writes before the refused one, or after it. */
function applyHalf(after: 0 | 1): Break {
  return (storage) =>
    committing(storage, async (writes) => {
      const conflict = await conflictOf(storage.commit(writes))
      if (!conflict) return
      const at = writes.findIndex((write) => sameRef(write, conflict.ref))
      await conflictOf(storage.commit(after ? writes.slice(at + 1) : writes.slice(0, at)))
      throw conflict
    })
}

function isLast(write: Write, at: number, writes: readonly Write[]): boolean {
  return !writes.slice(at + 1).some((other) => sameRef(other, write))
}

/** Finds a record under the keys it had before it was updated or deleted. */
function withKeysKept(op: 'put' | 'delete'): Break {
  return (storage) => {
    const old: Hit[] = []
    const commit = async (writes: readonly Write[]) => {
      const before = await storage.scan(listOf('thing'))
      await storage.commit(writes)
      old.push(...before.filter((hit) => writes.some((write) => write.op === op && sameRef(write, hit))))
    }
    const scan = async (range: Range) => {
      const hits = await storage.scan(range)
      return [...hits, ...old.filter(({ key }) => !hits.some((hit) => hit.key === key))]
    }
    return { ...committing(storage, commit), scan }
  }
}

function stealing(storage: Full): Full {
  return committing(storage, async (writes) => {
    const conflict = await conflictOf(storage.commit(writes))
    if (conflict?.reason === 'stale') throw conflict
    if (conflict) await storage.commit(writes.map((write) => (write.op === 'put' ? { ...write, keys: [] } : write)))
  })
}

function takenFirst(storage: Full): Full {
  return committing(storage, async (writes) => {
    const conflict = await conflictOf(storage.commit(writes))
    if (!conflict) return
    // What a store finds that writes keys first: those of a put whose record is as it was never checked.
    const owners = await storage.scan(listOf('thing'))
    const isTaken = (put: Put) => put.keys.some(({ key }) => owners.some((hit) => hit.key === key && hit.id !== put.id))
    const taken = writes.find((write) => write.op === 'put' && isTaken(write))
    throw taken ? new StorageConflict('taken', taken, 'list') : conflict
  })
}

function keysBefore(storage: Full): Full {
  return committing(storage, async (writes) => {
    const owners = await storage.scan(listOf('thing'))
    for (const write of writes) {
      if (write.op !== 'put') continue
      const rival = owners.find((hit) => hit.id !== write.id && write.keys.some(({ key }) => key === hit.key))
      if (rival) throw new StorageConflict('taken', write, 'list')
    }
    await storage.commit(writes)
  })
}

function oneByOne(storage: Full): Full {
  return committing(storage, async (writes) => {
    for (const write of writes) await storage.commit([write])
  })
}

function lastPutWins(storage: Full): Full {
  const wanted = (write: Write, key: string) => write.op === 'put' && write.keys.some((one) => one.key === key)
  return committing(storage, async (writes) => {
    const yielding = writes.map((write, at): Write => {
      if (write.op !== 'put') return write
      const keys = write.keys.filter(({ key }) => !writes.slice(at + 1).some((later) => wanted(later, key)))
      return { ...write, keys }
    })
    await storage.commit(yielding)
  })
}

function sharingIn(storage: Full): Full {
  const given = new Map<string, Uint8Array>()
  const commit = async (writes: readonly Write[]) => {
    await storage.commit(writes)
    for (const write of writes) if (write.op === 'put') given.set(write.version, write.body)
  }
  const shared = getting((found) => found.map((one) => one && { ...one, body: given.get(one.version) ?? one.body }))
  return shared(committing(storage, commit))
}

function sharingOut(storage: Full): Full {
  const taken = new Map<string, Uint8Array>()
  const share = (one: Stored) => {
    const body = taken.get(one.version) ?? one.body
    taken.set(one.version, body)
    return { ...one, body }
  }
  return getting((found) => found.map((one) => one && share(one)))(storage)
}

function wholeGroups(storage: Full): Full {
  return grouping(async (batches) => {
    const rehearsal = await Promise.all(batches.map((writes) => rehearse(storage, writes)))
    const refused = rehearsal.find((conflict) => conflict !== null)
    return refused ? batches.map(() => refused) : storage.commitMany(batches)
  })(storage)
}

function judgedTogether(storage: Full): Full {
  return grouping(async (batches) => {
    const rehearsal = await Promise.all(batches.map((writes) => rehearse(storage, writes)))
    return inOrder([...batches.keys()], async (at) => rehearsal[at] ?? conflictOf(storage.commit(batches[at] ?? [])))
  })(storage)
}

/** What would become of a batch, as far as versions say. */
async function rehearse(storage: Full, writes: readonly Write[]): Promise<StorageConflict | null> {
  const checks = writes.map(({ kind, id, expect }): Write => ({ op: 'check', kind, id, expect }))
  return conflictOf(storage.commit(checks))
}

/** Shows in later chunks what has become of the records since. */
async function* readingOn(shown: AsyncIterable<readonly Kept[]>, storage: Full) {
  for await (const chunk of shown) {
    const now = await storage.get(chunk)
    yield chunk.flatMap((kept, at) => {
      const found = now[at]
      return found ? [{ ...found, keys: kept.keys }] : []
    })
  }
}

async function* readingLater(shown: AsyncIterable<readonly Kept[]>, storage: Full) {
  for await (const chunk of shown) {
    const seen: Kept[] = []
    for (const kept of chunk) {
      if (kept.id === 'y') await new Promise((resolve) => setTimeout(resolve, 20))
      const [found] = await storage.get([kept])
      seen.push({ ...kept, ...found })
    }
    yield seen
  }
}

/** What a pool does that is left without connections. */
function holdingOn(storage: Full): Full {
  let free = 10
  return showing(async function* (shown) {
    if (free === 0) throw new StorageUnusable('no connection is free')
    free--
    yield* shown
    free++
  })(storage)
}

/** Undoes the last put, or the last delete, when it is closed: it was never written where it lasts. */
function losing(op: 'put' | 'delete'): Break {
  return (storage) => {
    let undo: Write[] = []
    const commit = async (writes: readonly Write[]) => {
      const before = await storage.get(writes)
      await storage.commit(writes)
      if (writes.some((write) => write.op === op)) undo = writes.map((write, at) => inverse(write, before[at] ?? null))
    }
    const close = async () => {
      await storage.commit(undo)
      undo = []
      await storage.close()
    }
    return { ...committing(storage, commit), close }
  }
}

function inverse(write: Write, before: Stored | null): Write {
  const expect = write.op === 'put' ? write.version : null
  if (before) return { op: 'put', ...before, expect, keys: [] }
  return { op: 'delete', kind: write.kind, id: write.id, expect: expect ?? '' }
}
