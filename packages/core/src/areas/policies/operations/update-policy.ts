import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { policyNotFound } from '../errors.ts'
import { findPolicy, policyPlace } from '../find-policy.ts'
import type { Policy } from '../policy.ts'
import { policyKind } from '../records.ts'
import { checkConditions, PolicyBody, policyBody, ruleFields } from '../schemas.ts'

const input = z.object({
  ...policyPlace,
  permissions: fields.optional(ruleFields.permissions),
  conditions: fields.clearable(ruleFields.conditions),
  expires_at: fields.clearable(ruleFields.expires_at),
  effect: fields.optional(ruleFields.effect),
  if_effect: fields
    .optional(ruleFields.effect)
    .describe('Changes the policy only if it has this effect. Clients of contract 2.6 send allow.'),
  priority: fields.optional(ruleFields.priority),
  attribute_conditions: fields.clearable(ruleFields.attribute_conditions),
  consensus_trigger: fields.clearable(ruleFields.consensus_trigger),
  tx_conditions: fields.clearable(ruleFields.tx_conditions),
  approval_id: fields.clearable(ruleFields.approval_id),
})

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
  audit: {
    action: 'policy.update',
    resource: 'policy',
    about: ({ vault_id, policy_id, permissions, effect }) => ({ id: policy_id, vault_id, permissions, effect }),
  },
  input,
  output: PolicyBody,
  errors: [vaultNotFound, policyNotFound],
  run: (context, given) => {
    checkConditions(given)
    const before = findPolicy(context, given)
    if (given.if_effect !== undefined && given.if_effect !== before.effect) return policyBody(before)
    const policy = changed(before, given)
    context.unit.put(policyKind, policy)
    return policyBody(policy)
  },
})

/** Only what was named changes; null clears. */
function changed(policy: Policy, given: z.output<typeof input>): Policy {
  const or = <T>(value: T | null | undefined, before: T, cleared: T): T =>
    value === undefined ? before : value === null ? cleared : value
  return {
    ...policy,
    permissions: given.permissions ?? policy.permissions,
    effect: given.effect ?? policy.effect,
    priority: given.priority ?? policy.priority,
    conditions: or(given.conditions, policy.conditions, {}),
    expiresAt: or<number | null>(given.expires_at, policy.expiresAt, null),
    attributeConditions: or(given.attribute_conditions, policy.attributeConditions, undefined),
    consensusTrigger: or(given.consensus_trigger, policy.consensusTrigger, undefined),
    txConditions: or(given.tx_conditions, policy.txConditions, undefined),
    approvalId: or(given.approval_id, policy.approvalId, undefined),
  }
}
