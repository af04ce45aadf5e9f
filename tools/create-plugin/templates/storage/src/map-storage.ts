import {
  type Hit,
  type IndexKey,
  type Put,
  type Range,
  type Ref,
  type Storage,
  StorageConflict,
  type Stored,
  type Write,
} from '@pawl/core/ports'

/** What stands for your database: the records, each with its keys. It is there when the store is closed. */
export type Table = Map<string, Put>

/**
 * Records in a map. `find`, `ownerOf`, `hits` and `apply` are what becomes queries; `commit` is what becomes a
 * transaction.
 *
 * @example
 * const storage = mapStorage()
 */
export function mapStorage(table: Table = new Map()): Storage {
  return {
    // Make your tables here when they are missing: it is called at every start.
    setup: async () => {},

    get: async (refs) => refs.map((ref) => copied(find(table, ref))),

    scan: async (range) => hits(table, range),

    // All of this is one serialisable transaction, and is durable when it is over. In a map nothing can come between,
    // because nothing here awaits.
    commit: async (writes) => {
      if (new Set(writes.map(nameOf)).size < writes.length)
        throw new TypeError('a batch must name a record at most once')
      const conflict = findStale(table, writes) ?? findTaken(table, writes)
      if (conflict) throw conflict
      apply(table, writes)
    },

    close: async () => {},
  }
}

/** SELECT … WHERE kind = ? AND id = ? */
function find(table: Table, ref: Ref): Put | undefined {
  return table.get(nameOf(ref))
}

/** SELECT … WHERE kind = ? AND index = ? AND key = ?, which a unique index makes quick. */
function ownerOf(table: Table, kind: string, wanted: IndexKey): Put | undefined {
  return [...table.values()].find((record) => record.kind === kind && has(record, wanted))
}

/** … AND key >= ? AND key < ? ORDER BY key LIMIT ?, in the order of bytes: COLLATE "C", or BINARY. */
function hits(table: Table, { kind, index, from, to, limit, reverse }: Range): Hit[] {
  const found = [...table.values()]
    .filter((record) => record.kind === kind)
    .flatMap((record) => record.keys.map((held) => ({ ...copied(record), ...held })))
    .filter((held) => held.index === index && from <= held.key && held.key < to)
    .sort((a, b) => (a.key < b.key === Boolean(reverse) ? 1 : -1))
  return found.slice(0, limit).map(({ index: _, ...hit }) => hit)
}

/** DELETE the record and all its keys, then INSERT what is put. */
function apply(table: Table, writes: readonly Write[]): void {
  for (const write of writes) {
    if (write.op === 'delete') table.delete(nameOf(write))
    if (write.op === 'put') table.set(nameOf(write), { ...write, ...copied(write), keys: distinct(write.keys) })
  }
}

function findStale(table: Table, writes: readonly Write[]): StorageConflict | null {
  const stale = writes.find((write) => (find(table, write)?.version ?? null) !== write.expect)
  return stale ? new StorageConflict('stale', stale) : null
}

/** Keys are judged by the state after the batch: what it deletes or replaces no longer owns any. */
function findTaken(table: Table, writes: readonly Write[]): StorageConflict | null {
  const changed = new Set(writes.filter(({ op }) => op !== 'check').map(nameOf))
  const puts = writes.filter((write) => write.op === 'put')
  for (const put of puts) {
    for (const wanted of put.keys) {
      const owner = ownerOf(table, put.kind, wanted)
      const isKept = owner !== undefined && !changed.has(nameOf(owner))
      const rival = puts.find((other) => other !== put && other.kind === put.kind && has(other, wanted))
      if (isKept || rival) return new StorageConflict('taken', put, wanted.index)
    }
  }
  return null
}

const has = ({ keys }: Put, { index, key }: IndexKey) => keys.some((held) => held.index === index && held.key === key)

/** A key that is named twice is one key. */
function distinct(keys: readonly IndexKey[]): IndexKey[] {
  return [...new Map(keys.map(({ index, key }) => [`${index}\n${key}`, { index, key }])).values()]
}

// Names are printable, so a line feed between them keeps them apart.
const nameOf = ({ kind, id }: Ref) => `${kind}\n${id}`

/** A caller may do to its body what it likes; ours stays as it is. */
function copied(record: Stored): Stored
function copied(record: Stored | undefined): Stored | null
function copied(record: Stored | undefined): Stored | null {
  return record
    ? { kind: record.kind, id: record.id, version: record.version, body: new Uint8Array(record.body) }
    : null
}
