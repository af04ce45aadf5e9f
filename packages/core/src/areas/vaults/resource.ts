import { guarded, type Resource } from '../../operations/index.ts'

/** `see`: read the vault. `delete`: delete it. `govern`: manage its policies. */
export type VaultPermission = 'see' | 'delete' | 'govern'

/** A vault as a guarded resource. Callers who cannot see it get `vault_not_found`. */
export function vaultAt(vaultId: string): Resource<VaultPermission> {
  return guarded('vault', vaultId, { id: vaultId })
}
