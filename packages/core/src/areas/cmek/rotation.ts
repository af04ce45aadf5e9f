import { cmekNonceBytes, reencryptCmek } from '../../crypto/cmek-blob.ts'
import { second } from '../../kernel/time.ts'
import { type Engine, type ScheduledTask, unitContext } from '../../operations/index.ts'
import { changeValue, type SecretVersion, secretVersionKind, versionsUnder } from '../secrets/index.ts'
import { changeProtection, vaultKind } from '../vaults/index.ts'
import { dropKeys, type HeldKeys, heldKeys } from './held-keys.ts'
import { type CmekRotation, cmekRotationKind, leaseMs } from './records.ts'

const valuesPerBatch = 100
/** A batch is several commits, because values can be large. */
const valuesPerUnit = 20
const batchesPerTask = 20

/** Continues the rotations whose keys this engine holds. */
export const rotationTask: ScheduledTask = {
  name: 'cmek.rotate',
  everyMs: second,
  run: async (engine) => {
    for (const id of [...heldKeys(engine).keys()]) await advance(engine, id, batchesPerTask)
  },
}

/** Ends the leases of this engine before it closes, so that another one can continue at once. */
export const releaseTask: ScheduledTask = {
  name: 'cmek.release',
  everyMs: Number.POSITIVE_INFINITY,
  atClose: true,
  run: async (engine) => {
    for (const [id, keys] of heldKeys(engine)) {
      await change(engine, keys, id, (before) => ({ ...before, leasedUntil: engine.records.now() }))
    }
  },
}

/** Processes at most `batchesMax` batches of a rotation, and returns its record. */
export async function advance(engine: Engine, id: string, batchesMax: number): Promise<CmekRotation | null> {
  const keys = heldKeys(engine).get(id)
  if (!keys || keys.isWorking) return null
  keys.isWorking = true
  try {
    const rotation = await begin(engine, keys, id)
    if (rotation === null) dropKeys(engine, id)
    else if (!(await workThrough(engine, keys, rotation, batchesMax))) return await readRotation(engine, keys, id)
    return rotation && (await finish(engine, keys, id))
  } catch (error) {
    // What this pass has taken and not stored is found again.
    keys.values = null
    keys.skipped = 0
    throw error
  } finally {
    keys.isWorking = false
  }
}

/** Counts the values once, and returns the rotation if it still runs. */
async function begin(engine: Engine, keys: HeldKeys, id: string): Promise<CmekRotation | null> {
  const rotation = await readRotation(engine, keys, id)
  if (rotation?.status !== 'running') return null
  if (rotation.total !== null) return rotation
  let total = 0
  for await (const _ of valuesOf(engine, keys, rotation)) total++
  return change(engine, keys, id, (before) => ({ ...before, total }))
}

/** Returns whether both passes are done. After the first one, new values count as encrypted under the new key. */
async function workThrough(
  engine: Engine,
  keys: HeldKeys,
  rotation: CmekRotation,
  batchesMax: number,
): Promise<boolean> {
  for (let batch = 0; batch < batchesMax; ) {
    keys.values ??= valuesOf(engine, keys, rotation)
    const ids = await take(keys.values, valuesPerBatch)
    for (let at = 0; at < ids.length; at += valuesPerUnit) {
      keys.skipped += await reencrypt(engine, keys, rotation, ids.slice(at, at + valuesPerUnit))
    }
    if (ids.length === valuesPerBatch) batch++
    else if (keys.pass === 'last') return true
    else {
      // The last pass finds the values that came before the vault had the new fingerprint.
      await announceKey(engine, keys, rotation)
      Object.assign(keys, { pass: 'last', values: null, skipped: 0 })
    }
  }
  return false
}

async function take(values: AsyncIterator<SecretVersion>, most: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < most) {
    const next = await values.next()
    if (next.done) break
    ids.push(next.value.id)
  }
  return ids
}

/** The values under the old key. It extends the lease, because it may pass many others before it finds one. */
async function* valuesOf(engine: Engine, keys: HeldKeys, { id, oldFingerprint }: CmekRotation) {
  const { org, vaultId } = keys
  let extendedAt = engine.records.now()
  for await (const version of versionsUnder(() => engine.records.reading(org), vaultId, oldFingerprint)) {
    const now = engine.records.now()
    if (now >= extendedAt + leaseMs / 3) {
      await change(engine, keys, id, (before) => ({ ...before, leasedUntil: now + leaseMs }))
      extendedAt = now
    }
    if (version) yield version
  }
}

/** Encrypts some values again in one commit, which also counts them. Returns the number of those that stay. */
async function reencrypt(
  engine: Engine,
  { org, vaultId, from, to }: HeldKeys,
  { id, oldFingerprint, newFingerprint }: CmekRotation,
  ids: readonly string[],
): Promise<number> {
  return engine.records.transactIn(org, (unit) => {
    const rotation = unit.get(cmekRotationKind, id)
    if (rotation?.status !== 'running') return 0
    const context = unitContext(engine, unit)
    let skipped = 0
    let done = 0
    for (const version of unit.getAll(secretVersionKind, ids)) {
      if (version?.cmekFingerprint !== oldFingerprint) continue
      const nonce = context.random.bytes(cmekNonceBytes)
      const isChanged =
        !version.value.isSplit &&
        changeValue(context, vaultId, version, newFingerprint, (blob) =>
          reencryptCmek(engine.crypto, from, to, nonce, blob),
        )
      if (isChanged) done++
      else skipped++
    }
    unit.put(cmekRotationKind, {
      ...rotation,
      processed: rotation.processed + done,
      leasedUntil: context.now + leaseMs,
    })
    return skipped
  })
}

async function announceKey(engine: Engine, { org, vaultId }: HeldKeys, rotation: CmekRotation): Promise<void> {
  await engine.records.transactIn(org, (unit) => {
    const vault = unit.get(vaultKind, vaultId)
    if (vault?.cmekRotation === rotation.id) {
      changeProtection(unit, { ...vault, cmekFingerprint: rotation.newFingerprint })
    }
  })
}

async function finish(engine: Engine, keys: HeldKeys, id: string): Promise<CmekRotation | null> {
  const { skipped } = keys
  await engine.records.transactIn(keys.org, (unit) => {
    const vault = unit.get(vaultKind, keys.vaultId)
    if (vault?.cmekRotation === id) unit.put(vaultKind, { ...vault, cmekRotation: undefined })
    const rotation = unit.get(cmekRotationKind, id)
    if (rotation?.status !== 'running') return
    const error = skipped === 0 ? null : `Values that the old key does not open stay unchanged: ${skipped}.`
    unit.put(cmekRotationKind, {
      ...rotation,
      status: 'completed',
      total: rotation.processed + skipped,
      error,
      completedAt: engine.records.now(),
    })
  })
  dropKeys(engine, id)
  return readRotation(engine, keys, id)
}

function readRotation(engine: Engine, { org }: HeldKeys, id: string): Promise<CmekRotation | null> {
  return engine.records.reading(org).get(cmekRotationKind, id)
}

function change(
  engine: Engine,
  { org }: HeldKeys,
  id: string,
  edit: (before: CmekRotation) => CmekRotation,
): Promise<CmekRotation | null> {
  return engine.records.transactIn(org, (unit) => {
    const before = unit.get(cmekRotationKind, id)
    const after = before && edit(before)
    if (after) unit.put(cmekRotationKind, after)
    return after
  })
}
