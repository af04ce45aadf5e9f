import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { secretNotDeleted, secretNotFound } from '../errors.ts'
import { purgeDeleted } from '../purge.ts'
import { secretRef } from '../schemas.ts'
import { findSecret } from '../secret.ts'

export const purgeSecret = operation({
  name: 'secrets.purge',
  summary: 'Destroy a deleted secret now. After that, nothing can restore it.',
  http: {
    method: 'POST',
    path: '/v1/vaults/{vault_id}/secret-purge/{path+}',
    status: 204,
    id: 'purgeSecret',
    tag: 'Secrets',
  },
  effect: 'write',
  access: { permission: 'delete', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: { action: 'secret.purge', resource: 'secret', about: ({ vault_id, path }) => ({ vault_id, path }) },
  input: z.object(secretRef),
  output: z.undefined(),
  errors: [vaultNotFound, secretNotFound, secretNotDeleted],
  run: (context, { vault_id, path }) => {
    const secret = findSecret(context, vault_id, path)
    if (secret.deletedAt === null) throw secretNotDeleted()
    context.waitForJob(purgeDeleted(context, secret))
    return undefined
  },
})
