import { canonicalJson } from '../../kernel/json.ts'
import { type Context, type Principal, principalOf, signedIn } from '../../operations/index.ts'
import { agentPolicies } from './agent-quota.ts'
import { isExpired, isWaiting, type Policy } from './policy.ts'
import { policyKind } from './records.ts'

/** What a new policy says. The caller must manage the vault. */
export interface WantedPolicy {
  readonly vault_id: string
  readonly secret_path_pattern: string
  readonly permissions: Policy['permissions']
  readonly effect?: Policy['effect'] | undefined
  readonly priority?: number | undefined
  readonly conditions?: Policy['conditions'] | undefined
  readonly attribute_conditions?: Policy['attributeConditions']
  readonly consensus_trigger?: Policy['consensusTrigger']
  readonly tx_conditions?: Policy['txConditions']
  readonly approval_id?: Policy['approvalId']
  readonly policy_schema_version?: Policy['schemaVersion']
  readonly expires_at?: number | undefined
}

/** Stages a policy for a principal of the organisation. */
export function newPolicy(context: Context, principal: Principal, wanted: WantedPolicy): Policy {
  const policy = policyFrom(context, principal, wanted)
  if (policy.createdBy.kind === 'agent') agentPolicies.take(context, policy.createdBy.id, policy.id)
  context.unit.put(policyKind, policy)
  return policy
}

/** The policy as it would be stored. */
export function policyFrom(context: Context, principal: Principal, wanted: WantedPolicy): Policy {
  return {
    id: context.newId(),
    vaultId: wanted.vault_id,
    pattern: wanted.secret_path_pattern,
    principal,
    permissions: wanted.permissions,
    effect: wanted.effect ?? 'allow',
    priority: wanted.priority ?? 0,
    conditions: wanted.conditions ?? {},
    attributeConditions: wanted.attribute_conditions,
    consensusTrigger: wanted.consensus_trigger,
    txConditions: wanted.tx_conditions,
    approvalId: wanted.approval_id,
    schemaVersion: wanted.policy_schema_version,
    expiresAt: wanted.expires_at ?? null,
    ...(waitsFor(context, principal) && { isPending: true }),
    createdBy: principalOf(signedIn(context)),
    createdAt: context.now,
  }
}

/** A policy that is in force, or that waits as the wanted one would, and that says the same. */
export function equalPolicy({ unit, now }: Context, wanted: Policy): Policy | null {
  const { principal, vaultId } = wanted
  const meaning = meaningOf(wanted)
  const isEqual = (one: Policy) =>
    meaningOf(one) === meaning && !isExpired(one, now) && (isWaiting(wanted) || !isWaiting(one))
  return unit.list(policyKind, 'principal', principal.kind, principal.id, vaultId).find(isEqual) ?? null
}

/** What a policy says, whoever created it and when. */
function meaningOf({ id, createdBy, createdAt, isPending, permissions, ...rest }: Policy): string {
  return canonicalJson({ ...rest, permissions: [...new Set(permissions)].sort() })
}

/** An agent cannot make others see and use its vault (M1). */
function waitsFor(context: Context, { kind, id }: Principal): boolean {
  const caller = signedIn(context)
  return caller.kind === 'agent' && !(kind === 'agent' && id === caller.id)
}
