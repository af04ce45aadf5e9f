import * as z from 'zod'
import { invalidInput } from '../../kernel/errors.ts'
import { globShape, parseGlob } from '../../kernel/globs.ts'
import type { Json } from '../../kernel/json.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { attributeConditionProblems, conditionProblems } from './conditions.ts'
import { isWaiting, type Policy, permissions } from './policy.ts'
import { attributeConditionsShape, conditionsShape, permissionShape } from './shapes.ts'

const object = () => fields.freeObject(16 * 1024)

/** What may be said about a policy when it is made, and changed later. */
export const ruleFields = {
  permissions: z
    .array(z.enum(permissions, `must be one of ${permissions.join(', ')}`).meta(permissionShape), 'must be a list')
    .min(1, 'must have at least one permission')
    .max(16, 'must have at most 16 entries')
    .describe('Permissions of the policy. Write includes delete and rotate.'),
  conditions: object().meta(conditionsShape),
  expires_at: fields.time().describe('When the policy expires. Default: never.'),
  effect: z
    .enum(['allow', 'deny'], 'must be allow or deny')
    .describe('Whether the policy allows or denies. Default: allow.'),
  priority: fields.count(1_000_000).describe('The policy with the highest priority decides. Default: 0.'),
  attribute_conditions: object().meta(attributeConditionsShape),
  consensus_trigger: object().describe(
    'Who must agree before an agent signs with a key at these paths. It does not affect access to secrets.',
  ),
  tx_conditions: object().describe('Stored and returned. It does not affect access to secrets.'),
  approval_id: fields
    .id()
    .describe('ID of an executed pending approval, if a consensus_trigger governs changes of policies. It is stored.'),
  policy_schema_version: fields.count(100).describe('Stored and returned. It has no effect.'),
}

export function patternField() {
  return z
    .string('must be a string')
    .transform((given, context) => {
      const glob = parseGlob(given)
      if ('pattern' in glob) return glob.pattern
      context.addIssue(glob.problem)
      return z.NEVER
    })
    .meta(globShape)
    .describe('Path pattern. * matches within one segment, ** matches any number of segments.')
}

/** Conditions must have known names and make sense, so that a slip of the pen does not close or open a vault. */
export function checkConditions(given: { conditions?: unknown; attribute_conditions?: unknown }): void {
  const problems = {
    ...(given.conditions ? conditionProblems(given.conditions) : {}),
    ...(given.attribute_conditions ? attributeConditionProblems(given.attribute_conditions) : {}),
  }
  if (Object.keys(problems).length > 0) throw invalidInput({ fields: problems })
}

export const PolicyBody = z
  .object({
    id: fields.id(),
    vault_id: fields.id(),
    secret_path_pattern: z.string(),
    principal_type: z.enum(['user', 'agent']),
    principal_id: fields.id(),
    permissions: z.array(z.enum(permissions).meta(permissionShape)),
    conditions: fields.shownObject().meta(conditionsShape),
    expires_at: fields.shownTime().optional(),
    created_by: z.string(),
    created_by_type: z.string(),
    created_at: fields.shownTime(),
    effect: z.enum(['allow', 'deny']).optional(),
    priority: fields.count().optional(),
    attribute_conditions: fields.shownObject().meta(attributeConditionsShape).optional(),
    consensus_trigger: fields.shownObject().optional(),
    tx_conditions: fields.shownObject().optional(),
    approval_id: fields.id().optional(),
    policy_schema_version: fields.count().optional(),
    is_accepted: z.boolean().optional().describe('False while a policy of an agent waits for its principal.'),
    already_exists: z
      .boolean()
      .optional()
      .describe('True if the answer is a policy that existed before this call. Otherwise absent.'),
  })
  .meta({ id: 'Policy' })

export type PolicyBody = z.infer<typeof PolicyBody>

/** Newer fields are left out while they say nothing: a strict client of the older contract knows none of them. */
export function policyBody(policy: Policy): PolicyBody {
  const { attributeConditions, consensusTrigger, txConditions } = policy
  return {
    id: policy.id,
    vault_id: policy.vaultId,
    secret_path_pattern: policy.pattern,
    principal_type: policy.principal.kind,
    principal_id: policy.principal.id,
    permissions: [...policy.permissions],
    conditions: policy.conditions,
    expires_at: policy.expiresAt === null ? undefined : rfc3339(policy.expiresAt),
    created_by: policy.createdBy.id,
    created_by_type: policy.createdBy.kind,
    created_at: rfc3339(policy.createdAt),
    effect: policy.effect === 'allow' ? undefined : policy.effect,
    priority: policy.priority === 0 ? undefined : policy.priority,
    attribute_conditions: attributeConditions,
    consensus_trigger: consensusTrigger as Readonly<Record<string, Json>> | undefined,
    tx_conditions: txConditions as Readonly<Record<string, Json>> | undefined,
    approval_id: policy.approvalId,
    policy_schema_version: policy.schemaVersion === 1 ? undefined : policy.schemaVersion,
    is_accepted: isWaiting(policy) ? false : undefined,
  }
}
