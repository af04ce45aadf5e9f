import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Kept } from '@pawl/core/ports'
import type { Database } from 'better-sqlite3'
import { sqliteDriver } from './sqlite-driver.ts'
import { damaged, explain } from './sqlite-file.ts'

// All records from one moment, while the store goes on writing. Nothing else can open the file, and one connection has
// one view of it; so the pages are copied aside in small steps (SQLite brings what changes meanwhile into the copy too),
// and when the last one is there, the copy is that moment. It takes as much disk as the database, for as long as it is
// read. Like the database it holds sealed bodies only. It is never synced: it is useless after a crash.

/** Enough for a chunk to be worth a call, and little in memory. */
const chunkRowsMax = 500
const chunkBytesMax = 256 * 1024

const cacheKib = 8 * 1024

/** Calls `copy` with the open database, and keeps transactions closed until the copy is complete. */
type Copying = (copy: (database: Database) => Promise<void>) => Promise<void>

/** The records of the database in this file, which is open here. */
export async function* snapshotOf(path: string, copying: Copying): AsyncGenerator<readonly Kept[]> {
  const copy = `${resolve(path)}${copySuffix}${randomUUID()}`
  try {
    await copying((database) => copyTo(database, copy)).catch((error: unknown) => explain(path, () => raise(error)))
    const Driver = sqliteDriver()
    const moment = explain(path, () => new Driver(copy, { fileMustExist: true }))
    try {
      yield* readAll(moment, path)
    } finally {
      moment.close()
    }
  } finally {
    removeCopy(copy)
  }
}

/** Removes the copies that a crash left behind. The caller must hold the lock of the database. */
export function removeCopies(path: string): void {
  const file = resolve(path)
  const left = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}${copySuffix}`))
  for (const name of left) rmSync(join(dirname(file), name), { force: true })
}

const copySuffix = '-copy-'

async function copyTo(database: Database, copy: string): Promise<void> {
  // Made here and not by SQLite, which would let others read it.
  closeSync(openSync(copy, 'wx', 0o600))
  await database.backup(copy)
}

function removeCopy(copy: string): void {
  for (const part of [copy, `${copy}-wal`, `${copy}-journal`]) rmSync(part, { force: true })
}

async function* readAll(moment: Database, path: string): AsyncGenerator<readonly Kept[]> {
  // Exclusive, so that the log needs no file beside the database. The copy has no writer.
  moment.pragma('locking_mode = EXCLUSIVE')
  moment.pragma(`cache_size = -${cacheKib}`)
  const { names, rows } = explain(path, () => rowsOf(moment))
  try {
    for (;;) {
      const chunk = explain(path, () => takeChunk(rows, names, path))
      if (chunk.length === 0) return
      yield chunk
      await setImmediate()
    }
  } finally {
    rows.return?.()
  }
}

type Row = readonly [kind: string, id: string, version: string, keys: string, body: Buffer]

function rowsOf(moment: Database) {
  const spaces = moment.prepare('SELECT n, kind, name FROM space').raw().all() as [number, string, string | null][]
  const names = new Map(spaces.map(([n, , name]) => [n, name ?? '']))
  const select = moment.prepare(`SELECT s.kind, r.id, r.version, r.keys, r.body
    FROM space s CROSS JOIN entry e ON e.space = s.n CROSS JOIN record r ON r.n = e.record WHERE s.name IS NULL`)
  return { names, rows: select.raw().iterate() as IterableIterator<Row> }
}

function takeChunk(rows: Iterator<Row>, names: ReadonlyMap<number, string>, path: string): Kept[] {
  const chunk: Kept[] = []
  let bytes = 0
  while (chunk.length < chunkRowsMax && bytes < chunkBytesMax) {
    const { done, value } = rows.next()
    if (done) break
    chunk.push(keptOf(value, names, path))
    bytes += value[4].length
  }
  return chunk
}

function keptOf([kind, id, version, keys, body]: Row, names: ReadonlyMap<number, string>, path: string): Kept {
  const entries = parsed(keys, path).map(([space, key]) => ({ index: names.get(space) ?? '', key }))
  return { kind, id, version, keys: entries, body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) }
}

function parsed(keys: string, path: string): [space: number, key: string][] {
  try {
    return JSON.parse(keys)
  } catch {
    throw damaged(path)
  }
}

function raise(error: unknown): never {
  throw error
}
