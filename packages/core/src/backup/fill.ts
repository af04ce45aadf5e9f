import { keyringRef, markerBody, type Unfinished, unfinishedIn } from '../crypto/unfinished.ts'
import { limits } from '../kernel/limits.ts'
import {
  type GroupCommit,
  type Kept,
  type Put,
  type Ref,
  type Snapshot,
  type Storage,
  StorageConflict,
  StorageUnusable,
  type Write,
} from '../ports/storage.ts'
import { CopyDiffers } from './errors.ts'

// Fills a storage with the records of a vault. It first writes a marker in place of the keyring. The last write
// replaces the marker by the keyring. In between, no engine opens the storage, and a second run from the same source
// continues. Every write expects that the record does not exist, so nothing is overwritten.

export type Target = Storage & Snapshot & Partial<GroupCommit>

const markerVersion = 'unfinished'
const packBytesMax = 4 * 1024 * 1024

/** Returns whether an earlier run from the same source began. Throws if the storage has other data. */
export async function hasBegun(target: Target, { unfinished, from }: Unfinished): Promise<boolean> {
  const [stored] = await target.get([keyringRef])
  if (!stored) {
    for await (const _ of target.snapshot())
      throw new StorageUnusable('The target already holds records. Choose an empty target.')
    return false
  }
  const found = unfinishedIn(stored.body)
  if (!found)
    throw new StorageUnusable('The target already holds a vault. Pawl does not overwrite it. Choose an empty target.')
  if (found.unfinished === unfinished && found.from === from) return true
  throw new StorageUnusable(
    `The target is half filled by a pawl ${found.unfinished} from another source. Finish that command, or empty the target.`,
  )
}

/** Marks an empty storage. Returns whether it was marked before, because then it can contain records. */
export async function beginFilling(target: Target, unfinished: Unfinished): Promise<boolean> {
  if (await hasBegun(target, unfinished)) return true
  try {
    const body = markerBody(unfinished)
    await target.commit([{ op: 'put', ...keyringRef, expect: null, version: markerVersion, body, keys: [] }])
    return false
  } catch (error) {
    if (!(error instanceof StorageConflict)) throw error
    throw new StorageUnusable('Another process started to fill the target at the same time.')
  }
}

/** Writes the keyring and `more` in one commit. After it, the storage is a vault. */
export async function finishFilling(target: Target, keyring: Kept, more: readonly Write[] = []): Promise<void> {
  await target.commit([...more, { op: 'put', ...keyring, expect: markerVersion }])
}

/** Stores missing records. */
export async function fill(target: Target, records: readonly Kept[], isResumed: boolean): Promise<void> {
  const missing = isResumed ? await missingIn(target, records) : records
  const packs = packsOf(missing)
  if (packs.length === 0) return
  const conflicts = await commitAll(target, packs)
  const conflict = conflicts.find((one) => one !== null)
  if (conflict)
    throw new CopyDiffers(`The target already has a record ${conflict.ref.kind} that is not part of this copy.`)
}

async function missingIn(target: Storage, records: readonly Kept[]): Promise<Kept[]> {
  const found = await target.get(records)
  return records.filter(({ version, kind }, at) => {
    const there = found[at]
    if (there && there.version !== version) {
      throw new CopyDiffers(`The target has another version of a record ${kind}. Empty the target and start again.`)
    }
    return !there
  })
}

/** Removes records of an earlier run that the source has changed or removed since. */
export async function dropOutdated(target: Target, source: Storage): Promise<void> {
  for await (const chunk of target.snapshot()) {
    const copied = chunk.filter((record) => !isKeyring(record))
    const now = await source.get(copied)
    const outdated = copied.filter(({ version }, at) => now[at]?.version !== version)
    for (let at = 0; at < outdated.length; at += limits.batchRowsMax) {
      const some = outdated.slice(at, at + limits.batchRowsMax)
      await target.commit(some.map(({ kind, id, version }) => ({ op: 'delete', kind, id, expect: version })))
    }
  }
}

/** Splits records into batches that are small enough to hold several in memory. */
function packsOf(records: readonly Kept[]): Put[][] {
  const packs: Put[][] = []
  let pack: Put[] = []
  let bytes = 0
  for (const record of records) {
    const isFull = pack.length === limits.batchRowsMax || bytes + record.body.length > packBytesMax
    if (pack.length === 0 || isFull) {
      pack = []
      packs.push(pack)
      bytes = 0
    }
    pack.push({ op: 'put', ...record, expect: null })
    bytes += record.body.length
  }
  return packs
}

async function commitAll(target: Target, packs: readonly Put[][]): Promise<(StorageConflict | null)[]> {
  if (target.commitMany) return target.commitMany(packs)
  for (const pack of packs) {
    try {
      await target.commit(pack)
    } catch (error) {
      if (error instanceof StorageConflict) return [error]
      throw error
    }
  }
  return []
}

/** Groups the records of a stream into batches, without the keyring, which is written last. */
export async function* withoutKeyring(
  records: AsyncIterable<Kept>,
  found: (keyring: Kept) => void,
): AsyncGenerator<readonly Kept[]> {
  let some: Kept[] = []
  let bytes = 0
  for await (const record of records) {
    if (isKeyring(record)) {
      found(record)
      continue
    }
    some.push(record)
    bytes += record.body.length
    if (some.length < rowsAtOnce && bytes < packBytesMax) continue
    yield some
    some = []
    bytes = 0
  }
  if (some.length > 0) yield some
}

const rowsAtOnce = 500

export function isKeyring({ kind, id }: Ref): boolean {
  return kind === keyringRef.kind && id === keyringRef.id
}
