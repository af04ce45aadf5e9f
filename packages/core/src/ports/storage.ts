/**
 * Stores the records of the engine. The storage is not trusted and knows nothing about vaults. A record has a kind, an
 * id, an encrypted body and index keys. The storage scans keys in byte order. It applies a batch of writes only if
 * every expectation in it holds.
 *
 * The engine encodes keys, encrypts bodies and checks limits before it calls. Expiry times and counters are ordinary
 * records. So there is no TTL, count, join, schema or migration, and an adapter has about a hundred lines.
 * `@pawl/testkit/conformance` checks whether an adapter is complete.
 */
export interface Storage {
  /** Creates missing tables or folders. Called before everything else. It can be called again. */
  setup(): Promise<void>

  /** Returns the records in the requested order, and null for each missing one. */
  get(refs: readonly Ref[]): Promise<(Stored | null)[]>

  /** Returns the records with `from` ≤ key < `to` in this index, in byte order of the keys, at most `limit`. */
  scan(range: Range): Promise<Hit[]>

  /**
   * Applies all writes or none. The writes are durable when the promise resolves. Expectations refer to the state
   * before the batch. If one does not hold, it throws `StorageConflict` and changes nothing.
   */
  commit(writes: readonly Write[]): Promise<void>

  close(): Promise<void>
}

/** Optional: applies several batches in order in one transaction. Each batch is atomic and has its own result. */
export interface GroupCommit {
  /** With `os`, the store may answer when the operating system has the data, before the disk has it. Default: `disk`. */
  commitMany(batches: readonly (readonly Write[])[], sync?: Sync): Promise<(StorageConflict | null)[]>
}

/** What a commit survives: `os` a crash of the process, `disk` also a crash of the machine. */
export type Sync = 'disk' | 'os'

/**
 * Optional: returns every record with its keys from one moment, while writes continue. The records come in chunks that
 * fit into memory, in any order. Leaving the loop releases the snapshot. Backup and migration use it.
 */
export interface Snapshot {
  snapshot(): AsyncIterable<readonly Kept[]>
}

/** Optional: no other process can write while this storage is open. So cached records stay current. */
export interface Exclusive {
  readonly exclusive: true
}

/**
 * Optional: gives space that deleted records left back to the file system. Each call does a small part, in a few
 * milliseconds. Resolves to true while there is more to give back. Stores that do this automatically do without.
 */
export interface Shrinking {
  shrink(): Promise<boolean>
}

export interface Ref {
  readonly kind: string
  readonly id: string
}

export interface Stored extends Ref {
  /** An opaque token that the engine creates for every put. */
  readonly version: string
  readonly body: Uint8Array
}

/** A stored record with all its keys. */
export interface Kept extends Stored {
  readonly keys: readonly IndexKey[]
}

export interface Hit extends Stored {
  /** The key that matched. */
  readonly key: string
}

export interface IndexKey {
  readonly index: string
  /** Printable ASCII, at most 1,024 bytes. Within a kind and an index, a key belongs to one record. */
  readonly key: string
}

export interface Range {
  readonly kind: string
  readonly index: string
  readonly from: string
  readonly to: string
  readonly limit: number
  /** Returns the highest key first. The bounds keep their meaning. */
  readonly reverse?: boolean
}

/**
 * Every write has an expectation. `expect` is the version that must be stored now, or null if the record must not
 * exist. A put replaces the record and all its keys. A batch names a record at most once.
 */
export type Write = Put | Delete | Check

export interface Put extends Kept {
  readonly op: 'put'
  readonly expect: string | null
}

export interface Delete extends Ref {
  readonly op: 'delete'
  readonly expect: string
}

/** Changes nothing. It makes a batch depend on a record that it does not write. */
export interface Check extends Ref {
  readonly op: 'check'
  readonly expect: string | null
}

/**
 * The storage refused a batch and applied none of its writes. `stale`: `ref` does not have the expected version, so
 * read again. `taken`: a key of `ref` in `index` belongs to another record.
 */
export class StorageConflict extends Error {
  override readonly name = 'StorageConflict'
  readonly reason: 'stale' | 'taken'
  readonly ref: Ref
  readonly index: string | undefined

  constructor(reason: 'stale' | 'taken', ref: Ref, index?: string) {
    super(`${reason}: ${ref.kind}`)
    this.reason = reason
    this.ref = { kind: ref.kind, id: ref.id }
    this.index = index
  }
}

/** The storage is missing, locked, damaged or too new. The message tells the operator how to fix it. */
export class StorageUnusable extends Error {
  override readonly name = 'StorageUnusable'
}
