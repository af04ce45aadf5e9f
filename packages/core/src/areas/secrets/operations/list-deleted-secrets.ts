import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { serverSetting } from '../../settings/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import type { SecretEntry } from '../records.ts'
import { secretsUnder } from '../walk.ts'

const DeletedSecret = z
  .object({
    id: fields.id(),
    path: z.string(),
    type: z.string(),
    version: fields.count(),
    deleted_at: fields.shownTime(),
    purged_at: fields.shownTime(),
  })
  .meta({ id: 'DeletedSecret' })

export const listDeletedSecrets = operation({
  name: 'secrets.listDeleted',
  summary: 'List the deleted secrets of a vault that can still be restored, and when the server destroys each.',
  http: {
    method: 'GET',
    path: '/v1/vaults/{vault_id}/deleted-secrets',
    status: 200,
    id: 'listDeletedSecrets',
    tag: 'Secrets',
  },
  command: { name: 'secret trash', columns: ['path', 'type', 'version', 'deleted_at', 'purged_at'] },
  effect: 'read',
  access: { permission: 'delete', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: { action: 'secret.list_deleted', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: z.object({ secrets: z.array(DeletedSecret) }),
  errors: [vaultNotFound],
  run: (context, { vault_id }) => ({
    secrets: context.unit
      .waitFor(() => deletedSecrets(() => context.reading(context.unit.org ?? undefined), vault_id))
      .map(({ id, path, newest, deletedAt }) => ({
        id,
        path,
        type: newest.type,
        version: newest.number,
        deleted_at: rfc3339(deletedAt),
        purged_at: rfc3339(deletedAt + serverSetting(context, 'keepDeletedMs')),
      })),
  }),
})

async function deletedSecrets(reading: Parameters<typeof secretsUnder>[0], vaultId: string) {
  const deleted: (SecretEntry & { deletedAt: number })[] = []
  for await (const secret of secretsUnder(reading, vaultId)) {
    const { deletedAt } = secret
    if (deletedAt !== null) deleted.push({ ...secret, deletedAt })
  }
  return deleted
}
