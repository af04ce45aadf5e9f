import * as z from 'zod'
import { fields, operation, policyGoverns } from '../../../operations/index.ts'
import { vaultNotFound } from '../errors.ts'
import { vaultKind } from '../records.ts'
import { removeVault } from '../remove.ts'
import { vaultAt } from '../resource.ts'

export const deleteVault = operation({
  name: 'vaults.delete',
  summary: 'Delete a vault. This destroys its keys and everything in it.',
  http: { method: 'DELETE', path: '/v1/vaults/{vault_id}', status: 204, id: 'deleteVault', tag: 'Vaults' },
  effect: 'write',
  access: { permission: 'delete', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'vault.delete', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: z.undefined(),
  errors: [vaultNotFound, policyGoverns],
  run: (context, { vault_id: vaultId }) => {
    context.waitForJob(removeVault(context, context.unit.require(vaultKind, vaultId, vaultNotFound)))
    return undefined
  },
})
