import type { JobType } from '../../../operations/index.ts'
import { dropAll, type Unit } from '../../../records/index.ts'
import { policyKind } from '../../policies/index.ts'
import { purgeNewest, secretKind } from '../../secrets/index.ts'
import { shareKind } from '../../sharing/index.ts'
import { vaultKeyUri } from '../records.ts'

interface Purge {
  readonly [field: string]: string | number
  readonly org: string
  readonly vaultId: string
  readonly current: number
}

/**
 * What is left to do when a vault was deleted. Its keys go first: from then on nothing in it can be opened by anybody.
 * Then its records go, some at a time.
 */
export const purgeVaultJob: JobType<Purge> = {
  name: 'vaults.purge',
  run: async (engine, { org, vaultId, current }) => {
    // More than there are, since nothing uses what a rotation made in vain: one that was cut off has made the next key,
    // and one that went by an old record, while another engine rotated, has made one again that was gone.
    for (let number = 1; number <= current + 1; number++) {
      await engine.hsm.destroyKey(vaultKeyUri({ org, vaultId }, number))
    }
    await dropAll(engine.records, org, policyKind, 'vault', vaultId)
    await dropAll(engine.records, org, shareKind, 'vault', org, vaultId)
    while (await engine.records.transactIn(org, (unit) => purgeSecret(unit, vaultId)));
  },
}

/** Takes from a secret of the vault its newest versions, and the secret when it has none left; false when none is left. */
async function purgeSecret(unit: Unit, vaultId: string): Promise<boolean> {
  const [secret] = await unit.page(secretKind, 'path', { tuple: [vaultId], limit: 1 })
  if (!secret) return false
  await purgeNewest(unit, secret)
  return true
}
