import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { changedPolicy, changeFields } from '../changed-policy.ts'
import { policyNotFound } from '../errors.ts'
import { findPolicy, policyPlace } from '../find-policy.ts'
import { changePolicy } from '../past.ts'
import { checkConditions, PolicyBody, policyBody, ruleFields } from '../schemas.ts'
import { checkTriggerActions } from '../trigger-actions.ts'

export const updatePolicy = operation({
  name: 'policies.update',
  summary: 'Update a policy. Its path pattern and its principal cannot change.',
  http: {
    method: 'PUT',
    path: '/v1/vaults/{vault_id}/policies/{policy_id}',
    status: 200,
    id: 'updatePolicy',
    tag: 'Policies',
  },
  command: { flags: { expires_at: 'expires e' } },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  governed: [{ action: 'policy.update', vault: ({ vault_id }) => vault_id }],
  audit: {
    action: 'policy.update',
    resource: 'policy',
    about: ({ vault_id, policy_id, permissions, effect }) => ({ id: policy_id, vault_id, permissions, effect }),
  },
  input: z.object({
    ...policyPlace,
    ...changeFields,
    if_effect: fields
      .optional(ruleFields.effect)
      .describe('Changes the policy only if it has this effect. Clients of contract 2.6 send allow.'),
  }),
  output: PolicyBody,
  errors: [vaultNotFound, policyNotFound],
  run: (context, given) => {
    checkConditions(given)
    checkTriggerActions(context, given.consensus_trigger)
    const before = findPolicy(context, given)
    if (given.if_effect !== undefined && given.if_effect !== before.effect) return policyBody(before)
    const policy = changedPolicy(before, given)
    changePolicy(context.unit, before, policy, context.now)
    return policyBody(policy)
  },
})
