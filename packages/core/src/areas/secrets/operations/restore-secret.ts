import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { putChanged } from '../changes.ts'
import { secretNotDeleted, secretNotFound } from '../errors.ts'
import { metadataBody, SecretMetadata, secretRef } from '../schemas.ts'
import { findSecret } from '../secret.ts'

export const restoreSecret = operation({
  name: 'secrets.restore',
  summary:
    'Restore a deleted secret with its versions. Only the owner of the vault or an admin may do this, while the server keeps the secret.',
  http: {
    method: 'POST',
    path: '/v1/vaults/{vault_id}/secret-restore/{path+}',
    status: 200,
    id: 'restoreSecret',
    tag: 'Secrets',
  },
  effect: 'write',
  access: { permission: 'delete', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: {
    action: 'secret.restore',
    resource: 'secret',
    about: ({ vault_id, path }, secret) => ({ id: secret?.id, vault_id, path }),
  },
  input: z.object(secretRef),
  output: SecretMetadata,
  errors: [vaultNotFound, secretNotFound, secretNotDeleted],
  run: (context, { vault_id, path }) => {
    const secret = findSecret(context, vault_id, path)
    if (secret.deletedAt === null) throw secretNotDeleted()
    putChanged(context.unit, { ...secret, deletedAt: null }, true)
    return metadataBody(secret, secret.newest)
  },
})
