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
} from '../ports/storage.ts'
import { CopyDiffers } from './errors.ts'

// Filling a store with the records of a vault. It begins with a marker where the keyring belongs and ends with the
// keyring in its place, in one write. In between no engine opens the store; whoever fills it from the same source again
// goes on. Every write expects nothing to be there, so nothing can be overwritten.

export type Target = Storage & Snapshot & Partial<GroupCommit>

const markerVersion = 'unfinished'
const packBytesMax = 4 * 1024 * 1024

/** Throws unless a store is empty, or half filled from the same source: then the answer is true. */
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

/** Marks an empty store; answers whether it was marked before, so that there may be records in it. */
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

/** Puts the last record in its place: from now on this is a vault. */
export async function finishFilling(target: Target, keyring: Kept): Promise<void> {
  await target.commit([{ op: 'put', ...keyring, expect: markerVersion }])
}

/** Stores records that are not there yet. */
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

/** Takes out what an earlier run copied and the source has otherwise by now, or not any more. */
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

/** As a batch may be, and not so big that several of them are too much at once. */
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

/** Records of one size of batch, from any stream; the keyring apart, which is to be written last. */
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
