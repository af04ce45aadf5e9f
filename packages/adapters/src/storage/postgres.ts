import {
  type BatchRead,
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
import type { Pool, PoolClient } from 'pg'
import { codeOf, explain, isCut, nameOf, newPool } from './postgres-connection.ts'
import { makeTables, quoteIdentifier } from './postgres-tables.ts'

export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/database`. Without a password, PGPASSWORD or the file PGPASSFILE has it. Any
   * host but this machine must show a certificate for its name; `sslmode=disable` lets it not, and `sslrootcert`,
   * `sslcert` and `sslkey` are files. Other parameters are refused.
   */
  readonly url: string
  /** Where the tables are: letters, digits and _. It is made when missing. By default `pawl`. */
  readonly schema?: string
  /** Connections at most, 10 by default. A commit and a read take one each while they last. */
  readonly poolMax?: number
  /** When a statement of the server, or its wait for others, is given up. 30 seconds by default. */
  readonly statementTimeoutMs?: number
}

/**
 * A database of PostgreSQL, for any number of processes at a time. A commit is one transaction and one round trip,
 * however many batches are in it, and a read is one of each too. Nothing is kept in a session, so a pooler in
 * transaction mode may stand between.
 *
 * @example
 * const storage = postgres({ url: 'postgres://pawl@db.example.com/pawl' })
 * await storage.setup()
 */
export function postgres(options: PostgresOptions): Storage & GroupCommit & BatchRead & Snapshot {
  const settings = { ...defaults, ...options }
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(settings.schema)) {
    throw new TypeError('schema must be of letters, digits and _, 63 at most, and not begin with a digit.')
  }
  const at = nameOf(settings.url)
  let store: Store | null = null

  async function use<T>(work: (store: Store) => Promise<T>): Promise<T> {
    if (!store) throw new StorageUnusable(`${at} is not open. Call setup() first.`)
    return work(store).catch((error: unknown) => {
      throw error instanceof StorageConflict ? error : explain(error, at)
    })
  }
  const commit = (batches: readonly (readonly Write[])[]) => use((opened) => commitMany(opened, batches))
  const read = (queries: readonly Query[]) => use((opened) => readMany(opened, queries))

  return {
    setup: async () => {
      store ??= await openStore(settings).catch((error: unknown) => {
        throw explain(error, at)
      })
    },
    get: async (refs) => (await read([refs]))[0] as (Stored | null)[],
    scan: async (range) => (await read([range]))[0] as Hit[],
    read,
    commit: async (writes) => {
      const [conflict] = await commit([writes])
      if (conflict) throw conflict
    },
    commitMany: commit,
    snapshot: async function* () {
      const opened = await use(async (opened) => opened)
      try {
        yield* snapshot(opened)
      } catch (error) {
        throw explain(error, at)
      }
    },
    close: async () => {
      const { pool } = store ?? {}
      store = null
      await pool?.end()
    },
  }
}

type Query = readonly Ref[] | Range

const defaults = { schema: 'pawl', poolMax: 10, statementTimeoutMs: 30_000 }

/** The server keeps locks in memory, some thousands of them; a call that names more takes one for all. */
const locksMax = 1_000

/** Tries of a commit that the server took back by itself and asks to be tried again. */
const triesMax = 5

/** Of a snapshot, in one chunk: rows at most, and bytes unless one body alone is larger. */
const chunkRowsMax = 1_000
const chunkBytesMax = 8 * 1024 * 1024

/** How long whoever takes a snapshot may think about a chunk. What it holds on to cannot be cleaned up meanwhile. */
const chunkIdleMsMax = 600_000

interface Store {
  readonly pool: Pool
  /** The quoted name. */
  readonly schema: string
  readonly limits: string
}

async function openStore(settings: Required<PostgresOptions>): Promise<Store> {
  const pool = await newPool(settings)
  const { schema, statementTimeoutMs } = settings
  const limits = `SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL lock_timeout = ${statementTimeoutMs}`
  try {
    await withClient(pool, (client) => makeTables(client, schema, limits))
  } catch (error) {
    await pool.end()
    throw error
  }
  return { pool, schema: quoteIdentifier(schema), limits }
}

/** A connection that saw an error is not used again: it may be cut, or be one to a server that is no longer the primary. */
async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** One statement in a transaction of its own: what begins it, it and what ends it are sent together. */
async function transact<R extends readonly unknown[]>(
  { pool, limits }: Store,
  mode: string,
  text: string,
  values: unknown[],
): Promise<R[]> {
  return withClient(pool, async (client) => {
    const answers = await Promise.allSettled([
      client.query(`BEGIN ${mode}; ${limits}`),
      rowsOf<R>(client, text, values),
      client.query('COMMIT'),
    ])
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
    return (answers[1] as PromiseFulfilledResult<R[]>).value
  })
}

/** Rows as arrays: cheaper to build than objects. */
async function rowsOf<R extends readonly unknown[]>(
  client: PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const { rows } = await client.query({ text, values, rowMode: 'array' })
  return rows as unknown[] as R[]
}

/**
 * A commit whose answer did not come is an error, and is not sent again: it may have happened. To look for the versions
 * would not tell, because others may have replaced them since. So the engine is told that nobody knows, and reads again.
 */
async function commitMany(store: Store, batches: readonly (readonly Write[])[]): Promise<(StorageConflict | null)[]> {
  batches.forEach(refuseRepeats)
  if (batches.every(({ length }) => length === 0)) return batches.map(() => null)
  const { values, names } = packWrites(batches)
  const text = `SELECT batch, write, taken FROM ${store.schema}.commit_many($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
  let whole = names > locksMax
  for (let tries = 1; ; tries++) {
    try {
      const rows = await transact<Refused>(store, 'ISOLATION LEVEL READ COMMITTED', text, [whole, ...values])
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

type Refused = readonly [batch: number, write: number, index: string | null]

function answersOf(batches: readonly (readonly Write[])[], rows: readonly Refused[]): (StorageConflict | null)[] {
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

/** A read changes nothing, so when its connection was cut it is sent once more, on another. */
async function readMany(store: Store, queries: readonly Query[]): Promise<((Stored | null)[] | Hit[])[]> {
  const refs = queries.flatMap((query) => ('kind' in query ? [] : query))
  const ranges = queries.filter((query): query is Range => 'kind' in query)
  if (refs.length + ranges.length === 0) return queries.map(() => [])
  const values = [
    refs.map(({ kind }) => kind),
    refs.map(({ id }) => id),
    ranges.map(({ kind }) => kind),
    ranges.map(({ index }) => index),
    ranges.map(({ from }) => from),
    ranges.map(({ to }) => to),
    ranges.map(({ limit }) => limit),
    ranges.map(({ reverse = false }) => reverse),
  ]
  const text = `SELECT scan, ref, id, version, body, key FROM ${store.schema}.read_many($1, $2, $3, $4, $5, $6, $7, $8)`
  const read = () => transact<Row>(store, 'READ ONLY', text, values)
  const rows = await read().catch((error: unknown) => {
    if (!isCut(error)) throw error
    return read()
  })
  return sort(queries, rows)
}

type Row = readonly [scan: number, ref: number, id: string, version: string, body: Buffer, key: string]

/** The rows to the queries that they answer. */
function sort(queries: readonly Query[], rows: readonly Row[]): ((Stored | null)[] | Hit[])[] {
  const found = new Map<number, Row>()
  const hits = new Map<number, Row[]>()
  for (const row of rows) {
    const [scan, ref] = row
    if (scan === 0) found.set(ref, row)
    else hits.set(scan, [...(hits.get(scan) ?? []), row])
  }
  let refs = 0
  let scans = 0
  return queries.map((query) => {
    if (!('kind' in query)) return query.map((ref) => storedOf(ref, found.get(++refs)))
    const { kind } = query
    return (hits.get(++scans) ?? []).map(([, , id, version, body, key]) => ({
      kind,
      id,
      version,
      body: bytes(body),
      key,
    }))
  })
}

function storedOf({ kind, id }: Ref, row: Row | undefined): Stored | null {
  return row ? { kind, id, version: row[3], body: bytes(row[4]) } : null
}

/** Reads in one transaction, so all that it finds is of the moment when it began. */
async function* snapshot({ pool, schema, limits }: Store): AsyncGenerator<readonly Kept[]> {
  const client = await pool.connect()
  let isOver = false
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${limits};
      SET LOCAL idle_in_transaction_session_timeout = ${chunkIdleMsMax};
      DECLARE kept NO SCROLL CURSOR FOR SELECT ctid::text, octet_length(body) FROM ${schema}.record`)
    for (;;) {
      const rows = await rowsOf<Place>(client, `FETCH ${chunkRowsMax} FROM kept`)
      for (const places of chunks(rows)) yield await keptAt(client, schema, places)
      if (rows.length < chunkRowsMax) break
    }
    await client.query('COMMIT')
    isOver = true
  } finally {
    // Who stops early leaves a transaction open, and the connection goes with it.
    client.release(!isOver)
  }
}

type Place = readonly [place: string, bytes: number]
type KeptRow = readonly [kind: string, id: string, version: string, body: Buffer, keys: string]

/** The rows that lie at these places. */
async function keptAt(client: PoolClient, schema: string, places: readonly string[]): Promise<Kept[]> {
  const text = `SELECT kind, id, version, body, keys FROM ${schema}.record WHERE ctid = ANY ($1::tid[])`
  const rows = await rowsOf<KeptRow>(client, text, [places])
  return rows.map(([kind, id, version, body, keys]) => {
    const entries: [string, string][] = JSON.parse(keys)
    return { kind, id, version, body: bytes(body), keys: entries.map(([index, key]) => ({ index, key })) }
  })
}

function chunks(rows: readonly Place[]): string[][] {
  const cut: string[][] = []
  let room = 0
  for (const [place, size] of rows) {
    if (size > room || cut.length === 0) {
      cut.push([])
      room = chunkBytesMax
    }
    cut.at(-1)?.push(place)
    room -= size
  }
  return cut
}

function refuseRepeats(writes: readonly Write[]): void {
  const names = new Set(writes.map(({ kind, id }) => JSON.stringify([kind, id])))
  if (names.size < writes.length) throw new TypeError('a batch names a record at most once')
}

/** The driver gives a Buffer, and small ones share memory; as plain bytes, `slice` copies, which a caller expects. */
function bytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
