import {
  type BatchRead,
  type Exclusive,
  type GroupCommit,
  type Put,
  type Range,
  type Ref,
  type Storage,
  StorageUnusable,
  type Write,
} from '@pawl/core/ports'

// Stores around a store. Each keeps the optional abilities of what it wraps, so the engine behaves as it would without.

type AnyStorage = Storage & Partial<GroupCommit & BatchRead & Exclusive>
type Queries = Parameters<BatchRead['read']>[0]
type Batches = Parameters<GroupCommit['commitMany']>[0]

/** A call to a store, as it was asked. */
type StorageCall =
  | { readonly method: 'get'; readonly refs: readonly Ref[] }
  | { readonly method: 'scan'; readonly range: Range }
  | { readonly method: 'read'; readonly queries: Queries }
  | { readonly method: 'commit'; readonly writes: readonly Write[] }
  | { readonly method: 'commitMany'; readonly batches: Batches }

/**
 * Waits before every call. How long, and by which clock, is for the caller to say.
 *
 * @example
 * slow(storage, () => sleep(20))
 */
export function slow<S extends Storage>(storage: S, sleep: (method: StorageCall['method']) => Promise<void>): S {
  return around(storage, async ({ method }, work) => {
    await sleep(method)
    return work()
  })
}

export interface FailingOptions {
  /** Fails every so many calls: with 3, the third, the sixth and so on. */
  readonly every?: number
  /** Fails this call only; the first is 1. */
  readonly at?: number
  /** Fails after the call was carried out, as when the answer is lost. Otherwise nothing is done. */
  readonly after?: boolean
  /** What is thrown. By default a `StorageUnusable`. */
  readonly error?: () => Error
}

/**
 * Fails some calls. `setup` and `close` always work and are not counted.
 *
 * @example
 * for (let at = 1; at <= 20; at++) await survives(failing(storage, { at }))
 */
export function failing<S extends Storage>(storage: S, { every, at, after = false, error }: FailingOptions): S {
  const raise = error ?? (() => new StorageUnusable('The storage fails on purpose.'))
  let calls = 0
  return around(storage, async (_, work) => {
    calls++
    const fails = calls === at || (every !== undefined && calls % every === 0)
    if (fails && !after) throw raise()
    const answer = await work()
    if (fails) throw raise()
    return answer
  })
}

/** A write as it is recorded: the size of its body stands for the body, which may be a secret. */
export type RecordedWrite = Exclude<Write, Put> | (Omit<Put, 'body'> & { readonly bytes: number })

export type RecordedCall =
  | Exclude<StorageCall, { method: 'commit' | 'commitMany' }>
  | { readonly method: 'commit'; readonly writes: readonly RecordedWrite[] }
  | { readonly method: 'commitMany'; readonly batches: readonly (readonly RecordedWrite[])[] }

/**
 * Lists the calls, in the order they were made.
 *
 * @example
 * const storage = recording(memoryStorage())
 * storage.calls.map(({ method }) => method)
 */
export function recording<S extends Storage>(storage: S): S & { readonly calls: readonly RecordedCall[] } {
  const calls: RecordedCall[] = []
  const recorded = around(storage, (call, work) => {
    calls.push(withoutBodies(call))
    return work()
  })
  return Object.assign(recorded, { calls })
}

/** Refuses every batch that would change something. */
export function readOnly<S extends Storage>(storage: S): S {
  return around(storage, async (call, work) => {
    if (writesOf(call).some(({ op }) => op !== 'check')) throw new StorageUnusable('The storage is read-only.')
    return work()
  })
}

type Around = <T>(call: StorageCall, work: () => Promise<T>) => Promise<T>

function around<S extends Storage>(storage: S, handle: Around): S {
  const inner: AnyStorage = storage
  const outer: AnyStorage = {
    setup: () => inner.setup(),
    close: () => inner.close(),
    get: (refs) => handle({ method: 'get', refs }, () => inner.get(refs)),
    scan: (range) => handle({ method: 'scan', range }, () => inner.scan(range)),
    commit: (writes) => handle({ method: 'commit', writes }, () => inner.commit(writes)),
    ...(canRead(inner) && { read: (queries) => handle({ method: 'read', queries }, () => inner.read(queries)) }),
    ...(canGroup(inner) && {
      commitMany: (batches) => handle({ method: 'commitMany', batches }, () => inner.commitMany(batches)),
    }),
    ...(inner.exclusive && { exclusive: true }),
  }
  return outer as S
}

const canRead = (storage: AnyStorage): storage is AnyStorage & BatchRead => storage.read !== undefined
const canGroup = (storage: AnyStorage): storage is AnyStorage & GroupCommit => storage.commitMany !== undefined

function writesOf(call: StorageCall): readonly Write[] {
  if (call.method === 'commit') return call.writes
  return call.method === 'commitMany' ? call.batches.flat() : []
}

function withoutBodies(call: StorageCall): RecordedCall {
  if (call.method === 'commit') return { method: 'commit', writes: call.writes.map(withoutBody) }
  if (call.method === 'commitMany') {
    return { method: 'commitMany', batches: call.batches.map((writes) => writes.map(withoutBody)) }
  }
  return call
}

function withoutBody(write: Write): RecordedWrite {
  if (write.op !== 'put') return { ...write }
  const { body, ...rest } = write
  return { ...rest, bytes: body.length }
}
