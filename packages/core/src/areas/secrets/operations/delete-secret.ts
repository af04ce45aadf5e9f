import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { vaultNotFound } from '../../vaults/index.ts'
import { putDeleted } from '../changes.ts'
import { secretNotFound } from '../errors.ts'
import { secretAt } from '../resource.ts'
import { secretRef } from '../schemas.ts'
import { findSecret } from '../secret.ts'

export const deleteSecret = operation({
  name: 'secrets.delete',
  summary: 'Delete a secret with all its versions. An admin or the owner of the vault can restore it for a while.',
  http: {
    method: 'DELETE',
    path: '/v1/vaults/{vault_id}/secrets/{path+}',
    status: 204,
    id: 'deleteSecret',
    tag: 'Secrets',
  },
  tools: [{ name: 'delete_secret', summary: 'Delete a secret. An admin can restore it.' }],
  effect: 'write',
  access: { permission: 'delete', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  delegable: true,
  audit: { action: 'secret.delete', resource: 'secret', about: ({ vault_id, path }) => ({ vault_id, path }) },
  input: z.object(secretRef),
  output: z.undefined(),
  errors: [vaultNotFound, secretNotFound],
  run: (context, { vault_id, path }) => {
    const secret = findSecret(context, vault_id, path)
    if (secret.deletedAt !== null) throw secretNotFound()
    putDeleted(context.unit, secret, context.now)
    return undefined
  },
})
