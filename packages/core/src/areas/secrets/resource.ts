import { guarded, type Resource } from '../../operations/index.ts'

/** What a caller may need on the path of a secret. */
export type SecretPermission = 'read' | 'write' | 'delete' | 'rotate'

/** What names the path of a secret. */
export interface SecretKey {
  readonly vaultId: string
  readonly path: string
}

/** The path of a secret as a guarded resource, whether or not there is a secret at it. */
export function secretAt(vaultId: string, path: string): Resource<SecretPermission> {
  return guarded('secret', { vaultId, path } satisfies SecretKey, { vault_id: vaultId, path })
}
