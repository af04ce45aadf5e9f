import { randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StorageUnusable } from '@pawl/core/ports'
import type { Database } from 'better-sqlite3'
import { sqliteDriver } from './sqlite-driver.ts'
import { logsOf } from './sqlite-logs.ts'
import type { IntegrityCheck } from './sqlite-options.ts'
import { syncFolder } from './sync.ts'

// The file of the SQLite store. It is created atomically, and only its owner can read it. One process opens it at a time.
// An unusable file is refused with a remedy.

/** "Pawl" in ASCII, at byte 68 of the file, so that `file` and we can tell it from any other SQLite database. */
const applicationId = 0x5061776c
const formatVersion = 1
/** While a log of commits can hold what the file does not, so that a program that does not know the log refuses the file. */
const formatWithLog = 2

/**
 * A page of 8 KiB holds all but the tail of a body of 10 KiB. With 4 KiB there are more pages to log and to move, with
 * 16 KiB more bytes; both were slower.
 */
const pageBytes = 8_192

/** A file of this size is checked in well under 20 ms, so it is, at every opening. */
const checkedBytesMax = 16 * 1024 * 1024

/** SQLite moves pages from its log to their place when the log has this many pages (16 MiB). */
const logPagesMax = 2_048

/**
 * `record` has the bodies, under a number that only grows, so a new record is appended and its big body lies in one
 * place. `entry` leads to it: from its id, which is one more space, and from each of its keys. So an insert writes the
 * two trees once for the body, the id and each key; an update that keeps its keys writes only `record`.
 * The short columns come first: reading them does not touch the pages that a big body spills to.
 */
const schema = `
  CREATE TABLE space (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT) STRICT;
  CREATE TABLE record (n INTEGER PRIMARY KEY, id TEXT NOT NULL, version TEXT NOT NULL, keys TEXT NOT NULL,
    body BLOB NOT NULL) STRICT;
  CREATE TABLE entry (space INTEGER NOT NULL, key TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (space, key))
    STRICT, WITHOUT ROWID;
`

/** One row about the log of commits. Databases of earlier versions do not have this table, so every opening creates a missing one. */
const logSchema = `
  CREATE TABLE IF NOT EXISTS log (database BLOB NOT NULL, applied INTEGER NOT NULL) STRICT;
  INSERT INTO log SELECT randomblob(8), 0 WHERE NOT EXISTS (SELECT 1 FROM log);
`

/** Opens the file, and makes it when there is none. It stays locked until it is closed. */
export function openFile(path: string, check: IntegrityCheck): Database {
  // An absolute path is never taken for a `file:` URI or for `:memory:`.
  const file = resolve(path)
  const Driver = sqliteDriver()
  makeFolder(dirname(file))
  if (!existsSync(file)) createFile(file)
  for (const part of [file, ...logsOf(file), `${file}-shm`]) refuseWiderModes(part, 0o600)

  // A clean stop empties the logs into the file and removes them. Only after a crash can the last page be incomplete, and
  // then a log has the whole page. SQLite itself would fill it up with zeros, and take an empty file for a new database.
  const bytes = sizeOf(file)
  const stoppedCleanly = !logsOf(file).some((log) => sizeOf(log) > 0)
  if (bytes < pageBytes || (stoppedCleanly && bytes % pageBytes !== 0)) {
    throw new StorageUnusable(`${file} is truncated, or not a vault. Restore the last backup, or choose another path.`)
  }
  // SQLite opens a read-only file, and fails later with an error that does not name the cause.
  for (const part of [file, dirname(file)]) explain(part, () => accessSync(part, constants.W_OK))
  const database = explain(file, () => new Driver(file, { fileMustExist: true, timeout: 0 }))
  try {
    explain(file, () => {
      lock(database)
      recognise(database, file)
      if (check === 'always' || (check === 'auto' && !(stoppedCleanly && bytes > checkedBytesMax))) {
        if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged(file)
      }
      database.exec(logSchema)
    })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function lock(database: Database): void {
  // Exclusive before anything is read: the lock is taken at the first use and kept, the index of the log is in our own
  // memory instead of a shared file, and no commit asks the system for a lock again.
  database.pragma('locking_mode = EXCLUSIVE')
  database.pragma('journal_mode = WAL')
  // SQLite syncs its log before it moves pages from it to their place. `sqlite.ts` syncs it before the log of commits restarts.
  database.pragma('synchronous = NORMAL')
  database.pragma(`wal_autocheckpoint = ${logPagesMax}`)
  database.pragma('cache_size = -16384')
  database.pragma('temp_store = MEMORY')
  // SQLite overwrites with zeros what a commit deletes or replaces. This costs only the deletion of big bodies: 46 KiB more for 60 KB.
  database.pragma('secure_delete = ON')
}

function recognise(database: Database, file: string): void {
  if (database.pragma('application_id', { simple: true }) !== applicationId) {
    throw new StorageUnusable(`${file} is a SQLite database of another program. Choose another path.`)
  }
  const version = database.pragma('user_version', { simple: true })
  if (version !== formatVersion && version !== formatWithLog) {
    throw new StorageUnusable(
      `${file} has format ${version}, but this Pawl reads format ${formatVersion} and ${formatWithLog}. Upgrade Pawl. The file was not changed.`,
    )
  }
  // A foreign trigger could undo commits while the server runs, such as those of budgets.
  const own = inMemory(schemaOf)
  const found = schemaOf(database)
  const isComplete = own.every((part) => found.includes(part) || part.startsWith('table log '))
  if (!isComplete || !found.every((part) => own.includes(part))) {
    throw new StorageUnusable(
      `The tables, indexes or triggers of ${file} are not those that Pawl creates. Find out who changed them. Then restore the last backup. The file was not changed.`,
    )
  }
}

/** Tables, indexes and triggers, apart from what ANALYZE leaves. A file of an earlier version has no table for the log. */
function schemaOf(database: Database): string[] {
  const parts = database
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type != 'table' OR name NOT GLOB 'sqlite_stat[0-9]'",
    )
    .raw()
    .all() as (string | null)[][]
  return parts.map((part) => part.join(' ').replace(/\s+/g, ' '))
}

/** Whether the file says that a log of commits belongs to it. After a crash it does. */
export function saysLog(database: Database): boolean {
  return database.pragma('user_version', { simple: true }) === formatWithLog
}

/** Writes into the file whether a log of commits belongs to it. */
export function sayLog(database: Database, isThere: boolean): void {
  database.pragma(`user_version = ${isThere ? formatWithLog : formatVersion}`)
}

function makeFolder(folder: string): void {
  explain(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  refuseWiderModes(folder, 0o700)
}

/**
 * Writes a complete empty database under another name and then gives it its own. So a crash leaves no half-made file,
 * of two processes that start together one makes the file, and an empty file can only be a truncated one.
 */
function createFile(file: string): void {
  const left = logsOf(file).find((log) => sizeOf(log) > 0)
  if (left !== undefined) {
    throw new StorageUnusable(`${file} is missing, but its log ${left} exists. Restore the file, or move the log away.`)
  }
  const draft = `${file}.${randomUUID()}`
  explain(file, () => {
    try {
      writeFileSync(draft, emptyDatabase(), { flag: 'wx', mode: 0o600, flush: true })
      linkSync(draft, file)
      syncFolder(dirname(file))
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
  })
}

const emptyDatabase = (): Uint8Array => inMemory((database) => database.serialize())

/** What a new database gives, before anything is in it. */
function inMemory<T>(read: (database: Database) => T): T {
  const Driver = sqliteDriver()
  const database = new Driver(':memory:')
  database.pragma(`page_size = ${pageBytes}`)
  // So that space which deleted records left can be given back in small steps.
  database.pragma('auto_vacuum = INCREMENTAL')
  database.pragma(`application_id = ${applicationId}`)
  database.pragma(`user_version = ${formatVersion}`)
  database.exec(schema + logSchema)
  const found = read(database)
  database.close()
  return found
}

// Only ever stat: opening and closing the file ourselves would drop the locks this process holds on it.
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Bodies are sealed, but names and sizes are not. A user who can write here can roll the vault back to an older state. */
function refuseWiderModes(path: string, mode: number): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat || process.platform === 'win32' || (stat.mode & 0o077) === 0) return
  const shared = stat.isDirectory() && (stat.mode & 0o1000 || stat.uid !== process.getuid?.())
  const remedy = shared ? 'Put the vault in a folder of its own.' : `Run: chmod ${mode.toString(8)} ${quote(path)}`
  throw new StorageUnusable(`Other users of this machine can access ${path}. ${remedy}`)
}

/** A path as one word of a shell command. */
function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

export function damaged(file: string): StorageUnusable {
  return new StorageUnusable(`${file} is damaged. Nothing was changed. Keep a copy and restore the last backup.`)
}

/** What an error of SQLite or of the file system means for the operator. Any other error is one of ours. */
const meanings: readonly (readonly [RegExp, (file: string) => StorageUnusable])[] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    (file) =>
      new StorageUnusable(
        `${file} is in use by another process, or by another storage of this process. Stop the one or close the other.`,
      ),
  ],
  [/^SQLITE_NOTADB/, (file) => new StorageUnusable(`${file} is not a SQLite database. Choose another path.`)],
  [/^SQLITE_CORRUPT/, damaged],
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    (file) => new StorageUnusable(`The disk of ${file} is full. Nothing was written. Free some space.`),
  ],
  [
    /^(SQLITE_IOERR|EIO|EFBIG)/,
    (file) => new StorageUnusable(`The disk of ${file} failed. Nothing was written. See the system log.`),
  ],
  [
    /^(SQLITE_(CANTOPEN|READONLY|PERM)|E[A-Z]+$)/,
    (file) => new StorageUnusable(`${file} cannot be opened for writing. Check its owner and its folder.`),
  ],
]

/** Runs the work, and throws what an operator can act on instead of an error code. */
export function explain<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const meaning = meanings.find(([pattern]) => pattern.test(codeOf(error)))
    throw meaning ? meaning[1](file) : error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
