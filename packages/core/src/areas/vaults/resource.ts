import { guarded, type Resource } from '../../operations/index.ts'

/** `see` a vault, `delete` it, or `govern` it: say who else may use it. */
export type VaultPermission = 'see' | 'delete' | 'govern'

/** A vault as a guarded resource. Callers who may not see it get `vault_not_found`. */
export function vaultAt(vaultId: string): Resource<VaultPermission> {
  return guarded('vault', vaultId, { id: vaultId })
}
