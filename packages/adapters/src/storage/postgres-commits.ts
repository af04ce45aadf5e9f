import { type Delete, type Put, StorageConflict, type Write } from '@pawl/core/ports'
import { codeOf } from './postgres-connection.ts'
import { type Store, transact } from './postgres-store.ts'

// What is written to the PostgreSQL store; `commit_many`, in the database, judges and applies it.

/** The server keeps locks in memory, some thousands of them; a call that names more takes one for all. */
const locksMax = 1_000

/** Tries of a commit that the server rolled back with a request to retry. */
const triesMax = 5

/**
 * A commit whose answer did not come is an error, and is not sent again: it may have happened. The stored versions cannot
 * prove it, because others may have replaced them since. So the engine gets "unknown", and reads again.
 */
export async function commitMany(
  store: Store,
  batches: readonly (readonly Write[])[],
): Promise<(StorageConflict | null)[]> {
  batches.forEach(refuseRepeats)
  if (batches.every(({ length }) => length === 0)) return batches.map(() => null)
  const packed = batches.map(packBatch)
  const values = valuesOf(packed)
  const names = packed.reduce((sum, { writes, keys }) => sum + writes.length + keys.length, 0)
  const text = `SELECT batch, stale, taken FROM ${store.schema}.commit_many($1, ${values.map((_, at) => `$${at + 2}`).join(', ')})`
  let whole = names > locksMax
  for (let tries = 1; ; tries++) {
    try {
      const rows = await transact<RequestRejected>(store, 'ISOLATION LEVEL READ COMMITTED', text, [whole, ...values])
      return answersOf(packed, rows)
    } catch (error) {
      // Out of memory for locks; then a serialisation failure and a deadlock, which other users of the database can cause.
      const code = codeOf(error)
      if (!['53200', '40001', '40P01'].includes(code) || tries === triesMax) throw error
      whole ||= code === '53200'
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** tries))
    }
  }
}

type RequestRejected = readonly [batch: number, stale: number | null, taken: number | null]

function answersOf(packed: readonly Packed[], rows: readonly RequestRejected[]): (StorageConflict | null)[] {
  const answers: (StorageConflict | null)[] = packed.map(() => null)
  for (const [batch, stale, taken] of rows) {
    const { writes, keys } = packed[batch - 1] as Packed
    const write = writes[(stale ?? 0) - 1]
    const claim = keys[(taken ?? 0) - 1]
    if (write) answers[batch - 1] = new StorageConflict('stale', write)
    if (claim) answers[batch - 1] = new StorageConflict('taken', claim.put, claim.index)
  }
  return answers
}

interface Claim {
  readonly put: Put
  readonly index: string
  readonly key: string
}

interface Packed {
  /** The puts and deletes, and behind them the checks. */
  readonly writes: readonly Write[]
  readonly changes: readonly (Put | Delete)[]
  readonly keys: readonly Claim[]
  /** The number of a key that an earlier write of the batch claims. SQL counts from 1. */
  readonly twice: number | null
}

function packBatch(batch: readonly Write[]): Packed {
  const changes = batch.filter((write) => write.op !== 'check')
  const keys = changes.flatMap((put) => (put.op === 'put' ? claimsOf(put) : []))
  const owners = new Set<string>()
  let twice: number | null = null
  for (const [at, { put, index, key }] of keys.entries()) {
    const name = JSON.stringify([put.kind, index, key])
    if (owners.has(name)) twice = at + 1
    owners.add(name)
  }
  return { writes: [...changes, ...batch.filter(({ op }) => op === 'check')], changes, keys, twice }
}

function claimsOf(put: Put): Claim[] {
  const { keys } = put
  return keys
    .filter((one, at) => keys.findIndex(({ index, key }) => index === one.index && key === one.key) === at)
    .map(({ index, key }) => ({ put, index, key }))
}

/** The parameters of `commit_many` behind the first: a list per column, and all bodies in one piece. */
function valuesOf(packed: readonly Packed[]): unknown[] {
  const writes = packed.flatMap((batch) => batch.writes)
  const changes = packed.flatMap((batch) => batch.changes)
  const keys = packed.flatMap((batch) => batch.keys)
  const bodies = changes.map((write) => (write.op === 'put' ? write.body : none))
  const starts: number[] = []
  let start = 1
  for (const { length } of bodies) {
    starts.push(start)
    start += length
  }
  return [
    packed.map((batch) => batch.writes.length),
    packed.map((batch) => batch.changes.length),
    packed.map((batch) => batch.keys.length),
    packed.map(({ twice }) => twice),
    writes.map(({ kind }) => kind),
    writes.map(({ id }) => id),
    writes.map(({ expect }) => expect),
    writes.map(({ op }) => op !== 'check'),
    changes.map((write) => (write.op === 'put' ? write.version : null)),
    changes.map(keysText),
    starts,
    bodies.map(({ length }) => length),
    keys.map(({ put }) => put.kind),
    keys.map(({ put }) => put.id),
    keys.map(({ index }) => index),
    keys.map(({ key }) => key),
    Buffer.concat(bodies),
  ]
}

const none = new Uint8Array(0)

function keysText(write: Put | Delete): string {
  return JSON.stringify(write.op === 'put' ? claimsOf(write).map(({ index, key }) => [index, key]) : [])
}

function refuseRepeats(writes: readonly Write[]): void {
  const names = new Set(writes.map(({ kind, id }) => `${kind} ${id}`))
  if (names.size < writes.length) throw new TypeError('a batch must name a record at most once')
}
