import { type Put, StorageConflict, type Write } from '@pawl/core/ports'
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
  const { values, names } = packWrites(batches)
  const text = `SELECT batch, write, taken FROM ${store.schema}.commit_many($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
  let whole = names > locksMax
  for (let tries = 1; ; tries++) {
    try {
      const rows = await transact<RequestRejected>(store, 'ISOLATION LEVEL READ COMMITTED', text, [whole, ...values])
      return answersOf(batches, rows)
    } catch (error) {
      // Out of memory for locks; then a serialisation failure and a deadlock, which other users of the database can cause.
      const code = codeOf(error)
      if (!['53200', '40001', '40P01'].includes(code) || tries === triesMax) throw error
      whole ||= code === '53200'
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** tries))
    }
  }
}

type RequestRejected = readonly [batch: number, write: number, index: string | null]

function answersOf(
  batches: readonly (readonly Write[])[],
  rows: readonly RequestRejected[],
): (StorageConflict | null)[] {
  const answers: (StorageConflict | null)[] = batches.map(() => null)
  for (const [batch, write, index] of rows) {
    const ref = batches[batch - 1]?.[write - 1]
    if (ref) answers[batch - 1] = new StorageConflict(index === null ? 'stale' : 'taken', ref, index ?? undefined)
  }
  return answers
}

/** The parameters of `commit_many`: a list per column, and all bodies in one piece. */
function packWrites(batches: readonly (readonly Write[])[]) {
  const writes = batches.flat()
  const bodies = writes.map((write) => (write.op === 'put' ? write.body : none))
  const starts: number[] = []
  // SQL counts bytes from 1.
  let start = 1
  for (const { length } of bodies) {
    starts.push(start)
    start += length
  }
  let names = writes.length
  const keys = writes.map((write) => {
    if (write.op !== 'put') return '[]'
    names += write.keys.length
    return keysText(write)
  })
  const values = [
    batches.map(({ length }) => length),
    writes.map(({ op }) => op),
    writes.map(({ kind }) => kind),
    writes.map(({ id }) => id),
    writes.map(({ expect }) => expect),
    writes.map((write) => (write.op === 'put' ? write.version : null)),
    keys,
    starts,
    bodies.map(({ length }) => length),
    Buffer.concat(bodies),
  ]
  return { values, names }
}

const none = new Uint8Array(0)

function keysText({ keys }: Put): string {
  return JSON.stringify(
    [...new Set(keys.map(({ index, key }) => JSON.stringify([index, key])))].map((one) => JSON.parse(one)),
  )
}

function refuseRepeats(writes: readonly Write[]): void {
  const names = new Set(writes.map(({ kind, id }) => JSON.stringify([kind, id])))
  if (names.size < writes.length) throw new TypeError('a batch must name a record at most once')
}
