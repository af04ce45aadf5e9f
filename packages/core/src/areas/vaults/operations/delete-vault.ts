import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultAt } from '../../policies/index.ts'
import { vaultNotFound } from '../errors.ts'
import { vaultKeysKind, vaultKind } from '../records.ts'
import { purgeVaultJob } from './purge-vault.ts'

export const deleteVault = operation({
  name: 'vaults.delete',
  summary: 'Delete a vault: its keys are destroyed, and with them everything in it.',
  http: { method: 'DELETE', path: '/v1/vaults/{vault_id}', status: 204, id: 'deleteVault', tag: 'Vaults' },
  effect: 'write',
  access: { permission: 'delete', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'vault.delete', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: z.undefined(),
  errors: [vaultNotFound],
  run: async (context, { vault_id: vaultId }) => {
    const { engine, unit } = context
    const vault = await unit.require(vaultKind, vaultId, vaultNotFound)
    const keys = await unit.require(vaultKeysKind, vaultId, vaultNotFound)
    unit.delete(vaultKind, vault)
    // Whoever is writing a value into this vault depends on its keys, and finds them gone.
    unit.delete(vaultKeysKind, keys)
    const purge = { org: unit.org ?? '', vaultId, current: keys.current }
    context.waitForJob(engine.jobs.stage(unit, purgeVaultJob, purge))
    return undefined
  },
})
