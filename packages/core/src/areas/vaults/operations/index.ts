import { createVault } from './create-vault.ts'
import { deleteVault } from './delete-vault.ts'
import { enableCustody } from './enable-custody.ts'
import { getVault } from './get-vault.ts'
import { getVaultKey } from './get-vault-key.ts'
import { listKeyStores } from './list-key-stores.ts'
import { listVaults } from './list-vaults.ts'
import { moveVaultKey } from './move-vault-key.ts'
import { rotateVaultKey } from './rotate-vault-key.ts'

export const vaultOperations = {
  create: createVault,
  list: listVaults,
  get: getVault,
  delete: deleteVault,
  rotateKey: rotateVaultKey,
  moveKey: moveVaultKey,
  getKey: getVaultKey,
  keyStores: listKeyStores,
  enableCustody,
}
