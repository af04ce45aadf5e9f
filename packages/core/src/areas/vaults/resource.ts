import { PawlError } from '../../kernel/errors.ts'
import { type Context, denied, guarded, type Resource } from '../../operations/index.ts'
import { vaultNotFound } from './errors.ts'

/** `see`: read the vault. `delete`: delete it. `govern`: manage its policies. */
export type VaultPermission = 'see' | 'delete' | 'govern'

/** A vault as a guarded resource. Callers who cannot see it get `vault_not_found`. */
export function vaultAt(vaultId: string): Resource<VaultPermission> {
  return guarded('vault', vaultId, { id: vaultId })
}

/** Returns whether the caller manages the vault. */
export function governs(context: Context, vaultId: string): boolean {
  try {
    vaultAt(vaultId).authorize(context, 'govern')
    return true
  } catch (error) {
    if (error instanceof PawlError && (denied.is(error) || vaultNotFound.is(error))) return false
    throw error
  }
}
