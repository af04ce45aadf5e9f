import type { Hit, Kept, Range, Ref, Stored } from '@pawl/core/ports'
import type { PoolClient } from 'pg'
import { isCut } from './postgres-connection.ts'
import { bytes, rowsOf, type Store, transact } from './postgres-store.ts'

// What is read from the PostgreSQL store: with \`read_many\`, which is in the database, and as a snapshot of all.

/** Of a snapshot, in one chunk: rows at most, and bytes unless one body alone is larger. */
const chunkRowsMax = 1_000
const chunkBytesMax = 8 * 1024 * 1024

/** How long the reader of a snapshot may take for one chunk. PostgreSQL cannot vacuum what the snapshot holds meanwhile. */
const chunkIdleMsMax = 600_000

export async function get(store: Store, refs: readonly Ref[]): Promise<(Stored | null)[]> {
  if (refs.length === 0) return []
  const found = new Map((await read(store, refs, [])).map((row) => [row[1], row]))
  return refs.map((ref, at) => storedOf(ref, found.get(at + 1)))
}

export async function scan(store: Store, range: Range): Promise<Hit[]> {
  const { kind } = range
  const rows = await read(store, [], [range])
  return rows.map(([, , id, version, body, key]) => ({ kind, id, version, body: bytes(body), key }))
}

type Row = readonly [scan: number, ref: number, id: string, version: string, body: Buffer, key: string]

/** A read changes nothing, so when its connection was cut it is sent once more, on another. */
async function read(store: Store, refs: readonly Ref[], ranges: readonly Range[]): Promise<readonly Row[]> {
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
  const ask = () => transact<Row>(store, 'READ ONLY', text, values)
  return ask().catch((error: unknown) => {
    if (!isCut(error)) throw error
    return ask()
  })
}

function storedOf({ kind, id }: Ref, row: Row | undefined): Stored | null {
  return row ? { kind, id, version: row[3], body: bytes(row[4]) } : null
}

/** Reads in one transaction, so all that it finds is of the moment when it began. */
export async function* snapshot({ pool, schema, limits }: Store): AsyncGenerator<readonly Kept[]> {
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
    // A reader that stops early leaves a transaction open, so the connection is closed.
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
