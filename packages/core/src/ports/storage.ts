/**
 * The store is not trusted and knows nothing of vaults. It keeps records (opaque bodies, sealed by the core) under a
 * kind and an id, keeps the index keys that belong to each record, scans keys in byte order, and applies a batch of
 * writes only when every expectation in it holds.
 *
 * The core does the thinking before it calls: keys are encoded, bodies sealed, limits checked, expiry and counters are
 * records like any other. So there is no TTL, count, join, schema or migration here, and an adapter is about a hundred
 * lines. `@pawl/testkit/conformance` says when yours is done.
 */
export interface Storage {
  /** Makes what is missing (tables, folders). Called once before anything else; may be called again. */
  setup(): Promise<void>

  /** The records, in the order asked for; null where there is none. */
  get(refs: readonly Ref[]): Promise<(Stored | null)[]>

  /** The records whose key in this index lies in `from` ≤ key < `to`, in byte order of the keys, at most `limit`. */
  scan(range: Range): Promise<Hit[]>

  /**
   * All of the writes, or none of them, durable when the promise resolves. Expectations are judged against the state
   * before the batch. Throws `StorageConflict` when one does not hold, and changes nothing then.
   */
  commit(writes: readonly Write[]): Promise<void>

  close(): Promise<void>
}

/** Optional: several batches in one physical transaction, in order, each all or none. One answer per batch. */
export interface GroupCommit {
  commitMany(batches: readonly (readonly Write[])[]): Promise<(StorageConflict | null)[]>
}

/**
 * Optional: every record with its keys, all from one moment, while others go on writing. They come in chunks that fit
 * into memory, in any order; who stops early lets go of the moment. It is what a backup and a move are made from.
 */
export interface Snapshot {
  snapshot(): AsyncIterable<readonly Kept[]>
}

/** Optional: nobody else can write while this store is open, so what was read stays current until we change it. */
export interface Exclusive {
  readonly exclusive: true
}

export interface Ref {
  readonly kind: string
  readonly id: string
}

export interface Stored extends Ref {
  /** An opaque token, made by the core, new with every put. */
  readonly version: string
  readonly body: Uint8Array
}

/** A record as it is kept, with all its keys. */
export interface Kept extends Stored {
  readonly keys: readonly IndexKey[]
}

export interface Hit extends Stored {
  /** The key this record was found under. */
  readonly key: string
}

export interface IndexKey {
  readonly index: string
  /** Printable ASCII, at most 1,024 bytes. Within one kind and index, a key has one owner. */
  readonly key: string
}

export interface Range {
  readonly kind: string
  readonly index: string
  readonly from: string
  readonly to: string
  readonly limit: number
  /** Highest key first. The bounds keep their meaning. */
  readonly reverse?: boolean
}

/**
 * Every write states what it expects; there is no "just set it". `expect` is the version that must be stored now, or
 * null when there must be no record. A put replaces the record and all its keys. A batch names a record at most once.
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

/** Changes nothing; lets a batch depend on a record it does not write. */
export interface Check extends Ref {
  readonly op: 'check'
  readonly expect: string | null
}

/**
 * A batch was refused and nothing of it was applied. `stale`: `ref` is not at the version that was expected, so read
 * again. `taken`: a key of `ref` belongs to another record, and `index` says in which index.
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

/** The store cannot be used: missing, locked, damaged, too new. The message is for the operator and names the remedy. */
export class StorageUnusable extends Error {
  override readonly name = 'StorageUnusable'
}
