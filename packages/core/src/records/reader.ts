import { internalError } from '../kernel/errors.ts'
import { encodeKey, type KeyRange, keysStartingWith, keysWithin, type Tuple } from '../kernel/keys.ts'
import { limits } from '../kernel/limits.ts'
import type { Hit, Put, Storage } from '../ports/storage.ts'
import type { Cache } from './cache.ts'
import { type Codec, type Loaded, tampered } from './codec.ts'
import type { AnyKind, Kind, Recorded } from './kind.ts'
import type { PageOptions } from './unit.ts'

/** Reads records, from memory where the store is ours alone, and opens what the store gave. */
export interface Reader {
  refId(kind: AnyKind, org: string | null, id: string): string
  write<T extends Recorded>(kind: Kind<T>, org: string | null, record: T, expect: string | null): Put
  get<T extends Recorded>(kind: Kind<T>, org: string | null, id: string): Promise<Loaded<T> | null>
  find<T extends Recorded>(kind: Kind<T>, org: string | null, index: string, tuple: Tuple): Promise<Loaded<T> | null>
  list<T extends Recorded>(kind: Kind<T>, org: string | null, index: string, tuple: Tuple): Promise<Loaded<T>[]>
  page<T extends Recorded>(kind: Kind<T>, org: string | null, index: string, page: PageOptions): Promise<Loaded<T>[]>
}

/** Longer lists are read again each time. */
const listKeptMax = 200

export function reader(storage: Storage, codec: Codec, cache: Cache | null, version: () => string): Reader {
  const get: Reader['get'] = async (kind, org, id) => {
    const refId = codec.refId(kind, org, id)
    const known = cache?.get(kind.name, refId)
    if (known !== undefined) return known as never
    const changes = cache?.changes
    const [stored] = await storage.get([{ kind: kind.name, id: refId }])
    const loaded = stored ? codec.open(kind, org, stored) : null
    if (cache?.changes === changes) cache?.set(kind.name, refId, loaded)
    return loaded
  }

  const scan = async <T extends Recorded>(
    kind: Kind<T>,
    org: string | null,
    index: string,
    range: KeyRange & { limit: number; reverse?: boolean },
  ) => {
    const changes = cache?.changes
    const hits = await storage.scan({ kind: kind.name, index, ...range })
    return hits.map((hit) => {
      const loaded = openHit(codec, kind, org, index, hit)
      if (cache?.changes === changes) cache?.set(kind.name, hit.id, loaded)
      return loaded
    })
  }

  /** The records of a scan that is remembered, or null when the scan has to be made. */
  const remembered = async <T extends Recorded>(kind: Kind<T>, org: string | null, index: string, from: string) => {
    const refIds = cache?.scan(kind.name, index, from)
    if (!refIds) return null
    const loaded: Loaded<T>[] = []
    for (const refId of refIds) {
      const one = (cache?.get(kind.name, refId) ?? (await get(kind, org, localId(kind, refId)))) as Loaded<T> | null
      if (one) loaded.push(one)
    }
    return loaded
  }

  const whole = async <T extends Recorded>(kind: Kind<T>, org: string | null, index: string, range: KeyRange) => {
    const known = await remembered(kind, org, index, range.from)
    if (known) return known
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

  return {
    refId: codec.refId,
    write: (kind, org, record, expect) => codec.put(kind, org, record, expect, version()),
    get,
    find: async (kind, org, index, tuple) => {
      if (!kind.indexes[index]?.unique) throw internalError()
      const from = encodeKey(codec.tuple(kind, index, org, tuple))
      return (await whole(kind, org, index, { from, to: `${from}!` }))[0] ?? null
    },
    list: (kind, org, index, tuple) => whole(kind, org, index, keysWithin(codec.tuple(kind, index, org, tuple))),
    page: (kind, org, index, options) => {
      const { limit, reverse = false } = options
      return scan(kind, org, index, { ...pageRange(codec, kind, org, index, options), limit, reverse })
    },
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

function localId(kind: AnyKind, refId: string): string {
  return kind.scope === 'global' ? refId : refId.slice(refId.indexOf('/') + 1)
}
