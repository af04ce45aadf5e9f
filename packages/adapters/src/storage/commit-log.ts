import { closeSync, existsSync, fdatasync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { StorageUnusable, type Write } from '@pawl/core/ports'
import { syncFolder } from './sync.ts'

// A commit of SQLite writes whole pages: about seven of 8 KiB for one audited read. So SQLite keeps one transaction open for many
// commits, and each commit appends its writes to this log and syncs it. When the log is full, SQLite commits and syncs, and the log
// begins again. After a crash, SQLite has its last transaction, and the log has the later commits.
//
//   entry   = database (8 bytes)  number (6)  length of the payload (4)  CRC-32 of these and of the payload (4)  payload
//   payload = length of the JSON (4 bytes)  JSON of the batches  the bodies, one after the other
//   batch   = [[op, kind, id, expected version, version, [[index, key], …], length of the body], …]
//
// Integers are big-endian. Entries have consecutive numbers. Old entries behind the newest one have lower numbers, so a reader
// stops there.

/** The file always has this length, because a sync of a file that grows takes several times longer. */
const logBytes = 1024 * 1024
/**
 * If a sync takes less than this, the main thread runs the next one itself, because a switch to another thread and back takes as
 * long. A thread of Node runs slower syncs, so that the main thread does other work meanwhile.
 */
const fastMs = 0.5

const places = { database: 0, number: 8, length: 14, checksum: 18, payload: 22 }

/** What the database knows about its log. */
export interface Position {
  /** Random bytes that show to which database a log belongs. */
  readonly database: Uint8Array
  /** The number of the last entry that the database holds. */
  readonly applied: number
}

export class CommitLog {
  readonly path: string
  readonly #database: Uint8Array
  readonly #buffer = Buffer.allocUnsafe(logBytes)
  #file: number | null = null
  #at = 0
  /** Whether the last sync took less than `fastMs`. */
  #isFast = false
  /** The number of the last entry. */
  last: number
  /** All syncs that run. */
  running: Promise<void> | null = null
  /**
   * Set when a sync has failed, for any reason. The last commits may not be on the disk, so the store refuses all reads and
   * writes.
   */
  failed: StorageUnusable | null = null

  constructor(path: string, { database, applied }: Position) {
    this.path = path
    this.#database = database
    this.last = applied
  }

  /** Appends one entry for batches that are committed together. False: the log has no room, and nothing was written. */
  append(batches: readonly (readonly Write[])[]): boolean {
    const file = this.#open()
    const bytes = encode(this.#buffer, { database: this.#database, number: this.last + 1, batches })
    if (bytes === null || this.#at + bytes > logBytes) return false
    writeAll(file, this.#buffer.subarray(0, bytes), this.#at)
    this.#at += bytes
    this.last++
    return true
  }

  /** Call it when the database has all entries on the disk. The next entry overwrites the first one. */
  restart(): void {
    this.#at = 0
  }

  /** Resolves when everything that was appended before this call is on the disk. */
  sync(): Promise<void> {
    const synced = Promise.all([this.running, this.#sync()]).then(() => {})
    this.running = synced
    const end = () => {
      if (this.running === synced) this.running = null
    }
    synced.then(end, end)
    return synced
  }

  /** Deletes the file. Call it when the database has all entries on the disk. */
  remove(): void {
    this.close()
    rmSync(this.path, { force: true })
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  fail(path: string, { code, message }: NodeJS.ErrnoException): StorageUnusable {
    this.failed ??= new StorageUnusable(
      `The disk of ${path} failed (${code ?? message}). Restart Pawl when the disk works. See the system log.`,
    )
    return this.failed
  }

  async #sync(): Promise<void> {
    const file = this.#open()
    const startedAt = performance.now()
    try {
      if (this.#isFast) fdatasyncSync(file)
      else await inThread(file)
    } catch (error) {
      throw this.fail(this.path, error as NodeJS.ErrnoException)
    }
    this.#isFast = performance.now() - startedAt < fastMs
  }

  #open(): number {
    this.#file ??= createLog(this.path)
    return this.#file
  }
}

/** The entries of the log at this path that the database does not hold, in order. */
export function entriesAfter(path: string, { database, applied }: Position): Write[][][] {
  if (!existsSync(path)) return []
  const bytes = readFileSync(path)
  const found: Write[][][] = []
  let number: number | null = null
  for (let entry = entryAt(bytes, 0); entry; entry = entryAt(bytes, entry.end)) {
    if (!entry.database.equals(database))
      throw new StorageUnusable(`${path} belongs to another database. Move it away.`)
    if (number === null && entry.number > applied + 1) {
      throw new StorageUnusable(`${path} is newer than its database. Restore the database, or move the log away.`)
    }
    if (number !== null && entry.number !== number + 1) break
    number = entry.number
    if (number > applied) found.push(decode(entry.payload))
  }
  return found
}

function createLog(path: string): number {
  const file = openSync(path, 'wx+', 0o600)
  try {
    writeAll(file, Buffer.alloc(logBytes), 0)
    syncFolder(dirname(path))
    return file
  } catch (error) {
    closeSync(file)
    rmSync(path, { force: true })
    throw error
  }
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, at + written)
  }
}

function inThread(file: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(file, (error) => (error ? reject(error) : resolve())))
}

interface Entry {
  readonly database: Uint8Array
  readonly number: number
  readonly batches: readonly (readonly Write[])[]
}

/** Writes the entry to the start of the buffer. Returns its length. Null: it does not fit. */
function encode(into: Buffer, { database, number, batches }: Entry): number | null {
  const writes = batches.map((batch) => batch.filter(({ op }) => op !== 'check'))
  const json = JSON.stringify(writes.map((batch) => batch.map(rowOf)))
  const jsonBytes = Buffer.byteLength(json)
  const bodies = writes.flat().flatMap((write) => (write.op === 'put' ? [write.body] : []))
  const payloadBytes = 4 + jsonBytes + bodies.reduce((sum, body) => sum + body.length, 0)
  if (places.payload + payloadBytes > into.length) return null
  into.set(database, places.database)
  into.writeUIntBE(number, places.number, 6)
  into.writeUInt32BE(payloadBytes, places.length)
  into.writeUInt32BE(jsonBytes, places.payload)
  let at = places.payload + 4
  at += into.write(json, at)
  for (const body of bodies) {
    into.set(body, at)
    at += body.length
  }
  into.writeUInt32BE(checksum(into.subarray(0, at)), places.checksum)
  return at
}

type Row = readonly [
  op: 'put' | 'delete',
  kind: string,
  id: string,
  expect: string | null,
  version?: string,
  keys?: readonly (readonly [index: string, key: string])[],
  bodyBytes?: number,
]

function rowOf(write: Write): Row {
  const { kind, id, expect } = write
  if (write.op !== 'put') return ['delete', kind, id, expect]
  return ['put', kind, id, expect, write.version, write.keys.map(({ index, key }) => [index, key]), write.body.length]
}

function entryAt(bytes: Buffer, start: number) {
  if (start + places.payload > bytes.length) return null
  const payloadBytes = bytes.readUInt32BE(start + places.length)
  const end = start + places.payload + payloadBytes
  if (payloadBytes === 0 || end > bytes.length) return null
  const entry = bytes.subarray(start, end)
  if (entry.readUInt32BE(places.checksum) !== checksum(entry)) return null
  return {
    database: entry.subarray(places.database, places.number),
    number: entry.readUIntBE(places.number, 6),
    payload: entry.subarray(places.payload),
    end,
  }
}

function decode(payload: Buffer): Write[][] {
  const jsonEnd = 4 + payload.readUInt32BE(0)
  const batches = JSON.parse(payload.toString('utf8', 4, jsonEnd)) as Row[][]
  let at = jsonEnd
  return batches.map((rows) =>
    rows.map(([op, kind, id, expect, version = '', keys = [], bodyBytes = 0]): Write => {
      if (op === 'delete') return { op, kind, id, expect: expect ?? '' }
      const body = payload.subarray(at, at + bodyBytes)
      at += bodyBytes
      return { op, kind, id, expect, version, body, keys: keys.map(([index, key]) => ({ index, key })) }
    }),
  )
}

/** The CRC-32 of an entry, without the bytes of the checksum itself. */
function checksum(entry: Buffer): number {
  return crc32(entry.subarray(places.payload), crc32(entry.subarray(0, places.checksum)))
}
