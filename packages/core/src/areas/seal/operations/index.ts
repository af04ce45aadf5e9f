import { getSealStatus } from './get-seal-status.ts'
import { unsealVault } from './unseal-vault.ts'

export const sealOperations = {
  status: getSealStatus,
  unseal: unsealVault,
}
