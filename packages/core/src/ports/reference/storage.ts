import {
  type Delete,
  type Exclusive,
  type GroupCommit,
  type Hit,
  type IndexKey,
  type Kept,
  type Put,
  type Range,
  type Ref,
  type Snapshot,
  type Storage,
  StorageConflict,
  type Stored,
  type Write,
} from '../storage.ts'

/**
 * A storage in memory. It is the simplest correct implementation, and tests compare other storages with it. Several
 * engines in one process can use it, and each sees the writes of the others at once.
 *
 * @example
 * const storage = memoryStorage()
 * await storage.setup()
 */
export function memoryStorage(): Storage & GroupCommit & Snapshot & Exclusive {
  const state: State = { records: new Map(), owners: new Map() }
  return {
    exclusive: true,
    setup: async () => {},
    close: async () => {},
    get: async (refs) => getAll(state, refs),
    scan: async (range) => scan(state, range),
    commit: async (writes) => {
      refuseRepeats(writes)
      const conflict = commitOne(state, writes)
      if (conflict) throw conflict
    },
    commitMany: async (batches) => {
      batches.forEach(refuseRepeats)
      return batches.map((writes) => commitOne(state, writes))
    },
    snapshot: () => snapshot(state),
  }
}

/** Records by kind and id. Owners of keys by kind and index. */
interface State {
  readonly records: Map<string, Kept>
  readonly owners: Map<string, Map<string, Kept>>
}

// Printable text contains no line feed, so two pairs never have the same name.
const nameOf = (kind: string, name: string) => `${kind}\n${name}`
const refName = (ref: Ref) => nameOf(ref.kind, ref.id)

// Bodies are copied in and out, so a caller cannot change stored data. Buffer.slice() would not copy.
const copyBody = (body: Uint8Array) => new Uint8Array(body)

function getAll(state: State, refs: readonly Ref[]): (Stored | null)[] {
  return refs.map((ref) => {
    const held = state.records.get(refName(ref))
    return held ? { kind: held.kind, id: held.id, version: held.version, body: copyBody(held.body) } : null
  })
}

function scan(state: State, { kind, index, from, to, limit, reverse }: Range): Hit[] {
  const owners = [...(state.owners.get(nameOf(kind, index)) ?? [])]
  const found = owners.filter(([key]) => from <= key && key < to)
  // Keys are ASCII, so the order of JavaScript strings is byte order.
  found.sort(([a], [b]) => (a < b === Boolean(reverse) ? 1 : -1))
  return found.slice(0, limit).map(([key, { id, version, body }]) => ({ kind, id, version, body: copyBody(body), key }))
}

const chunkBytesMax = 1024 * 1024

/** A put replaces a record object and never changes it, so an existing list stays valid. */
async function* snapshot(state: State): AsyncGenerator<readonly Kept[]> {
  let chunk: Kept[] = []
  let bytes = 0
  for (const held of [...state.records.values()]) {
    chunk.push({ ...held, body: copyBody(held.body) })
    bytes += held.body.length
    if (chunk.length < 100 && bytes < chunkBytesMax) continue
    yield chunk
    chunk = []
    bytes = 0
  }
  if (chunk.length > 0) yield chunk
}

function refuseRepeats(writes: readonly Write[]): void {
  if (new Set(writes.map(refName)).size < writes.length) throw new TypeError('a batch must name a record at most once')
}

function commitOne(state: State, writes: readonly Write[]): StorageConflict | null {
  const conflict = findStale(state, writes) ?? findTaken(state, writes)
  if (conflict) return conflict
  const changes = writes.filter((write) => write.op !== 'check')
  // All old keys are released before new keys are taken, so a batch can move a key from one record to another.
  for (const change of changes) remove(state, change)
  for (const change of changes) if (change.op === 'put') insert(state, change)
  return null
}

function findStale(state: State, writes: readonly Write[]): StorageConflict | null {
  const stale = writes.find((write) => (state.records.get(refName(write))?.version ?? null) !== write.expect)
  return stale ? new StorageConflict('stale', stale) : null
}

/** A key is taken if its owner keeps it, or if an earlier put of this batch takes it. */
function findTaken(state: State, writes: readonly Write[]): StorageConflict | null {
  const changes = new Map(writes.filter((write) => write.op !== 'check').map((write) => [refName(write), write]))
  const wanted = new Map<string, Put>()
  for (const put of writes.filter((write) => write.op === 'put')) {
    for (const wish of put.keys) {
      const space = nameOf(put.kind, wish.index)
      const owner = state.owners.get(space)?.get(wish.key)
      const kept = owner && refName(owner) !== refName(put) && keeps(changes.get(refName(owner)), wish)
      const rival = wanted.get(nameOf(space, wish.key)) ?? put
      if (kept || rival !== put) return new StorageConflict('taken', put, wish.index)
      wanted.set(nameOf(space, wish.key), put)
    }
  }
  return null
}

/** Whether a record still has the key after this change, or without a change. */
function keeps(change: Put | Delete | undefined, { index, key }: IndexKey): boolean {
  if (!change) return true
  return change.op === 'put' && change.keys.some((held) => held.index === index && held.key === key)
}

function remove(state: State, ref: Ref): void {
  const held = state.records.get(refName(ref))
  if (!held) return
  state.records.delete(refName(ref))
  for (const { index, key } of held.keys) state.owners.get(nameOf(ref.kind, index))?.delete(key)
}

function insert(state: State, { kind, id, version, body, keys }: Put): void {
  // A key that the put repeats is one key.
  const once = new Map(keys.map(({ index, key }) => [nameOf(index, key), { index, key }]))
  const held = { kind, id, version, body: copyBody(body), keys: [...once.values()] }
  state.records.set(refName(held), held)
  for (const { index, key } of held.keys) {
    const name = nameOf(kind, index)
    const owners = state.owners.get(name) ?? new Map<string, Kept>()
    state.owners.set(name, owners.set(key, held))
  }
}
