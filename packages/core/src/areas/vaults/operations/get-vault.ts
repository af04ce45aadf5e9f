import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultNotFound } from '../errors.ts'
import { vaultKind } from '../records.ts'
import { vaultAt } from '../resource.ts'
import { VaultBody, vaultBody } from '../schemas.ts'

export const getVault = operation({
  name: 'vaults.get',
  summary: 'Get a vault.',
  http: { method: 'GET', path: '/v1/vaults/{vault_id}', status: 200, id: 'getVault', tag: 'Vaults' },
  effect: 'read',
  access: { permission: 'see', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'vault.read', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: VaultBody,
  errors: [vaultNotFound],
  run: ({ unit }, { vault_id }) => vaultBody(unit.require(vaultKind, vault_id, vaultNotFound)),
})
