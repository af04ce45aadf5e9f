import { type JobType, runCascade } from '../../operations/index.ts'
import { vaultKeyUri } from './records.ts'

interface Removal {
  readonly [field: string]: string | number
  readonly org: string
  readonly vaultId: string
  readonly current: number
}

/**
 * What is left to do when a vault was deleted. Its keys go first: from then on nothing in it can be decrypted. Then the
 * records that other areas keep about it go.
 */
export const removeVaultJob: JobType<Removal> = {
  name: 'vaults.remove',
  run: async (engine, { org, vaultId, current }) => {
    // One more than there are: a rotation that was cut off has made the next key, and one that worked from an outdated
    // record, while another engine rotated, has made a retired key again.
    for (let number = 1; number <= current + 1; number++) {
      await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId }, number))
    }
    await runCascade(engine, { org, change: 'removed', subject: 'vault', id: vaultId })
  },
}
