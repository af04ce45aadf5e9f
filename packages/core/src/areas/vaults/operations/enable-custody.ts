import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation, requireFeature, tierLimitReached } from '../../../operations/index.ts'
import { custodyOf, isInThree } from '../custody.ts'
import { custodyNotConfigured, systemVault, vaultNotFound } from '../errors.ts'
import { moveVault } from '../move-vault.ts'
import { changeProtection } from '../protection.ts'
import { isSystemVault, vaultKind } from '../records.ts'
import { vaultAt } from '../resource.ts'
import { custodyField, providersField, VaultBody, vaultBody } from '../schemas.ts'

export const enableCustody = operation({
  name: 'vaults.enableCustody',
  summary:
    'Split data keys. 2-of-2: each caller who stores a value gets the client share once. 2-of-3: between key stores.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/mpc', status: 200, id: 'enableMpc', tag: 'Vaults' },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id), signedIn: ['user'] },
  audit: {
    action: 'vault.enable_custody',
    resource: 'vault',
    about: ({ vault_id, mpc_custody }) => ({ id: vault_id, custody: mpc_custody }),
  },
  input: z.object({
    vault_id: fields.id(),
    mpc_custody: custodyField(),
    providers: fields.optional(providersField()),
  }),
  output: VaultBody,
  errors: [vaultNotFound, systemVault, custodyNotConfigured, tierLimitReached],
  run: (context, { vault_id, mpc_custody, providers }) => {
    const { unit } = context
    const vault = unit.require(vaultKind, vault_id, vaultNotFound)
    if (isSystemVault(vault)) throw systemVault()
    const { keyStores, isSplit } = custodyOf(context, mpc_custody, providers)
    if (keyStores) requireFeature(context, 'key_stores')
    if (keyStores) return vaultBody(moveVault(context, { ...vault, isSplit: undefined }, keyStores))
    if (isInThree(vault)) {
      throw invalidField('mpc_custody', 'must be 2-of-3 while three key stores have the keys. Move them to one first')
    }
    const changed = { ...vault, isSplit }
    changeProtection(unit, changed)
    return vaultBody(changed)
  },
})
