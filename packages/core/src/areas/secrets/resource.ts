import { guarded, type Resource } from '../../operations/index.ts'

/** The permissions on the path of a secret. */
export type SecretPermission = 'read' | 'write' | 'delete' | 'rotate'

/** The vault and the path of a secret. */
export interface SecretKey {
  readonly vaultId: string
  readonly path: string
}

/** The path of a secret as a guarded resource. The secret need not exist. */
export function secretAt(vaultId: string, path: string): Resource<SecretPermission> {
  return guarded('secret', { vaultId, path } satisfies SecretKey, { vault_id: vaultId, path })
}
