import type { Unit } from '../../records/index.ts'
import { isSystemVault, systemVault, type Vault, vaultKind, vaultNotFound } from '../vaults/index.ts'

/** Returns a vault whose keys its owner can manage. The engine writes and reads the values of its own vaults. */
export function manageableVault(unit: Unit, vaultId: string): Vault {
  const vault = unit.require(vaultKind, vaultId, vaultNotFound)
  if (isSystemVault(vault)) throw systemVault()
  return vault
}
