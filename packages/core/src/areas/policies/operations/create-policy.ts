import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { type Context, fields, operation, type Principal } from '../../../operations/index.ts'
import { agentQuotaReached, type DirectoryEntry, directoryKind } from '../../orgs/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { equalPolicy, newPolicy, policyFrom } from '../new-policy.ts'
import { checkConditions, PolicyBody, patternField, policyBody, ruleFields } from '../schemas.ts'
import { grantAccessTool } from '../tools.ts'
import { checkTriggerActions } from '../trigger-actions.ts'

export const createPolicy = operation({
  name: 'policies.create',
  summary:
    'Create a policy that allows or denies permissions on paths of a vault. A policy of an agent for another principal waits until that principal accepts it.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/policies', status: 201, id: 'createPolicy', tag: 'Policies' },
  tools: [grantAccessTool],
  command: { flags: { secret_path_pattern: 'path', expires_at: 'expires e' } },
  effect: 'write',
  access: { permission: 'govern', resource: ({ vault_id }) => vaultAt(vault_id) },
  governed: [{ action: 'policy.create', vault: ({ vault_id }) => vault_id }],
  audit: {
    action: 'policy.create',
    resource: 'policy',
    about: (input, policy) => ({
      id: policy?.id,
      vault_id: input.vault_id,
      pattern: input.secret_path_pattern,
      principal: `${input.principal_type}:${input.principal_id}`,
      permissions: input.permissions,
      effect: input.effect,
      outcome: policy?.already_exists ? 'already_exists' : undefined,
    }),
  },
  input: z.object({
    vault_id: fields.id(),
    secret_path_pattern: patternField(),
    principal_type: z
      .enum(['user', 'agent'], 'must be user or agent')
      .describe('Whether the policy is for a user or an agent.'),
    principal_id: fields.id().describe('ID of the user or the agent.'),
    permissions: ruleFields.permissions,
    conditions: fields.optional(ruleFields.conditions),
    expires_at: fields.optional(ruleFields.expires_at),
    effect: fields.optional(ruleFields.effect),
    priority: fields.optional(ruleFields.priority),
    attribute_conditions: fields.optional(ruleFields.attribute_conditions),
    consensus_trigger: fields.optional(ruleFields.consensus_trigger),
    tx_conditions: fields.optional(ruleFields.tx_conditions),
    approval_id: fields.optional(ruleFields.approval_id),
    policy_schema_version: fields.optional(ruleFields.policy_schema_version),
    if_absent: fields
      .optional(z.boolean('must be true or false'))
      .describe('If true and an equal policy exists, create none and answer with that policy. Default: false.'),
  }),
  output: PolicyBody,
  errors: [vaultNotFound, agentQuotaReached],
  run: (context, input) => {
    checkConditions(input)
    checkTriggerActions(context, input.consensus_trigger)
    if (input.expires_at !== undefined && input.expires_at <= context.now) {
      throw invalidField('expires_at', 'must be in the future')
    }
    const principal: Principal = { kind: input.principal_type, id: input.principal_id }
    const entry = entryOf(context, principal)
    const equal = input.if_absent ? equalPolicy(context, policyFrom(context, principal, input)) : null
    if (equal) return { ...policyBody(equal), already_exists: true }
    // A commit checks no list. So of two equal calls at once, the put makes the second run again, and it finds the policy.
    if (input.if_absent) context.unit.put(directoryKind, entry)
    else context.unit.check(directoryKind, entry)
    return policyBody(newPolicy(context, principal, input))
  },
})

/**
 * The entry of the principal. Refuses an unknown principal and one of another organisation, because the policy could take effect
 * later unnoticed.
 */
function entryOf({ unit }: Context, { kind, id }: Principal): DirectoryEntry {
  const entry = unit.get(directoryKind, id)
  if (entry?.kind !== kind || entry.org !== unit.org) {
    throw invalidField('principal_id', `must be ${kind === 'user' ? 'a user' : 'an agent'} of this organisation`)
  }
  return entry
}
