import { internalError } from '../kernel/errors.ts'
import { keysWithin } from '../kernel/keys.ts'
import type { Storage } from '../ports/storage.ts'
import { type AnyKind, kind } from './kind.ts'
import type { Reading } from './reading.ts'
import type { Unit } from './unit.ts'

// A new index of a kind needs the old records. To store a record again adds it to the index. So a rebuild walks an index that
// holds all records, and stores each record unchanged. It also stores its position, and continues there after a crash.

/** The complete indexes, and the position of the rebuild of another index. */
interface Indexed {
  readonly id: 'main'
  readonly kinds: Readonly<Record<string, readonly string[]>>
  readonly progress: { readonly kind: string; readonly cursor: string } | null
}

/** The parts of the store that a rebuild uses. */
interface Rebuilding {
  transact<T>(work: (unit: Unit) => T): Promise<T>
  reading(): Reading
}

export const indexedKind = kind<Indexed>('indexed', { scope: 'global' })
const nothing: Indexed = { id: 'main', kinds: {}, progress: null }

const recordsAtOnce = 40

/** Fills the new indexes of every kind, before the engine does anything else. Usually one read. */
export async function rebuildIndexes(records: Rebuilding, storage: Storage, kinds: readonly AnyKind[]): Promise<void> {
  let state = (await records.reading().get(indexedKind, 'main')) ?? nothing
  const wanted: Record<string, readonly string[]> = {}
  for (const one of kinds) wanted[one.name] = Object.keys(one.indexes)
  for (const one of kinds) {
    const known = state.kinds[one.name]
    if (!known || wanted[one.name]?.every((index) => known.includes(index))) continue
    state = await rebuild(records, storage, one, known, state)
    state = await note(records, {
      ...state,
      kinds: { ...state.kinds, [one.name]: wanted[one.name] ?? [] },
      progress: null,
    })
  }
  const isNews = kinds.some(({ name }) => state.kinds[name] === undefined)
  if (isNews) await note(records, { ...state, kinds: { ...state.kinds, ...wanted } })
}

async function rebuild(
  records: Rebuilding,
  storage: Storage,
  kind: AnyKind,
  known: readonly string[],
  before: Indexed,
): Promise<Indexed> {
  const via = kind.listedBy
  // Without an index that was complete before there is no way to the old records.
  if (via === undefined || !known.includes(via)) throw internalError()
  let state = before
  let cursor: string | null = state.progress?.kind === kind.name ? state.progress.cursor : ''
  while (cursor !== null) {
    cursor = await storeSome(records, storage, kind, via, cursor)
    if (cursor !== null) state = await note(records, { ...state, progress: { kind: kind.name, cursor } })
  }
  return state
}

/** Stores the next records again. Returns the next position, or null at the end. */
async function storeSome(
  records: Rebuilding,
  storage: Storage,
  kind: AnyKind,
  via: string,
  from: string,
): Promise<string | null> {
  const { to } = keysWithin([])
  const hits = await storage.scan({ kind: kind.name, index: via, from, to, limit: recordsAtOnce })
  for (const { id } of hits) await storeAgain(records, kind, id)
  const last = hits[hits.length - 1]
  return last && hits.length === recordsAtOnce ? `${last.key}!` : null
}

async function storeAgain(records: Rebuilding, kind: AnyKind, refId: string): Promise<void> {
  const slash = refId.indexOf('/')
  await records.transact((unit) => {
    if (kind.scope === 'org') unit.enter(refId.slice(0, slash))
    const record = unit.get(kind, kind.scope === 'org' ? refId.slice(slash + 1) : refId)
    if (record) unit.put(kind, record)
  })
}

function note(records: Rebuilding, state: Indexed): Promise<Indexed> {
  return records.transact((unit) => {
    unit.get(indexedKind, state.id)
    unit.put(indexedKind, state)
    return state
  })
}
