import { rotateSigningKey } from '../areas/audit/index.ts'
import { rotateTokenKey } from '../areas/auth/index.ts'
import { orgKind } from '../areas/orgs/index.ts'
import { rewrapJob } from '../areas/secrets/index.ts'
import { rotateKeys, vaultKeysKind, vaultKind } from '../areas/vaults/index.ts'
import { rewrapKeyring } from '../crypto/keyring.ts'
import type { Engine } from '../operations/index.ts'
import type { Storage } from '../ports/storage.ts'
import { walk } from '../records/index.ts'

/** Told after each vault how many have new keys now. */
export type Progress = (vaults: number) => void

/**
 * Replaces every key that the engine has in its HSM: that of each vault, with all data keys moved to the new one; those
 * that sign tokens and checkpoints; and last the one that wraps the keyring. The old ones are destroyed. Reads and writes
 * go on meanwhile, and what was cut off is simply done again.
 */
export async function rotateEverything(engine: Engine, storage: Storage, progress: Progress): Promise<void> {
  let vaults = 0
  for await (const { id: org } of walk(() => engine.records.reading(), orgKind, 'created')) {
    for await (const { id: vaultId } of walk(() => engine.records.reading(org), vaultKind, 'created')) {
      await rotateVault(engine, org, vaultId)
      progress(++vaults)
    }
  }
  await rotateTokenKey(engine)
  await rotateSigningKey(engine)
  await rewrapKeyring(storage, engine.hsm, engine.random)
}

/** The job that moves the data keys is staged too, in case this is cut off; done here, it finds nothing left to do. */
async function rotateVault(engine: Engine, org: string, vaultId: string): Promise<void> {
  const isThere = await engine.records.transactIn(org, async (unit) => {
    const keys = await unit.get(vaultKeysKind, vaultId)
    if (keys) await rotateKeys(engine, unit, keys)
    return keys !== null
  })
  if (isThere) await rewrapJob.run(engine, { org, vaultId })
}
