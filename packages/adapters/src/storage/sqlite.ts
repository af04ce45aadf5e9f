import {
  type Delete,
  type Exclusive,
  type GroupCommit,
  type Hit,
  type Put,
  type Range,
  type Ref,
  type Shrinking,
  type Snapshot,
  type Storage,
  StorageConflict,
  StorageUnusable,
  type Stored,
  type Sync,
  type Write,
} from '@pawl/core/ports'
import type { Database } from 'better-sqlite3'
import { damaged, explain, openFile } from './sqlite-file.ts'
import { LogSync } from './sqlite-log.ts'
import type { IntegrityCheck, SqliteOptions } from './sqlite-options.ts'
import { removeCopies, snapshotOf } from './sqlite-snapshot.ts'

export type { SqliteOptions } from './sqlite-options.ts'

export type SqliteStorage = Storage & GroupCommit & Snapshot & Exclusive & Shrinking

/**
 * One SQLite file, for one process at a time. A commit is one transaction and one sync of the log, however many
 * batches are in it. The disk works on the sync while the process goes on.
 *
 * @example
 * const storage = sqlite({ path: '.pawl/vault.db' })
 * await storage.setup()
 */
export function sqlite({ path, check = 'auto' }: SqliteOptions): SqliteStorage {
  let store: Store | null = null

  // Nothing in here awaits, so every call is one moment: no other call of this process comes between, and no other
  // process can.
  function use<T>(work: (store: Store) => T): T {
    return explain(path, () => work(opened()))
  }

  function opened(): Store {
    if (!store) throw new StorageUnusable(`${path} is not open. Call setup() first.`)
    if (store.log.failed) throw store.log.failed
    return store
  }

  /**
   * What is read must not be lost by a power failure. So a read waits for the syncs of what it found: after them, it would find
   * commits of which no sync has ended.
   */
  async function read<T>(work: (store: Store) => T): Promise<T> {
    const found = use(work)
    await opened().log.running
    return found
  }

  async function commit(batches: readonly (readonly Write[])[], sync: Sync): Promise<(StorageConflict | null)[]> {
    const { log } = opened()
    const answers = use((opened) => commitMany(opened, batches))
    if (sync === 'disk' && answers.includes(null)) await log.sync()
    return answers
  }

  return {
    exclusive: true,
    setup: async () => {
      store ??= openStore(path, check)
    },
    get: (refs) => read((opened) => refs.map((ref) => get(opened, ref))),
    scan: (range) => read((opened) => scan(opened, range)),
    commit: async (writes) => {
      const [conflict] = await commit([writes], 'disk')
      if (conflict) throw conflict
    },
    commitMany: async (batches, sync = 'disk') => commit(batches, sync),
    shrink: async () => use(shrink),
    snapshot: async function* () {
      yield* snapshotOf(opened().database, path)
    },
    close: async () => {
      const closing = store
      store = null
      await closing?.log.running?.catch(() => {})
      // SQLite empties the log into the file and removes it when the last connection closes.
      closing?.database.close()
      closing?.log.close()
    },
  }
}

/** A key in its space: the entry that leads to a record. */
type Entry = readonly [space: number, key: string]

/** A row of `record` without its body. `keys` is the JSON of its entries, so unchanged keys are seen in one compare. */
type Row = readonly [n: number, version: string, keys: string]

/** What one write does to the file, found out before anything is touched. */
interface Change {
  readonly write: Put | Delete
  readonly row: Row | undefined
  readonly keys: string
  readonly removed: readonly Entry[]
  readonly added: readonly Entry[]
}

interface Store {
  readonly path: string
  readonly database: Database
  readonly sql: ReturnType<typeof prepareAll>
  readonly spaces: ReturnType<typeof openSpaces>
  readonly log: LogSync
}

function openStore(path: string, check: IntegrityCheck): Store {
  const database = openFile(path, check)
  removeCopies(path)
  return { path, database, sql: prepareAll(database), spaces: openSpaces(database), log: new LogSync(path) }
}

function get({ sql, spaces }: Store, { kind, id }: Ref): Stored | null {
  const row = sql.get.get(spaces.find(kind, null), id) as [string, Buffer] | undefined
  return row ? { kind, id, version: row[0], body: plainBytes(row[1]) } : null
}

function scan({ sql, spaces }: Store, { kind, index, from, to, limit, reverse }: Range): Hit[] {
  const statement = reverse ? sql.scanDown : sql.scanUp
  const rows = statement.all(spaces.find(kind, index), from, to, limit) as [string, string, string, Buffer][]
  return rows.map(([key, id, version, body]) => ({ kind, id, version, body: plainBytes(body), key }))
}

/** Free pages at the end of the file go back to the system: 512 KiB at a time, which blocks for a few milliseconds. */
const pagesAtOnce = 64

function shrink({ database }: Store): boolean {
  const free = () => Number(database.pragma('freelist_count', { simple: true }))
  if (free() === 0) return false
  database.pragma(`incremental_vacuum(${pagesAtOnce})`)
  return free() > 0
}

/** Each batch is judged whole before it is applied, so none has to be undone and none needs a savepoint. */
function commitMany(store: Store, batches: readonly (readonly Write[])[]): (StorageConflict | null)[] {
  const { database, sql, spaces } = store
  batches.forEach(refuseRepeats)
  sql.begin.run()
  try {
    const answers = batches.map((writes) => commitOne(store, writes))
    sql.commit.run()
    return answers
  } catch (error) {
    if (database.inTransaction) sql.rollback.run()
    spaces.reload()
    throw error
  }
}

function commitOne(store: Store, writes: readonly Write[]): StorageConflict | null {
  const { sql, spaces } = store
  const changes: Change[] = []
  for (const write of writes) {
    const row = sql.row.get(spaces.find(write.kind, null), write.id) as Row | undefined
    if ((row ? row[1] : null) !== write.expect) return new StorageConflict('stale', write)
    if (write.op !== 'check') changes.push(changeOf(store, write, row))
  }
  const conflict = findTaken(store, changes)
  if (conflict) return conflict
  // What is given up goes first, so a batch may hand a key from one record to another.
  for (const change of changes) removeOld(store, change)
  for (const change of changes) writeNew(store, change)
  return null
}

function changeOf({ path, spaces }: Store, write: Put | Delete, row: Row | undefined): Change {
  const wanted = write.op === 'put' ? entriesOf(spaces, write) : []
  const keys = JSON.stringify(wanted)
  if (row && row[2] === keys) return { write, row, keys, removed: [], added: [] }
  const held = row ? parseEntries(row[2], path) : []
  return { write, row, keys, removed: without(held, wanted), added: without(wanted, held) }
}

function entriesOf(spaces: Store['spaces'], { kind, keys }: Put): Entry[] {
  const entries = keys.map(({ index, key }): Entry => [spaces.make(kind, index), key])
  return entries.length < 2 ? entries : entries.filter((entry, at) => !includes(entries.slice(0, at), entry))
}

/** A key is taken when its owner keeps it, or when an earlier put of this batch takes it. */
function findTaken({ sql, spaces }: Store, changes: readonly Change[]): StorageConflict | null {
  const claimed: Entry[] = []
  for (const { write, added } of changes) {
    for (const entry of added) {
      const owned = sql.owner.get(...entry) !== undefined
      const kept = owned && !changes.some(({ removed }) => includes(removed, entry))
      if (kept || includes(claimed, entry)) return new StorageConflict('taken', write, spaces.nameOf(entry[0]))
    }
    claimed.push(...added)
  }
  return null
}

function removeOld({ sql, spaces }: Store, { write, row, removed }: Change): void {
  for (const entry of removed) sql.deleteEntry.run(...entry)
  if (write.op === 'put' || !row) return
  sql.deleteEntry.run(spaces.find(write.kind, null), write.id)
  sql.deleteRecord.run(row[0])
}

function writeNew({ sql, spaces }: Store, { write, row, keys, added }: Change): void {
  if (write.op !== 'put') return
  const { kind, id, version, body } = write
  let n: number | bigint | undefined = row?.[0]
  if (n === undefined) {
    n = sql.insertRecord.run(id, version, keys, body).lastInsertRowid
    sql.insertEntry.run(spaces.make(kind, null), id, n)
  } else if (row?.[2] === keys) sql.updateBody.run(version, body, n)
  else sql.updateRecord.run(version, keys, body, n)
  for (const entry of added) sql.insertEntry.run(...entry, n)
}

/** Every statement there is, prepared once. Rows come as arrays: cheaper to build than objects. */
function prepareAll(database: Database) {
  const scan = (order: 'ASC' | 'DESC') =>
    // CROSS JOIN keeps the order of the tables, so keys are walked in order and the limit stops the walk.
    database
      .prepare(`SELECT e.key, r.id, r.version, r.body FROM entry e CROSS JOIN record r ON r.n = e.record
        WHERE e.space = ? AND e.key >= ? AND e.key < ? ORDER BY e.key ${order} LIMIT ?`)
      .raw()
  const byId = 'FROM entry e CROSS JOIN record r ON r.n = e.record WHERE e.space = ? AND e.key = ?'
  return {
    row: database.prepare(`SELECT r.n, r.version, r.keys ${byId}`).raw(),
    get: database.prepare(`SELECT r.version, r.body ${byId}`).raw(),
    scanUp: scan('ASC'),
    scanDown: scan('DESC'),
    owner: database.prepare('SELECT record FROM entry WHERE space = ? AND key = ?').pluck(),
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    insertRecord: database.prepare('INSERT INTO record (id, version, keys, body) VALUES (?, ?, ?, ?)'),
    updateBody: database.prepare('UPDATE record SET version = ?, body = ? WHERE n = ?'),
    updateRecord: database.prepare('UPDATE record SET version = ?, keys = ?, body = ? WHERE n = ?'),
    deleteRecord: database.prepare('DELETE FROM record WHERE n = ?'),
    insertEntry: database.prepare('INSERT INTO entry (space, key, record) VALUES (?, ?, ?)'),
    deleteEntry: database.prepare('DELETE FROM entry WHERE space = ? AND key = ?'),
  }
}

/**
 * The numbers of the spaces that keys live in: one for the ids of each kind (its name is null) and one for each of its
 * indexes. There are as many as the engine has kinds and indexes, so all are held in memory, and an entry begins with
 * one byte instead of two names.
 */
function openSpaces(database: Database) {
  const all = database.prepare('SELECT n, kind, name FROM space').raw()
  const insert = database.prepare('INSERT INTO space (kind, name) VALUES (?, ?)')
  const numbers = new Map<string, Map<string | null, number>>()
  const names = new Map<number, string>()

  function remember(n: number, kind: string, name: string | null): void {
    const ofKind = numbers.get(kind) ?? new Map<string | null, number>()
    numbers.set(kind, ofKind.set(name, n))
    if (name !== null) names.set(n, name)
  }

  /** Forgets the numbers that a transaction gave and did not keep. */
  function reload(): void {
    numbers.clear()
    for (const [n, kind, name] of all.all() as [number, string, string | null][]) remember(n, kind, name)
  }

  /** The number, or null when nothing was ever put there: no row is equal to null, so nothing is found. */
  const find = (kind: string, name: string | null) => numbers.get(kind)?.get(name) ?? null

  function make(kind: string, name: string | null): number {
    const known = find(kind, name)
    if (known !== null) return known
    const n = Number(insert.run(kind, name).lastInsertRowid)
    remember(n, kind, name)
    return n
  }

  reload()
  return { find, make, reload, nameOf: (n: number) => names.get(n) }
}

function refuseRepeats(writes: readonly Write[]): void {
  const named = new Set(writes.map(({ kind, id }) => `${kind} ${id}`))
  if (named.size < writes.length) throw new TypeError('a batch must name a record at most once')
}

function parseEntries(keys: string, path: string): Entry[] {
  try {
    return JSON.parse(keys)
  } catch {
    throw damaged(path)
  }
}

// Entries are few, so a look along the list is quicker than building a set.
function includes(entries: readonly Entry[], [space, key]: Entry): boolean {
  return entries.some((entry) => entry[0] === space && entry[1] === key)
}

function without(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  return others.length === 0 ? [...entries] : entries.filter((entry) => !includes(others, entry))
}

/** The driver gives a Buffer of its own; as plain bytes, `slice` copies, which is what a caller expects. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
