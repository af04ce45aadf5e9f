import type { Tuple } from '../kernel/keys.ts'

/**
 * A kind of record: its name in the store, its scope and its indexes. The body is the record as JSON. The store sees only the
 * parts of it that an index shows.
 *
 * @example
 * const vaultKind = kind<Vault>('vault', {
 *   indexes: {
 *     name: { unique: true, blind: true, key: (vault) => [vault.name] },
 *     created: { key: (vault) => [vault.createdAt] },
 *   },
 * })
 */
export interface Kind<T extends Recorded> {
  readonly name: string
  /** Its number among all kinds of the process. */
  readonly slot: number
  /** `org`: the records belong to one organisation and are invisible to others. `global` is rare, and a comment says why. */
  readonly scope: 'org' | 'global'
  readonly indexes: Readonly<Record<string, Index<T>>>
  /** The first index. It holds every record, so a rebuild uses it when another index is added. */
  readonly listedBy: string | undefined
  /** The shape of new records. Older records pass through `upcast` when the engine reads them. */
  readonly shape: number
  readonly upcast: ((old: unknown, shape: number) => T) | undefined
  /** The encoding of a record. Default: JSON. */
  readonly packing: Packing<T> | undefined
  /** Whether the cache keeps the records. False for records that the engine reads once or walks through. */
  readonly remembered: boolean
  /**
   * Fields that tell what happened, such as `createdBy`. They may name records that are gone. A test removes everything
   * and finds every other field that still names it.
   */
  readonly history: readonly string[]
  /** Bytes of heap for objects that the engine derives from each record in a list, such as a compiled policy. */
  readonly derivedBytes: number
  /** The kind whose ids its records use. For example, a counter uses the id of its user. */
  readonly idOf: string | undefined
  /** The id of the older record in whose place a new one is read from now on. The cache drops the older one. */
  replaces?(record: T): string | null
  /** The topic of a record, for calls that wait for news about it. */
  topic?(record: T, org: string | null): string
}

/** Two inverse functions. The engine encrypts the result of `pack` as the body. The result contains its own format version. */
export interface Packing<T> {
  pack(record: T): Uint8Array
  unpack(body: Uint8Array): T
}

export interface Index<T> {
  /** A unique index holds one record per tuple. Any other index adds the id, so that equal tuples differ. */
  readonly unique?: true
  /** The store sees a keyed hash instead of the tuple. Only for equality, because hashes have no order. */
  readonly blind?: true
  /**
   * The cache keeps lists of tuples with this many components, even if other engines write to the same store. Each list has a
   * guard, a record that changes with every change in the list. For lists that are read often and change rarely.
   */
  readonly versionedList?: number
  /** Null keeps a record out of the index. */
  key(record: T): Tuple | null
}

export interface Recorded {
  readonly id: string
}

/** Any kind, when it does not matter of what. */
export type AnyKind = Kind<Recorded>

interface KindOptions<T> {
  readonly scope?: 'org' | 'global'
  /** The first one holds every record. */
  readonly indexes?: Readonly<Record<string, Index<T>>>
  readonly shape?: number
  readonly upcast?: (old: unknown, shape: number) => T
  readonly packing?: Packing<T>
  readonly remembered?: false
  readonly history?: readonly (keyof T & string)[]
  readonly derivedBytes?: number
  readonly idOf?: string
  readonly replaces?: (record: T) => string | null
  readonly topic?: (record: T, org: string | null) => string
}

let kinds = 0

export function kind<T extends Recorded>(name: string, options: KindOptions<T> = {}): Kind<T> {
  const {
    scope = 'org',
    indexes = {},
    shape = 1,
    upcast,
    packing,
    remembered = true,
    history = [],
    derivedBytes = 0,
    idOf,
    replaces,
    topic,
  } = options
  const [listedBy] = Object.keys(indexes)
  const found = { name, slot: kinds++, scope, indexes, listedBy, shape, upcast, packing, remembered, derivedBytes }
  return { ...found, history, idOf, ...(replaces && { replaces }), ...(topic && { topic }) }
}
