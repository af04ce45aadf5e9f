import { Lru } from '../kernel/lru.ts'
import type { IndexKey } from '../ports/storage.ts'
import type { Loaded } from './codec.ts'
import { listVersionKind } from './list-version.ts'

/**
 * What was read from the store. Where nobody else can write, it stays current until we change it; elsewhere whoever uses
 * it has to find out in the commit whether it still is. Records are kept by reference; scans are kept by the tuple they
 * asked for, and forgotten when a key that begins with this tuple comes or goes. "There is nothing" is remembered too.
 */
export interface Cache {
  get(kind: string, refId: string): Loaded<unknown> | null | undefined
  set(kind: string, refId: string, loaded: Loaded<unknown> | null): void
  scan(kind: string, index: string, from: string): readonly string[] | undefined
  keepScan(kind: string, index: string, from: string, refIds: readonly string[]): void
  /** The list that this guard stands for, with the version that the guard had. */
  list(guardId: string): VersionedList | undefined
  keepList(guardId: string, list: VersionedList): void
  /** A write was applied: `before` and `after` are the keys of the record then and now. */
  changed(kind: string, refId: string, after: Loaded<unknown> | null, before: readonly IndexKey[]): void
  /** Somebody else has changed this record. */
  forget(kind: string, refId: string): void
  clear(): void
  /** Rises with every change; what was read before a change must not be kept after it. */
  readonly changes: number
}

export interface VersionedList {
  readonly version: string | null
  readonly all: readonly Loaded<unknown>[]
}

/** Of each kind, by the size of what is remembered. */
const recordBytesMax = 32 * 1024 * 1024
const scansMax = 50_000
const listBytesMax = 32 * 1024 * 1024
/** Larger ones are read again: the ciphertexts of files do not belong here. */
const bytesKeptMax = 16 * 1024
/** What an entry costs beside its record. */
const bytesPerEntry = 256

interface Entry {
  readonly loaded: Loaded<unknown> | null
}

export function cache(): Cache {
  const weigh = ({ loaded }: Entry) => bytesPerEntry + (loaded?.bytes ?? 0)
  const records = perName(() => new Lru<string, Entry>({ max: recordBytesMax, weigh }))
  const scans = perName(() => new Lru<string, readonly string[]>({ max: scansMax }))
  const weighList = ({ all }: VersionedList) => all.reduce((sum, { bytes }) => sum + bytes, bytesPerEntry)
  const lists = new Lru<string, VersionedList>({ max: listBytesMax, weigh: weighList })
  let changes = 0

  const forgetList = (kind: string, refId: string) => {
    if (kind === listVersionKind.name) lists.delete(refId)
  }

  const set: Cache['set'] = (kind, refId, loaded) => {
    if (loaded && loaded.bytes > bytesKeptMax) records.of(kind).delete(refId)
    else records.of(kind).set(refId, { loaded })
  }

  return {
    get: (kind, refId) => records.of(kind).get(refId)?.loaded,
    set,
    scan: (kind, index, from) => scans.of(kind).get(`${index} ${from}`),
    keepScan: (kind, index, from, refIds) => scans.of(kind).set(`${index} ${from}`, refIds),
    list: (guardId) => lists.get(guardId),
    keepList: (guardId, list) => lists.set(guardId, list),
    changed: (kind, refId, after, before) => {
      changes++
      forgetList(kind, refId)
      set(kind, refId, after)
      // A scan is kept as a list of ids, so it changes only when a key comes or goes.
      const now = after?.keys ?? []
      for (const key of before) if (!has(now, key)) forgetScans(kind, key)
      for (const key of now) if (!has(before, key)) forgetScans(kind, key)
    },
    forget: (kind, refId) => {
      changes++
      forgetList(kind, refId)
      records.of(kind).delete(refId)
    },
    clear: () => {
      changes++
      records.clear()
      scans.clear()
      lists.clear()
    },
    get changes() {
      return changes
    },
  }

  /** Every prefix of whole components, since a scan can have asked for any of them. */
  function forgetScans(kind: string, { index, key }: IndexKey): void {
    const kept = scans.of(kind)
    kept.delete(`${index} `)
    for (let end = key.indexOf('!'); end >= 0; end = key.indexOf('!', end + 1)) {
      kept.delete(`${index} ${key.slice(0, end + 1)}`)
    }
  }
}

function has(keys: readonly IndexKey[], { index, key }: IndexKey): boolean {
  return keys.some((other) => other.index === index && other.key === key)
}

/** A map per kind: what is looked up most often is then found without joining texts. */
function perName<T extends { clear(): void }>(make: () => T): { of(name: string): T; clear(): void } {
  const made = new Map<string, T>()
  return {
    of: (name) => {
      let one = made.get(name)
      if (!one) {
        one = make()
        made.set(name, one)
      }
      return one
    },
    clear: () => {
      for (const one of made.values()) one.clear()
    },
  }
}
