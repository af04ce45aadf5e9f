import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { splitCustody } from '../custody.ts'
import { custodyNotConfigured, systemVault, vaultNotFound } from '../errors.ts'
import { changeProtection } from '../protection.ts'
import { isSystemVault, vaultKind } from '../records.ts'
import { vaultAt } from '../resource.ts'
import { custodyField, VaultBody, vaultBody } from '../schemas.ts'

export const enableCustody = operation({
  name: 'vaults.enableCustody',
  summary:
    'Split the data keys of new values. Each caller who stores a value gets the client share once. Reads need it.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/mpc', status: 200, id: 'enableMpc', tag: 'Vaults' },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: { action: 'vault.enable_custody', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id(), mpc_custody: custodyField() }),
  output: VaultBody,
  errors: [vaultNotFound, systemVault, custodyNotConfigured],
  run: ({ unit }, { vault_id, mpc_custody }) => {
    const vault = unit.require(vaultKind, vault_id, vaultNotFound)
    if (isSystemVault(vault)) throw systemVault()
    const changed = { ...vault, ...splitCustody(mpc_custody) }
    changeProtection(unit, changed)
    return vaultBody(changed)
  },
})
