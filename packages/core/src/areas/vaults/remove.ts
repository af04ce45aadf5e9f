import { type JobType, runCascade } from '../../operations/index.ts'
import { vaultKeyUri } from './records.ts'

interface Removal {
  readonly [field: string]: string | number
  readonly org: string
  readonly vaultId: string
  readonly current: number
}

/**
 * Completes the deletion of a vault. It destroys the keys first, so that nothing in the vault can be decrypted. Then it
 * removes the records of other areas.
 */
export const removeVaultJob: JobType<Removal> = {
  name: 'vaults.remove',
  run: async (engine, { org, vaultId, current }) => {
    // One more than there are, because an interrupted rotation has created the next key. Retired numbers too, because a
    // rotation that used an outdated record can have created a retired key again.
    for (let number = 1; number <= current + 1; number++) {
      await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId }, number))
    }
    await runCascade(engine, { org, change: 'removed', subject: 'vault', id: vaultId })
  },
}
