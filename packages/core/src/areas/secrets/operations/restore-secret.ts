import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { secretNotFound } from '../errors.ts'
import { secretKind } from '../records.ts'
import { metadataBody, SecretMetadata, secretRef } from '../schemas.ts'
import { findSecret } from '../secret.ts'

/** The contract has no route for this, so it is for operators inside the process only. */
export const restoreSecret = operation({
  name: 'secrets.restore',
  summary: 'Restore a deleted secret with all its versions.',
  effect: 'write',
  access: { permission: 'delete', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: {
    action: 'secret.restore',
    resource: 'secret',
    about: ({ vault_id, path }, secret) => ({ id: secret?.id, vault_id, path }),
  },
  input: z.object(secretRef),
  output: SecretMetadata,
  errors: [vaultNotFound, secretNotFound],
  run: (context, { vault_id, path }) => {
    const secret = findSecret(context, vault_id, path)
    if (secret.deletedAt !== null) context.unit.put(secretKind, { ...secret, deletedAt: null })
    return metadataBody(secret, secret.newest)
  },
})
