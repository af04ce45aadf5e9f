import * as z from 'zod'
import { among, fields, operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { isPathPrefix, prefixShape } from '../path.ts'
import { metadataBody, SecretMetadata } from '../schemas.ts'
import { describeSecretTool } from '../tools.ts'
import { liveSecrets } from '../walk.ts'

export const listSecrets = operation({
  name: 'secrets.list',
  summary: 'List the secrets of a vault that the caller may read, without their values.',
  http: { method: 'GET', path: '/v1/vaults/{vault_id}/secrets', status: 200, id: 'listSecrets', tag: 'Secrets' },
  tools: [
    {
      name: 'list_secrets',
      summary: 'List the secrets that you can see: paths, types and versions, but no values.',
      input: z.object({
        prefix: z
          .string('must be a string')
          .optional()
          .meta({ description: 'Only paths with this prefix, such as api-keys/.' }),
      }),
    },
    describeSecretTool,
  ],
  command: { columns: ['path', 'type', 'version', 'created_at', 'expires_at'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'secret.list', resource: 'vault', about: ({ vault_id, prefix }) => ({ id: vault_id, prefix }) },
  input: z.object({
    vault_id: fields.id(),
    prefix: fields
      .optional(z.string('must be a string').refine(isPathPrefix, 'must be a path prefix').meta(prefixShape))
      .describe('Only paths with this prefix, such as api-keys/.'),
  }),
  output: z.object({ secrets: z.array(SecretMetadata) }),
  errors: [vaultNotFound],
  run: (context, { vault_id, prefix = '' }) => {
    const { unit, reading } = context
    const all = unit.waitFor(() => liveSecrets(() => reading(unit.org ?? undefined), vault_id, prefix))
    return { secrets: among(context, 'secret', all, 'read').map((secret) => metadataBody(secret, secret.newest)) }
  },
})
