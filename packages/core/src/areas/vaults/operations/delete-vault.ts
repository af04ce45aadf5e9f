import * as z from 'zod'
import { cascadeInUnit, fields, operation } from '../../../operations/index.ts'
import { giveVaultBack } from '../agent-quota.ts'
import { vaultNotFound } from '../errors.ts'
import { keyChangeKind, vaultKeysKind, vaultKind } from '../records.ts'
import { removeVaultJob } from '../remove.ts'
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
  errors: [vaultNotFound],
  run: (context, { vault_id: vaultId }) => {
    const { unit } = context
    const vault = unit.require(vaultKind, vaultId, vaultNotFound)
    const keys = unit.require(vaultKeysKind, vaultId, vaultNotFound)
    unit.delete(vaultKind, vault)
    giveVaultBack(unit, vault)
    // Whoever is writing a value into this vault depends on its keys, and finds them gone.
    unit.delete(vaultKeysKind, keys)
    const change = unit.get(keyChangeKind, vaultId)
    if (change) unit.delete(keyChangeKind, change)
    cascadeInUnit(context, 'removed', 'vault', vaultId)
    const { current, oldest, places = [] } = keys
    const removal = { org: unit.org ?? '', vaultId, current, oldest, places }
    context.waitForJob(context.jobs.stage(unit, removeVaultJob, removal))
    return undefined
  },
})
