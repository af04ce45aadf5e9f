import type { PawlError } from '../../kernel/errors.ts'
import { type Context, type Principal, policyGoverns } from '../../operations/index.ts'
import { agentKind, findAgentKeysVault } from '../agents/index.ts'
import { isFor, type Policy } from './policy.ts'
import { policyKind } from './records.ts'

/**
 * The refusal to remove a principal whose policy governs changes of the organisation, or null. Only policies in the vault of agent
 * keys count, because only owners and admins manage that vault. Otherwise a member could stop their own removal with a policy
 * in a vault of theirs.
 */
export function keepsRule({ unit, now }: Pick<Context, 'unit' | 'now'>, removed: Principal): PawlError | null {
  const vault = findAgentKeysVault(unit)
  const rules = vault ? unit.list(policyKind, 'governs', vault.id) : []
  const rule = rules.find((one) => (one.expiresAt === null || now < one.expiresAt) && endsWith({ unit }, one, removed))
  return rule ? policyGoverns({ policy_id: rule.id }) : null
}

/** A removed user takes along the agents that platform apps made for them. */
function endsWith({ unit }: Pick<Context, 'unit'>, policy: Policy, removed: Principal): boolean {
  if (isFor(policy, removed)) return true
  const { principal } = policy
  const agent = principal.kind === 'agent' && removed.kind === 'user' ? unit.get(agentKind, principal.id) : null
  return agent?.connection !== undefined && agent.createdBy.kind === 'user' && agent.createdBy.id === removed.id
}
