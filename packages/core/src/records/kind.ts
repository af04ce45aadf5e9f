import type { Tuple } from '../kernel/keys.ts'

/**
 * A kind of record: its name in the store, whose it is, and how it can be found. The body is the record itself as
 * JSON; nothing of it is visible in the store but what an index shows.
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
  /** `org` records belong to one organisation and are invisible to every other; `global` ones are few and say why. */
  readonly scope: 'org' | 'global'
  readonly indexes: Readonly<Record<string, Index<T>>>
  /** The first index: it holds every record, so it is the way to them when another index is added. */
  readonly listedBy: string | undefined
  /** The shape that is written now. Older ones pass through `upcast` when they are read. */
  readonly shape: number
  readonly upcast: ((old: unknown, shape: number) => T) | undefined
  /** How a record is written down, when that is not the record as JSON. */
  readonly packing: Packing<T> | undefined
  /** False for records that are written beside the units and walked through rather than looked up. */
  readonly remembered: boolean
  /**
   * Fields that tell what happened, such as `createdBy`. They may name records that are gone. A test removes everything
   * and finds every other field that still names it.
   */
  readonly history: readonly string[]
  /** Bytes of heap that the engine makes of each record in a list, such as a compiled policy. */
  readonly derivedBytes: number
  /** The kind whose ids its records have, as a counter beside each user has. */
  readonly idOf: string | undefined
  /** The topic of a record, for those who wait for news about it. */
  topic?(record: T): string
}

/** Two functions that undo each other. What `pack` gives is sealed as the body, and says itself what shape it has. */
export interface Packing<T> {
  pack(record: T): Uint8Array
  unpack(body: Uint8Array): T
}

export interface Index<T> {
  /** A unique index holds one record per tuple; any other keeps equal tuples apart by the id. */
  readonly unique?: true
  /** The store sees a keyed hash in place of the tuple. For equality only: there is no order left. */
  readonly blind?: true
  /**
   * Lists of so many components are remembered even where others write to the same store: each has a guard, a record
   * that changes whenever one in the list does. For lists that are read all the time and rarely change.
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
  readonly topic?: (record: T) => string
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
    topic,
  } = options
  const [listedBy] = Object.keys(indexes)
  const found = { name, slot: kinds++, scope, indexes, listedBy, shape, upcast, packing, remembered, derivedBytes }
  return { ...found, history, idOf, ...(topic && { topic }) }
}
