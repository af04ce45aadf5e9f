import type { Json } from '../../kernel/json.ts'
import {
  auditEvent,
  cascadeInUnit,
  type Engine,
  type JobType,
  type Principal,
  runCascade,
  type UnitContext,
  unitContext,
} from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { giveVaultBack } from './agent-quota.ts'
import { keyStoreUnavailable, vaultNotFound } from './errors.ts'
import { placeOf } from './key-place.ts'
import { type KeyStoresFrom, keyChangeKind, type Vault, vaultKeysKind, vaultKind } from './records.ts'
import { destroyKey } from './wrapping-key.ts'

interface Removal {
  readonly [field: string]: Json
  readonly org: string
  readonly vaultId: string
  readonly current: number
  readonly oldest: number
  readonly places: readonly KeyStoresFrom[]
}

/** Stages the removal of a vault. Returns the id of the job that destroys its keys and removes what is in it. */
export function removeVault(context: UnitContext, vault: Vault): string {
  const { unit, jobs } = context
  const keys = unit.require(vaultKeysKind, vault.id, vaultNotFound)
  unit.delete(vaultKind, vault)
  giveVaultBack(unit, vault)
  // A unit that writes a value into this vault depends on its keys. Its commit fails, because the keys are gone.
  unit.delete(vaultKeysKind, keys)
  const change = unit.get(keyChangeKind, vault.id)
  if (change) unit.delete(keyChangeKind, change)
  cascadeInUnit(context, 'removed', 'vault', vault.id)
  const { current, oldest, places = [] } = keys
  return jobs.stage(unit, removeVaultJob, { org: unit.org ?? '', vaultId: vault.id, current, oldest, places })
}

/** Removes the vaults that platform apps made for a user who is gone: another owner would open what no other may. */
export function removeLockedVaults(engine: Engine, org: string, userId: string): Promise<void> {
  return removeVaultsOf(engine, org, { kind: 'user', id: userId }, ({ connection }) => connection !== undefined)
}

/** Removes the vaults of a user or agent who is gone, one by one. */
export async function removeVaultsOf(
  engine: Engine,
  org: string,
  { kind, id }: Principal,
  isWanted: (vault: Vault) => boolean = () => true,
): Promise<void> {
  const removeOne = (unit: Unit): string | null => {
    const vault = unit.list(vaultKind, 'creator', kind, id).find(isWanted)
    if (!vault) return null
    const by = { type: 'system', id: '', ip: null }
    unit.audit(auditEvent(by, { action: 'vault.delete', resource: { type: 'vault', id: vault.id } }))
    return removeVault(unitContext(engine, unit), vault)
  }
  for (;;) {
    const job = await engine.records.transactIn(org, removeOne)
    if (job === null) return
    await engine.jobs.run(job)
  }
}

/**
 * Completes the deletion of a vault. It destroys the keys first, so that nothing in the vault can be decrypted. Then it
 * removes the records of other areas. While a key store is away, its keys stay, and the job is tried again.
 */
export const removeVaultJob: JobType<Removal> = {
  name: 'vaults.remove',
  run: async (engine, removal) => {
    const { org, vaultId } = removal
    const away = await destroyKeys(engine, removal)
    await runCascade(engine, { org, change: 'removed', subject: 'vault', id: vaultId })
    if (away) throw away
  },
}

/** Returns the error of a key store that is away. */
async function destroyKeys(engine: Engine, { org, vaultId, current, oldest = 1, places }: Removal) {
  let away: unknown = null
  // One more than there are, because an interrupted rotation has created the next key. Retired numbers too, because a
  // rotation that used an outdated record can have created a retired key again.
  for (let number = 1; number <= current + 1; number++) {
    try {
      await destroyKey(engine, { org, vaultId }, placeOf({ places }, number))
    } catch (error) {
      if (!keyStoreUnavailable.is(error)) throw error
      // The vault left the key stores of retired keys, which need not exist any more.
      if (number >= oldest) away = error
    }
  }
  return away
}
