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
import { type MaybePromise, StaleUnit, type Unit, walk } from '../../records/index.ts'
import { orgIds } from '../orgs/index.ts'
import type { VaultName } from './data-key.ts'
import { vaultNotFound } from './errors.ts'
import { currentPlace, placeOf, placesFrom, storesInUse, storesOf } from './key-place.ts'
import { serverStore } from './key-stores.ts'
import { keyChangeKind, type VaultKeys, vaultKeysKind, vaultKind } from './records.ts'
import { createKey, destroyKey } from './wrapping-key.ts'

/**
 * Makes the next wrapping key of a vault the current one, and starts the cascade that wraps the data keys again. Reads
 * and writes continue, and no value changes. The next key can be in other key stores.
 */
export function rotateKeys(
  context: UnitContext,
  keys: VaultKeys,
  keyStores: readonly string[] = storesOf(currentPlace(keys)),
): VaultKeys {
  const { unit, reading, now } = context
  const org = unit.org ?? ''
  const number = keys.current + 1
  const next: VaultKeys = { ...keys, current: number, wraps: 0, places: placesFrom(keys, number, keyStores) }
  unit.waitFor(async () => {
    // The key is created before the unit is stored. With an outdated record, it could be a retired key.
    const fresh = await reading(org).get(vaultKeysKind, keys.id)
    if (fresh?.current !== keys.current) throw new StaleUnit()
    await createKey(context, { org, vaultId: keys.id }, currentPlace(next))
  })
  unit.put(vaultKeysKind, next)
  unit.get(keyChangeKind, keys.id)
  unit.put(keyChangeKind, { id: keys.id, number, total: null, processed: 0, startedAt: now, completedAt: null })
  cascade(context, 'rotated', 'vault', keys.id)
  return next
}

/**
 * Rotates the key of every vault in the key store of the server, one vault after another. Vaults in key stores of
 * organisations are rotated by their people.
 */
export const rotateAllKeys: RotateKeys = async (engine, progress) => {
  for await (const org of orgIds(engine)) {
    for await (const { id } of walk(() => engine.records.reading(org), vaultKind, 'created')) {
      if (await rotateVault(engine, org, id)) progress()
    }
  }
}

/**
 * Also stages the cascade, in case this is interrupted. Otherwise the cascade finds no work. Returns whether the vault had
 * a key in the key store of the server.
 */
async function rotateVault(engine: Engine, org: string, id: string): Promise<boolean> {
  const hadKey = await engine.records.transactIn(org, (unit) => {
    const keys = unit.get(vaultKeysKind, id)
    if (!keys || !storesInUse(keys).includes(serverStore)) return false
    // Of a vault that is leaving the key store of the server, the cascade moves the rest.
    if (storesOf(currentPlace(keys)).includes(serverStore)) rotateKeys(unitContext(engine, unit), keys)
    return true
  })
  if (hadKey) await runCascade(engine, { org, change: 'rotated', subject: 'vault', id })
  return hadKey
}

/**
 * Destroys the keys before `current` when no data key needs them. Writers check the record of the vault keys, which has
 * changed, so they cannot store new data under old keys. The key is destroyed before the record is updated. A crash in
 * between only repeats this.
 */
export async function retireKeys(engine: Engine, { org, vaultId }: VaultName, current: number): Promise<void> {
  const keys = await engine.records.reading(org).get(vaultKeysKind, vaultId)
  for (let number = keys?.oldest ?? current; keys && number < current; number++) {
    await destroyKey(engine, { org, vaultId }, placeOf(keys, number))
  }
  await engine.records.transactIn(org, (unit) => {
    const before = unit.get(vaultKeysKind, vaultId)
    if (before && before.oldest < current) unit.put(vaultKeysKind, { ...before, oldest: current })
    const change = unit.get(keyChangeKind, vaultId)
    if (change?.number !== current || change.completedAt !== null) return
    unit.put(keyChangeKind, { ...change, total: change.processed, completedAt: engine.records.now() })
  })
}

/** Stages the number of values that get the new key. The new key wraps the data key of each of them. */
export function countValues(unit: Unit, vaultId: string, number: number, total: number): void {
  const change = unit.get(keyChangeKind, vaultId)
  if (change?.number !== number || change.total !== null) return
  unit.put(keyChangeKind, { ...change, total })
  const keys = unit.get(vaultKeysKind, vaultId)
  if (keys?.current === number) unit.put(vaultKeysKind, { ...keys, wraps: keys.wraps + total })
}

/** Adds to the count of values that have the new key. */
export function countMoved(unit: Unit, vaultId: string, number: number, values: number): void {
  const change = unit.get(keyChangeKind, vaultId)
  if (values > 0 && change?.number === number) {
    unit.put(keyChangeKind, { ...change, processed: change.processed + values })
  }
}

/** Number of uses per reservation. Each reservation changes the vault keys, so every write in progress runs again. */
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
