import * as z from 'zod'
import { agreementField, operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { policyNotFound } from '../errors.ts'
import { findPolicy, policyPlace } from '../find-policy.ts'
import { keepPast } from '../past.ts'
import { policyKind } from '../records.ts'

export const deletePolicy = operation({
  name: 'policies.delete',
  summary: 'Delete a policy. Tokens in use lose its permissions at once.',
  http: {
    method: 'DELETE',
    path: '/v1/vaults/{vault_id}/policies/{policy_id}',
    status: 204,
    id: 'deletePolicy',
    tag: 'Policies',
  },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  governed: [{ action: 'policy.delete', vault: ({ vault_id }) => vault_id }],
  audit: {
    action: 'policy.delete',
    resource: 'policy',
    about: ({ vault_id, policy_id }) => ({ id: policy_id, vault_id }),
  },
  input: z.object({ ...policyPlace, approval_id: agreementField() }),
  output: z.undefined(),
  errors: [vaultNotFound, policyNotFound],
  run: (context, place) => {
    const policy = findPolicy(context, place)
    keepPast(context.unit, policy, context.now)
    context.unit.delete(policyKind, policy)
    return undefined
  },
})
