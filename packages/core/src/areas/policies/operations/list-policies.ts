import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { policyKind } from '../records.ts'
import { PolicyBody, policyBody } from '../schemas.ts'

export const listPolicies = operation({
  name: 'policies.list',
  summary: 'List the policies of a vault.',
  http: { method: 'GET', path: '/v1/vaults/{vault_id}/policies', status: 200, id: 'listPolicies', tag: 'Policies' },
  command: { columns: ['secret_path_pattern', 'permissions', 'effect', 'principal_id', 'id'] },
  effect: 'read',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: { action: 'policy.list', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
  input: z.object({ vault_id: fields.id() }),
  output: z.object({ policies: z.array(PolicyBody) }),
  errors: [vaultNotFound],
  run: ({ unit }, { vault_id }) => ({
    policies: unit.list(policyKind, 'vault', vault_id).map(policyBody),
  }),
})
