import * as z from 'zod'
import { limits } from '../../../kernel/limits.ts'
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
  delegable: true,
  audit: { action: 'vault.read', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  // A malformed ID names no vault. Published clients expect 404 for it (seed 000).
  input: z.object({ vault_id: fields.text(limits.nameCharactersMax).toLowerCase().meta({ format: 'uuid' }) }),
  output: VaultBody,
  errors: [vaultNotFound],
  run: ({ unit }, { vault_id }) => vaultBody(unit.require(vaultKind, vault_id, vaultNotFound)),
})
