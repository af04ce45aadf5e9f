import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { uuidPattern } from '../../../kernel/ids.ts'
import { among, cursorText, fields, operation, pageInput, pageOutput, placeIn } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { isPathPrefix, prefixShape } from '../path.ts'
import type { SecretEntry } from '../records.ts'
import { metadataBody, SecretMetadata } from '../schemas.ts'
import { describeSecretTool } from '../tools.ts'
import { liveSecrets, type Place, pageOfSecrets, pathAt } from '../walk.ts'

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
  delegable: true,
  audit: { action: 'secret.list', resource: 'vault', about: ({ vault_id, prefix }) => ({ id: vault_id, prefix }) },
  input: z.object({
    vault_id: fields.id(),
    prefix: fields
      .optional(z.string('must be a string').refine(isPathPrefix, 'must be a path prefix').meta(prefixShape))
      .describe('Only paths with this prefix, such as api-keys/.'),
    ...pageInput,
  }),
  output: z.object({ secrets: z.array(SecretMetadata), ...pageOutput }),
  errors: [vaultNotFound],
  run: (context, { vault_id, prefix = '', limit, cursor }) => {
    const after = cursor === undefined ? beginning : placeOf(cursor)
    const shown = (secrets: readonly SecretEntry[]) => secrets.map((secret) => metadataBody(secret, secret.newest))
    if (limit === undefined) {
      const { unit, reading } = context
      const start = pathAt(context, vault_id, after)
      const all = unit.waitFor(() => liveSecrets(() => reading(unit.org ?? undefined), vault_id, prefix, start))
      return { secrets: shown(among(context, 'secret', all, 'read')) }
    }
    const { found, rest } = pageOfSecrets(context, vault_id, { prefix, after, limit })
    return { secrets: shown(found), next_cursor: rest === null ? undefined : cursorText([rest.path, rest.id ?? '']) }
  },
})

const beginning: Place = { path: '', id: null }

function placeOf(cursor: string): Place {
  const [path, id] = placeIn(cursor)
  if (typeof path !== 'string' || !isPathPrefix(path) || typeof id !== 'string') {
    throw invalidField('cursor', 'must be the next_cursor of a previous answer')
  }
  return { path, id: uuidPattern.test(id) ? id : null }
}
