import {
  type Exclusive,
  type GroupCommit,
  type Hit,
  type IndexKey,
  type Put,
  type Range,
  type Ref,
  type Shrinking,
  type Snapshot,
  type Storage,
  StorageConflict,
  type Write,
} from '@pawl/core/ports'
import { check, rejects } from '../asserts.ts'

// The words the cases are written in. A record is of kind 'thing', at version '<id>1', with a body of one byte and no
// keys, unless a case says otherwise; a key is in the index 'list'.

export type AnyStorage = Storage & Partial<GroupCommit & Snapshot & Exclusive & Shrinking>

export interface OpenedStorage {
  /** A new and empty store. The suite calls `setup()` first and `close()` last. */
  readonly storage: AnyStorage
  /** One more handle on the same data, for after the first is closed, or beside it unless the store is exclusive. */
  readonly again?: () => AnyStorage
  /** Called when the test is over and every handle is closed. */
  readonly destroy?: () => Promise<void> | void
}

export type OpenStorage = () => OpenedStorage | Promise<OpenedStorage>

export type Case = readonly [title: string, body: (storage: AnyStorage, opened: OpenedStorage) => Promise<void>]

interface PutWords {
  readonly kind?: string
  readonly expect?: string | null
  readonly version?: string
  readonly body?: Uint8Array | readonly number[]
  readonly keys?: readonly IndexKey[]
}

export const ref = (id: string, kind = 'thing'): Ref => ({ kind, id })
export const key = (text: string, index = 'list'): IndexKey => ({ index, key: text })

export function put(id: string, words: PutWords = {}): Put {
  const { expect = null, keys = [] } = words
  return { op: 'put', ...stored(id, words), expect, keys }
}

export function stored(id: string, { kind = 'thing', version = `${id}1`, body = [7] }: PutWords = {}) {
  return { kind, id, version, body: Uint8Array.from(body) }
}

export function hit(found: string, id: string, version = `${id}1`): Hit {
  return { ...stored(id, { version }), key: found }
}

export function range(words: Partial<Range> = {}): Range {
  return { kind: 'thing', index: 'list', from: '', to: '~~~', limit: 100, ...words }
}

export async function versions(storage: Storage, refs: readonly Ref[]): Promise<(string | null)[]> {
  return (await storage.get(refs)).map((one) => one?.version ?? null)
}

export async function ids(storage: Storage, index = 'list', kind = 'thing'): Promise<string[]> {
  return (await storage.scan(range({ index, kind }))).map(({ id }) => id)
}

export async function keysFound(storage: Storage, words: Partial<Range> = {}): Promise<string[]> {
  return (await storage.scan(range(words))).map((one) => one.key)
}

export async function reopened({ again }: OpenedStorage): Promise<AnyStorage> {
  check(again !== undefined, 'there is no way to open it again')
  const storage = again()
  await storage.setup()
  return storage
}

export async function refusesStale(storage: Storage, writes: readonly Write[], about: Ref): Promise<void> {
  refusedFor(await rejects(() => storage.commit(writes), 'a stale batch'), 'stale', about)
}

export async function refusesTaken(storage: Storage, writes: readonly Write[], about?: Ref, index = 'list') {
  refusedFor(await rejects(() => storage.commit(writes), 'a taken key'), 'taken', about, index)
}

export function refusedFor(error: unknown, reason: StorageConflict['reason'], about?: Ref, index?: string): void {
  check(error instanceof StorageConflict, `a refused batch is a StorageConflict, not ${error}`)
  equal(error.reason, reason, 'the reason of the conflict')
  if (about) equal(error.ref, { kind: about.kind, id: about.id }, 'the record of the conflict')
  if (index !== undefined || reason === 'stale') equal(error.index, index, 'the index of the conflict')
}

/** Compares by value. The order of properties does not matter. */
export function equal(actual: unknown, expected: unknown, what = 'the answer'): void {
  const [got, wanted] = [show(actual), show(expected)]
  check(got === wanted, `${what} is ${got}\nbut should be ${wanted}`)
}

function show(value: unknown): string {
  return JSON.stringify(value, showOne) ?? 'undefined'
}

// A function with `this`, because a Buffer has turned itself into plain data before the value arrives here.
function showOne(this: unknown, name: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[name]
  if (original instanceof Uint8Array) return showBytes(original)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function showBytes(bytes: Uint8Array): string {
  if (bytes.length <= 32) return `bytes ${[...bytes].join(' ')}`
  // FNV-1a: enough to tell two bodies apart in a test.
  let sum = 0x811c9dc5
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193)
  return `${bytes.length} bytes with sum ${sum >>> 0}`
}
