import { area } from '../../operations/index.ts'
import { passOn } from '../orgs/index.ts'
import { agentVaultsKind, dropCount } from './agent-quota.ts'
import { leaveVaultsJob } from './leave.ts'
import { vaultOperations } from './operations/index.ts'
import { keyChangeKind, vaultKeysKind, vaultKind } from './records.ts'
import { removeLockedVaults, removeVaultJob } from './remove.ts'
import { rotateAllKeys } from './rotation.ts'

export { rewrapKey, type ValueAddress } from './data-key.ts'
export { clientShareMissing, clientShareWrong, keyStoreUnavailable, systemVault, vaultNotFound } from './errors.ts'
export { countKeyStores, currentPlace, type KeyPlace, outsideKey } from './key-place.ts'
export { keyStoreStatus, promptStatus, serverStore } from './key-stores.ts'
export { leaveVaults } from './leave.ts'
export { newVault } from './new-vault.ts'
export { changeProtection } from './protection.ts'
export { isSystemVault, owns, type Vault, type VaultKeys, vaultKeysKind, vaultKind } from './records.ts'
export { governs, type VaultPermission, vaultAt } from './resource.ts'
export { countMoved, countValues, retireKeys } from './rotation.ts'
export { fingerprintField, VaultBody, vaultBody } from './schemas.ts'
export { ensureSystemVault, findSystemVault } from './system-vault.ts'
export { decryptValue, encryptValue, type SealedValue, valueOpens } from './values.ts'

export const vaults = area({
  name: 'vaults',
  summary: 'Places for secrets. Each vault has keys of its own.',
  uses: ['orgs'],
  operations: vaultOperations,
  kinds: [vaultKind, vaultKeysKind, keyChangeKind, agentVaultsKind],
  jobs: [leaveVaultsJob, removeVaultJob],
  rotateKeys: rotateAllKeys,
  onRemoved: {
    agent: { inUnit: ({ unit }, id) => dropCount(unit, id) },
    user: {
      asJob: async (engine, { org, id }) => {
        await removeLockedVaults(engine, org, id)
        await passOn(engine, org, vaultKind, { kind: 'user', id })
      },
    },
  },
})
