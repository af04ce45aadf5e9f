import { limits } from '../../kernel/limits.ts'
import { Lru } from '../../kernel/lru.ts'
import { type Engine, perEngine } from '../../operations/index.ts'
import { StaleUnit, type Unit } from '../../records/index.ts'
import type { ValueAddress } from './data-key.ts'
import { vaultNotFound } from './errors.ts'
import { type VaultKeys, vaultKeysKind, vaultKeyUri } from './records.ts'

/** The job that moves data keys to the current key of their vault. Who keeps the data keys also has the job. */
export const rewrap = { name: 'vaults.rewrap' }

export interface RewrapPayload {
  readonly [field: string]: string
  readonly org: string
  readonly vaultId: string
}

/**
 * Makes the next wrapping key of a vault the current one, and stages the job that moves the data keys over. Reads and
 * writes go on; no value is touched.
 */
export async function rotateKeys(engine: Engine, unit: Unit, keys: VaultKeys): Promise<VaultKeys> {
  const place: RewrapPayload = { org: unit.org ?? '', vaultId: keys.id }
  // The key is made before the unit is stored. Resting on what is outdated, it could be one that was retired already.
  const fresh = await engine.records.reading(place.org).get(vaultKeysKind, keys.id)
  if (fresh?.current !== keys.current) throw new StaleUnit({ kind: vaultKeysKind.name, id: keys.id }, 'stale')
  const next: VaultKeys = { ...keys, current: keys.current + 1, wraps: 0 }
  await engine.hsm.createKey(vaultKeyUri(place, next.current), 'aes-256')
  unit.put(vaultKeysKind, next)
  engine.jobs.stage(unit, rewrap, place)
  return next
}

/**
 * Destroys the keys before `current`, once no data key needs them. Nobody can still store what they would wrap: writers
 * check the vault's keys, and these have changed. A key goes first and the note of it second, so a crash in between
 * only makes this happen twice.
 */
export async function retireKeys(engine: Engine, { org, vaultId }: RewrapPayload, current: number): Promise<void> {
  const keys = await engine.records.reading(org).get(vaultKeysKind, vaultId)
  for (let number = keys?.oldest ?? current; number < current; number++) {
    await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId }, number))
  }
  await engine.records.transactIn(org, async (unit) => {
    const before = await unit.get(vaultKeysKind, vaultId)
    if (before && before.oldest < current) unit.put(vaultKeysKind, { ...before, oldest: current })
  })
}

/** Handed out at a time, so that counting costs a write per thousand uses and not one each. */
const wrapsReserved = 1_024
const reservations = perEngine(() => new Lru<string, { left: number; more: Promise<void> | null }>({ max: 10_000 }))

/** Takes one use of the current key from those this engine has reserved; whoever finds none waits while more are. */
export async function reserveWrap(engine: Engine, { org, vaultId }: ValueAddress): Promise<void> {
  const held = reservations(engine).get(vaultId) ?? { left: 0, more: null }
  reservations(engine).set(vaultId, held)
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
  await engine.records.transactIn(org, async (unit) => {
    const keys = await unit.require(vaultKeysKind, vaultId, vaultNotFound)
    if (keys.wraps + wrapsReserved > limits.wrapsPerKeyMax) await rotateKeys(engine, unit, keys)
    else unit.put(vaultKeysKind, { ...keys, wraps: keys.wraps + wrapsReserved })
  })
}
