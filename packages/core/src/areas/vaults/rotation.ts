import { limits } from '../../kernel/limits.ts'
import { Lru } from '../../kernel/lru.ts'
import { type Engine, type JobType, perEngine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { dataKeyKind, type Place, rewrapKey } from './data-key.ts'
import { vaultNotFound } from './errors.ts'
import { type VaultKeys, vaultKeysKind, vaultKeyUri } from './records.ts'

const rewrapsAtOnce = 50

type Rewrap = { org: string; vaultId: string }

/**
 * Makes the next wrapping key of a vault the current one, and stages the job that moves the data keys over. Reads and
 * writes go on; no value is touched.
 */
export async function rotateKeys(engine: Engine, unit: Unit, keys: VaultKeys): Promise<VaultKeys> {
  const place = { org: unit.org ?? '', vaultId: keys.id }
  const next: VaultKeys = { ...keys, current: keys.current + 1, wraps: 0 }
  await engine.hsm.createKey(vaultKeyUri(place, next.current), 'aes-256')
  unit.put(vaultKeysKind, next)
  engine.jobs.stage(unit, rewrapJob, place)
  return next
}

/** Moves every data key to the current key of its vault, then destroys the keys that nothing needs any more. */
export const rewrapJob: JobType<Rewrap> = {
  name: 'vaults.rewrap',
  run: async (engine, { org, vaultId }) => {
    for (;;) {
      const keys = await oldestInUse(engine, org, vaultId)
      if (!keys || keys.oldest >= keys.current) return
      const moved = await rewrapSome(engine, org, keys)
      if (moved === 0) await retire(engine, org, keys)
    }
  },
}

async function oldestInUse(engine: Engine, org: string, vaultId: string): Promise<VaultKeys | null> {
  const unit = engine.records.reading()
  unit.enter(org)
  return unit.get(vaultKeysKind, vaultId)
}

async function rewrapSome(engine: Engine, org: string, { id, oldest, current }: VaultKeys): Promise<number> {
  return engine.records.transact(async (unit) => {
    unit.enter(org)
    const old = await unit.page(dataKeyKind, 'wrappedBy', { tuple: [id, oldest], limit: rewrapsAtOnce })
    for (const key of old) unit.put(dataKeyKind, await rewrapKey(engine, org, key, current))
    return old.length
  })
}

/**
 * Nobody can still store what the old key would wrap: writers check the vault's keys, and these have changed. The key
 * goes first, so a crash in between only makes this happen twice.
 */
async function retire(engine: Engine, org: string, { id, oldest }: VaultKeys): Promise<void> {
  await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId: id }, oldest))
  await engine.records.transact(async (unit) => {
    unit.enter(org)
    const keys = await unit.get(vaultKeysKind, id)
    if (keys?.oldest === oldest) unit.put(vaultKeysKind, { ...keys, oldest: oldest + 1 })
  })
}

/** Handed out at a time, so that counting costs a write per thousand uses and not one each. */
const wrapsReserved = 1_024
const reservations = perEngine(() => new Lru<string, { left: number; more: Promise<void> | null }>({ max: 10_000 }))

/** Takes one use of the current key from those this engine has reserved; whoever finds none waits while more are. */
export async function reserveWrap(engine: Engine, { org, vaultId }: Place): Promise<void> {
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
  await engine.records.transact(async (unit) => {
    unit.enter(org)
    const keys = await unit.require(vaultKeysKind, vaultId, vaultNotFound)
    if (keys.wraps + wrapsReserved > limits.wrapsPerKeyMax) await rotateKeys(engine, unit, keys)
    else unit.put(vaultKeysKind, { ...keys, wraps: keys.wraps + wrapsReserved })
  })
}
