import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  type Exclusive,
  type Hit,
  type IndexKey,
  type Put,
  type Range,
  type Ref,
  type Storage,
  StorageConflict,
  StorageUnusable,
  type Stored,
  type Write,
} from '@pawl/core/ports'

/** A file to which every batch adds one line. The records are in memory too, and are read from there. */
export function logStorage(path: string): Storage & Exclusive {
  const state: State = { records: new Map(), owners: new Map() }
  let file = -1
  let length = 0

  async function setup(): Promise<void> {
    if (file >= 0) return
    lock(`${path}.lock`)
    try {
      load()
    } catch (error) {
      rmSync(`${path}.lock`)
      throw error
    }
  }

  function load(): void {
    state.records.clear()
    state.owners.clear()
    const handle = openSync(path, 'a', 0o600)
    syncFolder(dirname(path))
    const text = readFileSync(path, 'utf8')
    // The process died while it wrote what follows the last line feed. No caller got an answer about it.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    for (const line of whole.split('\n').slice(0, -1)) apply(state, decode(line, path))
    length = Buffer.byteLength(whole)
    ftruncateSync(handle, length)
    file = handle
  }

  async function get(refs: readonly Ref[]): Promise<(Stored | null)[]> {
    return refs.map((ref) => state.records.get(nameOf(ref)) ?? null).map((found) => found && copyOf(found))
  }

  async function scan(range: Range): Promise<Hit[]> {
    return findHits(state, range)
  }

  // Nothing awaits between judging a batch and applying it, so no other batch can come between.
  async function commit(writes: readonly Write[]): Promise<void> {
    if (new Set(writes.map(nameOf)).size < writes.length) throw new TypeError('a batch must name a record at most once')
    const conflict = findStale(state, writes) ?? findTaken(state, writes)
    if (conflict) throw conflict
    append(`${encode(writes)}\n`)
    apply(state, writes)
  }

  /** Half a line must not stay: what is written next would be added to it. */
  function append(line: string): void {
    try {
      writeFileSync(file, line)
      fsyncSync(file)
      length += Buffer.byteLength(line)
    } catch {
      ftruncateSync(file, length)
      throw new StorageUnusable(`${path} cannot be written. Is the disk full? Nothing was changed.`)
    }
  }

  async function close(): Promise<void> {
    if (file < 0) return
    closeSync(file)
    rmSync(`${path}.lock`)
    file = -1
  }

  return { exclusive: true, setup, get, scan, commit, close }
}

interface State {
  readonly records: Map<string, Put>
  /** The record that owns a key, by the name of the key. */
  readonly owners: Map<string, Put>
}

function findHits({ owners }: State, { kind, index, from, to, limit, reverse }: Range): Hit[] {
  const prefix = keyName(kind, { index, key: '' })
  const within = (name: string) => name.startsWith(prefix) && name >= prefix + from && name < prefix + to
  const found = [...owners].filter(([name]) => within(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  if (reverse) found.reverse()
  return found.slice(0, limit).map(([name, owner]) => ({ ...copyOf(owner), key: name.slice(prefix.length) }))
}

function findStale({ records }: State, writes: readonly Write[]): StorageConflict | null {
  const stale = writes.find((write) => (records.get(nameOf(write))?.version ?? null) !== write.expect)
  return stale ? new StorageConflict('stale', stale) : null
}

/** Keys are judged by the state after the batch: what it deletes or replaces no longer owns any. */
function findTaken({ owners }: State, writes: readonly Write[]): StorageConflict | null {
  const changed = new Set(writes.filter(({ op }) => op !== 'check').map(nameOf))
  const wanted = new Map<string, Put>()
  for (const put of writes.filter((write) => write.op === 'put')) {
    for (const one of put.keys) {
      const name = keyName(put.kind, one)
      const owner = owners.get(name)
      const rival = wanted.get(name) ?? (owner && !changed.has(nameOf(owner)) ? owner : put)
      if (rival !== put) return new StorageConflict('taken', put, one.index)
      wanted.set(name, put)
    }
  }
  return null
}

function apply({ records, owners }: State, writes: readonly Write[]): void {
  const changes = writes.filter((write) => write.op !== 'check')
  for (const change of changes) {
    for (const key of records.get(nameOf(change))?.keys ?? []) owners.delete(keyName(change.kind, key))
    records.delete(nameOf(change))
  }
  for (const put of changes.filter((write) => write.op === 'put')) {
    const kept = { ...put, ...copyOf(put) }
    records.set(nameOf(put), kept)
    for (const key of put.keys) owners.set(keyName(put.kind, key), kept)
  }
}

// Names are printable, so a line feed between them keeps them apart.
const nameOf = ({ kind, id }: Ref) => `${kind}\n${id}`
const keyName = (kind: string, { index, key }: IndexKey) => `${kind}\n${index}\n${key}`

/** A caller may do to its body what it likes; ours stays as it is. */
function copyOf({ kind, id, version, body }: Stored): Stored {
  return { kind, id, version, body: new Uint8Array(body) }
}

function encode(writes: readonly Write[]): string {
  return JSON.stringify(
    writes.map((write) =>
      write.op === 'put' ? { ...write, body: Buffer.from(write.body).toString('base64') } : write,
    ),
  )
}

function decode(line: string, path: string): Write[] {
  try {
    const writes: Write[] = JSON.parse(line)
    return writes.map((write) =>
      write.op === 'put' ? { ...write, body: Buffer.from(`${write.body}`, 'base64') } : write,
    )
  } catch {
    throw new StorageUnusable(`${path} is damaged. Keep a copy and restore the last backup.`)
  }
}

/** A crash leaves the lock behind, and only the operator can know whether it was one. */
function lock(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    throw new StorageUnusable(`Another process uses the vault. If you are sure that none does, remove ${path}.`)
  }
}

/** A new file is there for good when its folder is on the disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
