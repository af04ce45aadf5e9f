import { type Put, type Range, type Ref, type Storage, StorageUnusable, type Write } from '@pawl/core/ports'
import {
  type CallOf,
  delayed,
  type FailingOptions,
  failed,
  type Interceptor,
  intercept,
  listed,
  type SlowOptions,
} from './intercept.ts'

// Stores around a store. `setup` and `close` always work, and are neither slowed, failed nor recorded.

const calls = {
  get: (refs: readonly Ref[]) => ({ refs }),
  scan: (range: Range) => ({ range }),
  commit: (writes: readonly Write[]) => ({ writes: writes.map(withoutBody) }),
  commitMany: (batches: readonly (readonly Write[])[]) => ({
    batches: batches.map((writes) => writes.map(withoutBody)),
  }),
  snapshot: () => ({}),
}

/** A call to a store, as it was asked, with sizes in place of bodies. */
export type StorageCall = CallOf<typeof calls>

/** A write as it is shown: the size of its body stands for the body, which may be a secret. */
export type RecordedWrite = Exclude<Write, Put> | (Omit<Put, 'body'> & { readonly bytes: number })

export function interceptStorage<S extends Storage>(storage: S, handle: Interceptor<StorageCall>): S {
  return intercept(storage, calls, handle, ['snapshot'])
}

/**
 * Waits before every call, or after it. How long, and by which clock, is for the caller to say.
 *
 * @example
 * slow(storage, () => sleep(20))
 */
export function slow<S extends Storage>(
  storage: S,
  sleep: (method: StorageCall['method']) => Promise<void>,
  options: SlowOptions = {},
): S {
  return interceptStorage(storage, delayed(sleep, options))
}

/**
 * Fails some calls, by default with a `StorageUnusable`.
 *
 * @example
 * for (let at = 1; at <= 20; at++) await survives(failing(storage, { at }))
 * failing(storage, { every: 1, only: ({ method }) => method === 'commitMany' })
 */
export function failing<S extends Storage>(storage: S, options: FailingOptions<StorageCall>): S {
  return interceptStorage(
    storage,
    failed(options, () => new StorageUnusable('The storage fails on purpose.')),
  )
}

/**
 * Lists the calls, in the order they were made.
 *
 * @example
 * const storage = recording(memoryStorage())
 * storage.calls.map(({ method }) => method)
 */
export function recording<S extends Storage>(storage: S): S & { readonly calls: readonly StorageCall[] } {
  const calls: StorageCall[] = []
  return Object.assign(interceptStorage(storage, listed(calls)), { calls })
}

/** Refuses every batch that would change something. */
export function readOnly<S extends Storage>(storage: S): S {
  return interceptStorage(storage, async (call, work) => {
    if (writesOf(call).some(({ op }) => op !== 'check')) throw new StorageUnusable('The storage is read-only.')
    return work()
  })
}

/** What a call would write. */
function writesOf(call: StorageCall): readonly RecordedWrite[] {
  if (call.method === 'commit') return call.writes
  return call.method === 'commitMany' ? call.batches.flat() : []
}

function withoutBody(write: Write): RecordedWrite {
  if (write.op !== 'put') return { ...write }
  const { body, ...rest } = write
  return { ...rest, bytes: body.length }
}
