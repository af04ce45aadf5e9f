import type { Hsm, IndexKey, Storage } from '@pawl/core/ports'
import { interceptHsm } from '../wrappers/hsm.ts'
import { interceptStorage, type RecordedWrite, type StorageCall } from '../wrappers/storage.ts'

/** A record as the store has acknowledged it. */
export interface Acknowledged {
  readonly kind: string
  readonly id: string
  readonly version: string
  readonly keys: readonly IndexKey[]
}

/** What a store and an HSM have acknowledged, noted beside them. It outlives every engine. */
export interface Remains {
  readonly records: ReadonlyMap<string, Acknowledged>
  /** The keys that were made and not destroyed. */
  readonly keys: ReadonlySet<string>
  storage<S extends Storage>(storage: S): S
  /** The keys of another key store get a prefix, because it can have keys with the same URI. */
  hsm<H extends Hsm>(hsm: H, prefix?: string): H
}

export function remains(): Remains {
  const records = new Map<string, Acknowledged>()
  const keys = new Set<string>()
  const note = (writes: readonly RecordedWrite[]) => {
    for (const write of writes) {
      const { op, kind, id } = write
      if (op === 'put') records.set(`${kind} ${id}`, { kind, id, version: write.version, keys: write.keys })
      if (op === 'delete') records.delete(`${kind} ${id}`)
    }
  }
  const noteAnswer = (call: StorageCall, answer: unknown) => {
    if (call.method === 'commit') note(call.writes)
    if (call.method !== 'commitMany') return
    for (const [at, conflict] of (answer as readonly unknown[]).entries()) if (!conflict) note(call.batches[at] ?? [])
  }
  return {
    records,
    keys,
    storage: (storage) =>
      interceptStorage(storage, async (call, work) => {
        const answer = await work()
        noteAnswer(call, answer)
        return answer
      }),
    hsm: (hsm, prefix = '') =>
      interceptHsm(hsm, async (call, work) => {
        const answer = await work()
        if (call.method === 'createKey') keys.add(prefix + call.uri)
        if (call.method === 'destroyKey') keys.delete(prefix + call.uri)
        return answer
      }),
  }
}

/** What came of an operation, in the words of the store, the HSM and the audit trail: how many of each. */
export interface Effect {
  /** `vault made`, `share changed`, `policy gone`. */
  readonly records: Readonly<Record<string, number>>
  readonly events: Readonly<Record<string, number>>
}

/** Internal records of the engine. The engine decides when it writes them. */
const ownKinds = [
  ...['job', 'auditBlock', 'auditLane', 'auditLaneMonth', 'auditCheckpoint', 'auditDelivery', 'tokenKeys', 'listGuard'],
  // A task adds these up from the trail.
  ...['principalUsage', 'usageMark'],
]
const ownKeys = /^pawl:(system|audit|tokens)/

export function changesSince(before: ReadonlyMap<string, Acknowledged>, { records }: Remains): Effect['records'] {
  const counts: Record<string, number> = {}
  const count = (kind: string, what: string) => {
    if (!ownKinds.includes(kind)) counts[`${kind} ${what}`] = (counts[`${kind} ${what}`] ?? 0) + 1
  }
  for (const [name, { kind, version }] of records) {
    const known = before.get(name)
    if (known?.version !== version) count(kind, known ? 'changed' : 'made')
  }
  for (const [name, { kind }] of before) if (!records.has(name)) count(kind, 'gone')
  return counts
}

/** Keys of areas that were made since, or destroyed. */
export function keysSince(before: ReadonlySet<string>, { keys }: Remains): { made: number; gone: number } {
  const areas = (all: ReadonlySet<string>) => [...all].filter((uri) => !ownKeys.test(uri))
  return {
    made: areas(keys).filter((uri) => !before.has(uri)).length,
    gone: areas(before).filter((uri) => !keys.has(uri)).length,
  }
}

/** Whether two effects are the same, apart from these. */
export function sameEffect(one: Effect, other: Effect, apartFrom: readonly string[]): boolean {
  const sorted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .filter(([name, count]) => count > 0 && !apartFrom.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
  const text = ({ records, events }: Effect) => JSON.stringify([sorted(records), sorted(events)])
  return text(one) === text(other)
}
