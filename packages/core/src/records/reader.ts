import { internalError } from '../kernel/errors.ts'
import { encodeKey, type KeyRange, keysStartingWith, keysWithin, type Tuple } from '../kernel/keys.ts'
import { limits } from '../kernel/limits.ts'
import type { Hit, Put, Storage } from '../ports/storage.ts'
import type { Cache } from './cache.ts'
import { type Codec, type Loaded, tampered } from './codec.ts'
import type { AnyKind, Kind, Recorded } from './kind.ts'
import { listVersionKind, listVersionOf, listVersionsOf } from './list-version.ts'

/** Reads records, from memory where that may be trusted, and opens what the store gave. */
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
  page<T extends Recorded>(kind: Kind<T>, org: string | null, index: string, page: PageOptions): Promise<Loaded<T>[]>
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

/** What is remembered is there at once; only the store is waited for. */
export type MaybePromise<T> = T | Promise<T>

export interface Listed<T> {
  readonly all: readonly Loaded<T>[]
  /** What says whether the list is still current, when that cannot be taken for granted. */
  readonly guard?: { readonly id: string; readonly version: string | null }
}

/**
 * How far what is remembered may be used. `always`: nobody else writes. `checked`: whoever uses it checks in the commit
 * that it is current still. `never`: nobody checks; what is read is remembered for those who do.
 */
export type Trust = 'always' | 'checked' | 'never'

/** Longer lists are read again each time. */
const listKeptMax = 200

export function recordReader(
  storage: Storage,
  codec: Codec,
  memory: Cache,
  trust: Trust,
  version: () => string,
): RecordReader {
  const cacheFor = (kind: AnyKind) => (kind.remembered ? memory : null)
  const knownTo = (kind: AnyKind) => (trust === 'never' ? null : cacheFor(kind))

  const fetchAll = async <T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    refIds: readonly string[],
  ): Promise<(Loaded<T> | null)[]> => {
    const cache = cacheFor(kind)
    const changes = cache?.changes
    const found = await storage.get(refIds.map((id) => ({ kind: kind.name, id })))
    return refIds.map((id, at) => {
      const stored = found[at]
      const loaded = stored ? codec.open(kind, org, stored) : null
      if (cache?.changes === changes) cache?.set(kind.name, id, loaded)
      return loaded
    })
  }

  const fetch = async <T extends Recorded>(kind: Kind<T>, org: string | null, refId: string) =>
    (await fetchAll(kind, org, [refId]))[0] ?? null

  const knownOf = <T extends Recorded>(kind: Kind<T>, refId: string) =>
    knownTo(kind)?.get(kind.name, refId) as Loaded<T> | null | undefined

  const get: RecordReader['get'] = (kind, org, id) => {
    const refId = codec.refId(kind, org, id)
    const known = knownOf(kind, refId)
    return known !== undefined ? known : fetch(kind, org, refId)
  }

  const getAll: RecordReader['getAll'] = (kind, org, ids) => {
    const refIds = ids.map((id) => codec.refId(kind, org, id))
    const known = refIds.map((refId) => knownOf(kind, refId))
    const missing = refIds.filter((_, at) => known[at] === undefined)
    const kept = (found: readonly (Loaded<never> | null)[]) => {
      const loaded = found.values()
      return known.map((one) => (one === undefined ? (loaded.next().value ?? null) : one))
    }
    if (missing.length === 0) return kept([]) as never
    return fetchAll(kind, org, missing).then((found) => kept(found as never) as never)
  }

  const scanAll = async <T extends Recorded>(kind: Kind<T>, org: string | null, index: string, range: KeyRange) => {
    const cache = cacheFor(kind)
    const changes = cache?.changes
    const all: Loaded<T>[] = []
    let from = range.from
    for (;;) {
      const hits = await storage.scan({ kind: kind.name, index, from, to: range.to, limit: limits.scanRowsMax })
      for (const hit of hits) all.push(openHit(codec, kind, org, index, hit))
      const last = hits[hits.length - 1]
      if (!last || hits.length < limits.scanRowsMax) break
      from = `${last.key}!`
    }
    if (cache && cache.changes === changes && all.length <= listKeptMax) {
      const refIds = all.map(({ value }) => codec.refId(kind, org, value.id))
      for (const [at, refId] of refIds.entries()) cache.set(kind.name, refId, all[at] as Loaded<T>)
      cache.keepScan(kind.name, index, range.from, refIds)
    }
    return all
  }

  /** A scan that is remembered gives the records that are; null when one of them was forgotten. */
  const scanned = <T extends Recorded>(kind: Kind<T>, index: string, from: string): Loaded<T>[] | null => {
    const cache = knownTo(kind)
    const refIds = cache?.scan(kind.name, index, from)
    if (!refIds) return null
    const loaded: Loaded<T>[] = []
    for (const refId of refIds) {
      const one = cache?.get(kind.name, refId) as Loaded<T> | null | undefined
      if (!one) return null
      loaded.push(one)
    }
    return loaded
  }

  const list = <T extends Recorded>(kind: Kind<T>, org: string | null, index: string, tuple: Tuple) => {
    const range = keysWithin(codec.tuple(kind, index, org, tuple))
    const known = trust === 'always' ? scanned(kind, index, range.from) : null
    return known ? { all: known } : scanAll(kind, org, index, range).then((all) => ({ all }))
  }

  /** The guard is read first: a record that comes meanwhile leaves the list with a guard that is outdated. */
  const versionedList = async <T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    index: string,
    tuple: Tuple,
    id: string,
  ): Promise<Listed<T>> => {
    const { changes } = memory
    const guard = await fetch(listVersionKind, org, codec.refId(listVersionKind, org, id))
    const { all } = await list(kind, org, index, tuple)
    const kept = { version: guard?.version ?? null, all }
    if (memory.changes === changes && all.length <= listKeptMax)
      memory.keepList(codec.refId(listVersionKind, org, id), kept)
    return { all }
  }

  return {
    refId: codec.refId,
    write: (kind, org, record, expect) => codec.put(kind, org, record, expect, version()),
    get,
    getAll,
    find: (kind, org, index, tuple) => {
      if (!kind.indexes[index]?.unique) throw internalError()
      const from = encodeKey(codec.tuple(kind, index, org, tuple))
      const known = scanned(kind, index, from) as Loaded<never>[] | null
      // That there is nothing cannot be checked; and the record may have lost this key to somebody else's write.
      const isUsable = trust === 'always' || known?.[0]?.keys.some((own) => own.index === index && own.key === from)
      if (known && isUsable) return known[0] ?? null
      return scanAll(kind, org, index, { from, to: `${from}!` }).then((all) => all[0] ?? null)
    },
    list: (kind, org, index, tuple) => {
      const id = trust === 'always' ? null : listVersionOf(codec, kind, org, index, tuple)
      if (id === null) return list(kind, org, index, tuple)
      const known = trust === 'checked' ? memory.list(codec.refId(listVersionKind, org, id)) : undefined
      if (!known) return versionedList(kind, org, index, tuple, id)
      return { all: known.all as never, guard: { id, version: known.version } }
    },
    page: async (kind, org, index, options) => {
      const cache = cacheFor(kind)
      const { limit, reverse = false } = options
      const changes = cache?.changes
      const range = { ...pageRange(codec, kind, org, index, options), limit, reverse }
      const hits = await storage.scan({ kind: kind.name, index, ...range })
      return hits.map((hit) => {
        const loaded = openHit(codec, kind, org, index, hit)
        if (cache?.changes === changes) cache?.set(kind.name, hit.id, loaded)
        return loaded
      })
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
