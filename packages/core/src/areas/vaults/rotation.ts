import { limits } from '../../kernel/limits.ts'
import { Lru } from '../../kernel/lru.ts'
import {
  cascade,
  type Engine,
  perEngine,
  type RotateKeys,
  runCascade,
  type Services,
  type UnitContext,
  unitContext,
} from '../../operations/index.ts'
import { type MaybePromise, StaleUnit, walk } from '../../records/index.ts'
import { orgKind } from '../orgs/index.ts'
import type { VaultName } from './data-key.ts'
import { vaultNotFound } from './errors.ts'
import { type VaultKeys, vaultKeysKind, vaultKeyUri, vaultKind } from './records.ts'

/**
 * Makes the next wrapping key of a vault the current one, and starts the cascade that wraps the data keys again. Reads
 * and writes continue, and no value changes.
 */
export function rotateKeys(context: UnitContext, keys: VaultKeys): VaultKeys {
  const { unit, hsm, reading } = context
  const org = unit.org ?? ''
  const next: VaultKeys = { ...keys, current: keys.current + 1, wraps: 0 }
  unit.waitFor(async () => {
    // The key is created before the unit is stored. With an outdated record, it could be a retired key.
    const fresh = await reading(org).get(vaultKeysKind, keys.id)
    if (fresh?.current !== keys.current) throw new StaleUnit()
    await hsm.createKey(vaultKeyUri({ org, vaultId: keys.id }, next.current), 'aes-256')
  })
  unit.put(vaultKeysKind, next)
  cascade(context, 'rotated', 'vault', keys.id)
  return next
}

/** Rotates the key of every vault of every organisation, one vault after another. */
export const rotateAllKeys: RotateKeys = async (engine, progress) => {
  for await (const { id: org } of walk(() => engine.records.reading(), orgKind, 'created')) {
    for await (const { id } of walk(() => engine.records.reading(org), vaultKind, 'created')) {
      await rotateVault(engine, org, id)
      progress()
    }
  }
}

/** Also stages the cascade, in case this is interrupted. Otherwise the cascade finds no work. */
async function rotateVault(engine: Engine, org: string, id: string): Promise<void> {
  const isThere = await engine.records.transactIn(org, (unit) => {
    const keys = unit.get(vaultKeysKind, id)
    if (keys) rotateKeys(unitContext(engine, unit), keys)
    return keys !== null
  })
  if (isThere) await runCascade(engine, { org, change: 'rotated', subject: 'vault', id })
}

/**
 * Destroys the keys before `current` when no data key needs them. Writers check the record of the vault keys, which has
 * changed, so they cannot store new data under old keys. The key is destroyed before the record is updated. A crash in
 * between only repeats this.
 */
export async function retireKeys(engine: Engine, { org, vaultId }: VaultName, current: number): Promise<void> {
  const keys = await engine.records.reading(org).get(vaultKeysKind, vaultId)
  for (let number = keys?.oldest ?? current; number < current; number++) {
    await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId }, number))
  }
  await engine.records.transactIn(org, (unit) => {
    const before = unit.get(vaultKeysKind, vaultId)
    if (before && before.oldest < current) unit.put(vaultKeysKind, { ...before, oldest: current })
  })
}

/** Number of uses per reservation. Each reservation changes the vault keys, so every write that is under way runs again. */
const wrapsReserved = 16_384
interface Reserved {
  left: number
  more: Promise<void> | null
}

const reservations = perEngine((engine) => ({
  engine,
  byVault: new Lru<string, Reserved>({ max: 10_000 }),
}))

/** Takes one reserved use of the current key. If none is left, waits until the engine has reserved more. */
export function reserveWrap(of: Pick<Services, 'handle'>, { org, vaultId }: VaultName): MaybePromise<void> {
  const { engine, byVault } = reservations(of)
  const held = byVault.get(vaultId) ?? { left: 0, more: null }
  byVault.set(vaultId, held)
  if (held.left === 0) return reserveNext(engine, org, vaultId, held)
  held.left--
}

async function reserveNext(engine: Engine, org: string, vaultId: string, held: Reserved): Promise<void> {
  while (held.left === 0) {
    held.more ??= reserveMore(engine, org, vaultId).then(
      () => {
        held.left += wrapsReserved
        held.more = null
      },
      (error: unknown) => {
        held.more = null
        throw error
      },
    )
    await held.more
  }
  held.left--
}

async function reserveMore(engine: Engine, org: string, vaultId: string): Promise<void> {
  await engine.records.transactIn(org, (unit) => {
    const keys = unit.require(vaultKeysKind, vaultId, vaultNotFound)
    if (keys.wraps + wrapsReserved > limits.wrapsPerKeyMax) rotateKeys(unitContext(engine, unit), keys)
    else unit.put(vaultKeysKind, { ...keys, wraps: keys.wraps + wrapsReserved })
  })
}
