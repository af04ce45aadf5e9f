import type * as z from 'zod'
import { fields } from '../../operations/index.ts'
import type { Policy } from './policy.ts'
import { ruleFields } from './schemas.ts'

/** What can change about a policy. Null clears what may be missing. */
export const changeFields = {
  permissions: fields.optional(ruleFields.permissions),
  conditions: fields.clearable(ruleFields.conditions),
  expires_at: fields.clearable(ruleFields.expires_at),
  effect: fields.optional(ruleFields.effect),
  priority: fields.optional(ruleFields.priority),
  attribute_conditions: fields.clearable(ruleFields.attribute_conditions),
  consensus_trigger: fields.clearable(ruleFields.consensus_trigger),
  tx_conditions: fields.clearable(ruleFields.tx_conditions),
  approval_id: fields.clearable(ruleFields.approval_id),
}

type Change = z.output<z.ZodObject<typeof changeFields>>

/** Only what was named changes; null clears. */
export function changedPolicy(policy: Policy, given: Change): Policy {
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
