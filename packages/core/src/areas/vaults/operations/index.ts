import { createVault } from './create-vault.ts'
import { deleteVault } from './delete-vault.ts'
import { enableCustody } from './enable-custody.ts'
import { getVault } from './get-vault.ts'
import { listVaults } from './list-vaults.ts'
import { rotateVaultKey } from './rotate-vault-key.ts'

export const vaultOperations = {
  create: createVault,
  list: listVaults,
  get: getVault,
  delete: deleteVault,
  rotateKey: rotateVaultKey,
  enableCustody,
}
