import { existsSync } from 'node:fs'
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
import { CommitLog, entriesAfter, type Position } from './commit-log.ts'
import { damaged, explain, openFile, sayLog, saysLog } from './sqlite-file.ts'
import { logsOf } from './sqlite-logs.ts'
import type { IntegrityCheck, SqliteOptions } from './sqlite-options.ts'
import { removeCopies, snapshotOf } from './sqlite-snapshot.ts'
import { syncFile } from './sync.ts'

export { logsOf } from './sqlite-logs.ts'
export type { SqliteOptions } from './sqlite-options.ts'

export type SqliteStorage = Storage & GroupCommit & Snapshot & Exclusive & Shrinking

/**
 * One SQLite file, for one process at a time. A commit is one entry in a log and one sync of it, however many batches are in it.
 * The process goes on while a slow disk syncs. A clean stop leaves only the file, without a log.
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
    return explain(path, () => whole(opened(), work))
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
    const { answers, isSynced } = use((opened) => commitMany(opened, batches))
    // A conflict shows an earlier commit, so it waits for the sync of that commit, as a read does.
    if (isSynced) await log.running
    else if (sync === 'disk') {
      use(syncSaid)
      await log.sync()
    }
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
      yield* snapshotOf(path, (copy) => copying(opened(), copy))
    },
    close: async () => {
      const closing = store
      store = null
      await closing?.log.running?.catch(() => {})
      if (closing) close(closing)
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
  readonly log: CommitLog
  /** Whether a transaction of SQLite holds commits. After some errors, SQLite ends it by itself. */
  isOpen: boolean
  /** Whether the file says that a log of commits belongs to it, and whether this is on the disk. */
  said: 'nothing' | 'log' | 'log on disk'
  /** Number of snapshots that copy the file at this time. */
  copies: number
}

function openStore(path: string, check: IntegrityCheck): Store {
  const database = openFile(path, check)
  try {
    removeCopies(path)
    const sql = prepareAll(database)
    const [, commits] = logsOf(path)
    const log = new CommitLog(commits, sql.position.get() as Position)
    const store: Store = {
      path,
      database,
      sql,
      spaces: openSpaces(database),
      log,
      isOpen: false,
      said: saysLog(database) ? 'log' : 'nothing',
      copies: 0,
    }
    explain(path, () => recover(store))
    return store
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Applies the commits that only the log has after a crash. Then removes the log. A process that was killed while it committed for a
 * full log may have left pages that are not on the disk, so they are synced first.
 */
function recover(store: Store): void {
  const { path, log } = store
  if (!existsSync(log.path)) return
  applyLog(store)
  if (store.isOpen) commitAll(store)
  const [pages] = logsOf(path)
  if (existsSync(pages)) syncFile(pages)
  log.remove()
}

/** Applies the entries of the log that the database does not hold. */
function applyLog(store: Store): void {
  const { path, sql, log } = store
  const entries = entriesAfter(log.path, sql.position.get() as Position)
  if (entries.length === 0) return
  begin(store)
  for (const batches of entries) {
    log.last++
    // The store applied these batches before, to the same state. So a conflict means that the file is damaged.
    if (batches.some((writes) => commitOne(store, writes) !== null)) throw damaged(path)
  }
}

function begin(store: Store): void {
  if (store.isOpen) return
  store.sql.begin.run()
  store.isOpen = true
}

/** Commits the open transaction of SQLite and syncs it, so that the log can begin again. */
function flush(store: Store): void {
  const { log } = store
  if (!store.isOpen) return
  commitAll(store)
  syncPages(store)
  log.restart()
}

/** Syncs what SQLite has committed. */
function syncPages({ path, log }: Store): void {
  const [pages] = logsOf(path)
  try {
    syncFile(pages)
  } catch (error) {
    throw log.fail(pages, error as NodeJS.ErrnoException)
  }
}

function commitAll(store: Store): void {
  const { sql, log } = store
  sql.apply.run(log.last)
  sql.commit.run()
  store.isOpen = false
}

/**
 * Runs the work. After some errors, such as a full disk, SQLite ends its transaction by itself, and with it all commits since the
 * last flush. So they are applied again from the log.
 */
function whole<T>(store: Store, work: (store: Store) => T): T {
  try {
    return work(store)
  } catch (error) {
    if (store.isOpen && !store.database.inTransaction) undo(store)
    throw error
  }
}

/** Removes the log of commits if the file has all its entries. If not, the next opening applies the log. */
function close(store: Store): void {
  const { path, database, log } = store
  let isCommitted = false
  try {
    if (store.isOpen && !log.failed) explain(path, () => whole(store, commitAll))
    isCommitted = !log.failed
    if (isCommitted && store.said !== 'nothing') explain(path, () => sayLog(database, false))
  } finally {
    // SQLite empties its own log into the file, syncs the file, and removes the log.
    database.close()
    const [pages] = logsOf(path)
    if (isCommitted && !existsSync(pages)) log.remove()
    else log.close()
  }
}

/** SQLite cannot copy a database with an open transaction. So every commit ends its transaction until the copy is complete. */
async function copying(store: Store, copy: (database: Database) => Promise<void>): Promise<void> {
  explain(store.path, () => whole(store, flush))
  store.copies++
  try {
    await copy(store.database)
  } finally {
    store.copies--
  }
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

function shrink(store: Store): boolean {
  const { database } = store
  flush(store)
  const free = () => Number(database.pragma('freelist_count', { simple: true }))
  if (free() === 0) return false
  database.pragma(`incremental_vacuum(${pagesAtOnce})`)
  return free() > 0
}

/** Marks the file at the first commit. A program that does not know the log then refuses the file. */
function sayOnce(store: Store): void {
  if (store.said !== 'nothing') return
  sayLog(store.database, true)
  store.said = 'log'
}

/** Before the first sync of the log. */
function syncSaid(store: Store): void {
  if (store.said === 'log') syncPages(store)
  store.said = 'log on disk'
}

interface Committed {
  readonly answers: (StorageConflict | null)[]
  /** Whether the writes are on the disk. */
  readonly isSynced: boolean
}

/** Each batch is judged whole before it is applied, so none has to be undone and none needs a savepoint. */
function commitMany(store: Store, batches: readonly (readonly Write[])[]): Committed {
  const { log } = store
  batches.forEach(refuseRepeats)
  sayOnce(store)
  try {
    begin(store)
    const answers = batches.map((writes) => commitOne(store, writes))
    const stored = batches.filter((_, at) => answers[at] === null)
    const isLogged = stored.length > 0 && store.copies === 0 && log.append(stored)
    if (isLogged) return { answers, isSynced: false }
    // The number of the log also counts a commit that SQLite alone has.
    if (stored.length > 0) log.last++
    if (stored.length > 0 || store.copies > 0) flush(store)
    return { answers, isSynced: true }
  } catch (error) {
    undo(store)
    throw error
  }
}

/** Takes SQLite back to its last commit, and applies the log to it. */
function undo(store: Store): void {
  const { path, database, sql, spaces, log } = store
  if (log.failed) return
  try {
    if (database.inTransaction) sql.rollback.run()
    store.isOpen = false
    spaces.reload()
    log.last = (sql.position.get() as Position).applied
    applyLog(store)
  } catch (error) {
    log.fail(path, error as NodeJS.ErrnoException)
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
    position: database.prepare('SELECT database, applied FROM log'),
    apply: database.prepare('UPDATE log SET applied = ?'),
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
