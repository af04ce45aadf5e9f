import { internalError } from '../kernel/errors.ts'
import { encodeKey, type KeyRange, keysStartingWith, keysWithin, type Tuple } from '../kernel/keys.ts'
import { limits } from '../kernel/limits.ts'
import { nextTurn } from '../kernel/turn.ts'
import type { Hit, Put, Storage } from '../ports/storage.ts'
import { type Codec, type Loaded, tampered } from './codec.ts'
import type { AnyKind, Kind, Recorded } from './kind.ts'
import { listVersionKind, listVersionOf, listVersionsOf } from './list-version.ts'
import { type Listed, listed, type Memory } from './memory.ts'

/** Reads records: from memory where memory can be trusted, otherwise from the store. Decrypts what the store returns. */
export interface RecordReader {
  refId(kind: AnyKind, org: string | null, id: string): string
  write<T extends Recorded>(kind: Kind<T>, org: string | null, record: T, expect: string | null): Put
  get<T extends Recorded>(kind: Kind<T>, org: string | null, id: string): MaybePromise<Loaded<T> | null>
  getAll<T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    ids: readonly string[],
  ): MaybePromise<(Loaded<T> | null)[]>
  find<T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    index: string,
    tuple: Tuple,
  ): MaybePromise<Loaded<T> | null>
  list<T extends Recorded>(kind: Kind<T>, org: string | null, index: string, tuple: Tuple): MaybePromise<Listed<T>>
  page<T extends Recorded>(kind: Kind<T>, org: string | null, index: string, page: PageOptions): Promise<Listed<T>>
  /** The guards of the lists that these states of a record stand in. */
  listVersions(kind: AnyKind, org: string | null, states: readonly Recorded[]): readonly string[]
}

export interface PageOptions {
  readonly tuple?: Tuple
  /** The beginning of the component that follows the tuple. */
  readonly prefix?: string
  readonly limit: number
  readonly reverse?: boolean
  /** Narrower bounds, as whole tuples: from included, after and to excluded. */
  readonly from?: Tuple
  readonly after?: Tuple
  readonly to?: Tuple
}

/** A record in memory is returned directly. A record from the store is a promise. */
export type MaybePromise<T> = T | Promise<T>

/**
 * When the reader uses records from memory. `always`: no other engine writes to the store. `checked`: the unit checks in its
 * commit that these records are still current. `never`: the reader always asks the store, and fills the memory for units that
 * do check.
 */
export type Trust = 'always' | 'checked' | 'never'

export function recordReader(
  storage: Storage,
  codec: Codec,
  memory: Memory,
  trust: Trust,
  version: () => string,
): RecordReader {
  /** A record that was read before a change does not enter the cache after it. */
  const keeping = (kind: AnyKind): (() => boolean) => {
    const { changes } = memory
    return () => kind.remembered && memory.changes === changes
  }

  const fetchAll = async <T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    ids: readonly string[],
  ): Promise<(Loaded<T> | null)[]> => {
    const mayKeep = keeping(kind)
    const found = await storage.get(ids.map((id) => ({ kind: kind.name, id: codec.refId(kind, org, id) })))
    return ids.map((id, at) => {
      const stored = found[at]
      const loaded = stored ? codec.open(kind, org, stored) : null
      if (mayKeep()) memory.keep(kind, org, id, loaded)
      return loaded
    })
  }

  const fetch = async <T extends Recorded>(kind: Kind<T>, org: string | null, id: string) =>
    (await fetchAll(kind, org, [id]))[0] ?? null

  const knownOf = <T extends Recorded>(kind: Kind<T>, org: string | null, id: string) =>
    trust === 'never' ? undefined : (memory.get(kind, org, id) as Loaded<T> | null | undefined)

  const knownList = (kind: AnyKind, org: string | null, index: string, tuple: Tuple) =>
    trust === 'never' ? undefined : memory.list(kind, org, index, tuple)

  const scanIn = async <T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    index: string,
    range: KeyRange,
    pause: () => Promise<void> | null,
  ) => {
    const all: Loaded<T>[] = []
    let from = range.from
    for (;;) {
      const hits = await storage.scan({ kind: kind.name, index, from, to: range.to, limit: limits.rowsPerTurnMax })
      for (const hit of hits) all.push(openHit(codec, kind, org, index, hit))
      const last = hits[hits.length - 1]
      if (!last || hits.length < limits.rowsPerTurnMax) return all
      await pause()
      from = `${last.key}!`
    }
  }

  /** A long read yields to other work (M4). If a write happened meanwhile, its parts may not fit, so it reads again in one go. */
  const scanAll = async <T extends Recorded>(kind: Kind<T>, org: string | null, index: string, range: KeyRange) => {
    const { changes } = memory
    const found = await scanIn(kind, org, index, range, nextTurn)
    return memory.changes === changes ? found : scanIn(kind, org, index, range, () => null)
  }

  const fetchList = async <T extends Recorded>(kind: Kind<T>, org: string | null, index: string, tuple: Tuple) => {
    const mayKeep = keeping(kind)
    const found = listed(await scanAll(kind, org, index, keysWithin(codec.tuple(kind, index, org, tuple))))
    if (trust === 'always' && mayKeep()) memory.keepList(kind, org, index, tuple, found)
    return found
  }

  /** Reads the guard first. If a record is added meanwhile, the list in the cache has an outdated guard. */
  const fetchGuarded = async <T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    index: string,
    tuple: Tuple,
    id: string,
  ): Promise<Listed<T>> => {
    const mayKeep = keeping(kind)
    const guard = await fetch(listVersionKind, org, id)
    const found = await fetchList(kind, org, index, tuple)
    if (mayKeep())
      memory.keepList(kind, org, index, tuple, { ...found, guard: { id, version: guard?.version ?? null } })
    return found
  }

  const fetchUnique = async <T extends Recorded>(kind: Kind<T>, org: string | null, index: string, tuple: Tuple) => {
    const mayKeep = keeping(kind)
    const from = encodeKey(codec.tuple(kind, index, org, tuple))
    const all = await scanAll(kind, org, index, { from, to: `${from}!` })
    if (mayKeep()) memory.keepList(kind, org, index, tuple, listed(all))
    return all[0] ?? null
  }

  return {
    refId: codec.refId,
    write: (kind, org, record, expect) => codec.put(kind, org, record, expect, version()),
    get: (kind, org, id) => {
      const known = knownOf(kind, org, id)
      return known === undefined ? fetch(kind, org, id) : known
    },
    getAll: (kind, org, ids) => {
      const known = ids.map((id) => knownOf(kind, org, id))
      const missing = ids.filter((_, at) => known[at] === undefined)
      if (missing.length === 0) return known as never
      return fetchAll(kind, org, missing).then((found) => {
        const fetched = found.values()
        return known.map((one) => (one === undefined ? (fetched.next().value ?? null) : one))
      })
    },
    find: (kind, org, index, tuple) => {
      if (!kind.indexes[index]?.unique) throw internalError()
      const known = knownList(kind, org, index, tuple)
      // On a shared store, nothing proves that the record still does not exist.
      if (known && (trust === 'always' || known.all.length > 0)) return (known.all[0] ?? null) as never
      return fetchUnique(kind, org, index, tuple)
    },
    list: (kind, org, index, tuple) => {
      const known = knownList(kind, org, index, tuple)
      if (known && (trust === 'always' || known.guard)) return known as never
      const id = trust === 'always' ? null : listVersionOf(codec, kind, org, index, tuple)
      return id === null ? fetchList(kind, org, index, tuple) : fetchGuarded(kind, org, index, tuple, id)
    },
    page: async (kind, org, index, options) => {
      const { limit, reverse = false } = options
      const range = { ...pageRange(codec, kind, org, index, options), limit, reverse }
      const hits = await storage.scan({ kind: kind.name, index, ...range })
      return listed(hits.map((hit) => openHit(codec, kind, org, index, hit)))
    },
    listVersions: (kind, org, states) => (trust === 'always' ? [] : listVersionsOf(codec, kind, org, states)),
  }
}

function pageRange(codec: Codec, kind: AnyKind, org: string | null, index: string, options: PageOptions): KeyRange {
  const key = (tuple: Tuple) => encodeKey(codec.tuple(kind, index, org, tuple))
  const { tuple = [], prefix, from, after, to } = options
  const whole = codec.tuple(kind, index, org, tuple)
  const range = prefix === undefined ? keysWithin(whole) : keysStartingWith(whole, prefix)
  const start = after ? `${key(after).slice(0, -1)}"` : from ? key(from) : range.from
  return { from: start, to: to ? key(to) : range.to }
}

/** A record answers only for keys that follow from its sealed body. */
function openHit<T extends Recorded>(
  codec: Codec,
  kind: Kind<T>,
  org: string | null,
  index: string,
  hit: Hit,
): Loaded<T> {
  const loaded = codec.open(kind, org, hit)
  if (loaded.keys.some((own) => own.index === index && own.key === hit.key)) return loaded
  throw tampered(hit)
}
