import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { vaultNotFound } from '../../vaults/index.ts'
import { secretGone, secretNotFound } from '../errors.ts'
import { secretAt } from '../resource.ts'
import { metadataBody, SecretMetadata, secretRef } from '../schemas.ts'
import { findLiveSecret, requireVersion } from '../secret.ts'

export const listSecretVersions = operation({
  name: 'secrets.listVersions',
  summary: 'List the versions of a secret, newest first, without their values.',
  http: {
    method: 'GET',
    path: '/v1/vaults/{vault_id}/secret-versions/{path+}',
    status: 200,
    id: 'listSecretVersions',
    tag: 'Secrets',
  },
  tools: [{ name: 'list_versions', summary: 'List the versions of a secret, newest first, without their values.' }],
  command: { name: 'secret versions', columns: ['version', 'type', 'created_at', 'expires_at', 'is_disabled'] },
  effect: 'read',
  access: { permission: 'read', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  delegable: true,
  audit: {
    action: 'secret.list_versions',
    resource: 'secret',
    about: ({ vault_id, path }) => ({ vault_id, path }),
  },
  input: z.object(secretRef),
  output: z.object({ versions: z.array(SecretMetadata) }),
  errors: [vaultNotFound, secretNotFound, secretGone],
  run: (context, { vault_id, path }) => {
    const secret = findLiveSecret(context, vault_id, path)
    const versions: SecretMetadata[] = []
    for (let number = secret.newest.number; number >= secret.firstVersion; number--) {
      const version = requireVersion(context, secret, number)
      versions.push({ ...metadataBody(secret, version), is_disabled: version.isDisabled ? true : undefined })
    }
    return { versions }
  },
})
