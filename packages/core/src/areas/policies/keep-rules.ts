import type { PawlError } from '../../kernel/errors.ts'
import { type Context, type Principal, policyGoverns } from '../../operations/index.ts'
import { agentKind, findAgentKeysVault } from '../agents/index.ts'
import { isFor, type Policy } from './policy.ts'
import { policyKind } from './records.ts'

// Rules about changes of the organisation are policies in the vault of agent keys, because only owners and admins manage that
// vault. A rule in another vault is about that vault alone, and keeps nothing: otherwise a member could stop their own removal.

/** The refusal to remove a principal that a rule is for, or null. */
export function keepsRule(context: Pick<Context, 'unit' | 'now'>, removed: Principal): PawlError | null {
  return refusalFor(rulesOf(context).find((rule) => endsWith(context, rule, removed)))
}

/** The refusal to remove the vault with the rules, or null. */
export function keepsRules(context: Pick<Context, 'unit' | 'now'>, vaultId: string): PawlError | null {
  return refusalFor(rulesOf(context).find((rule) => rule.vaultId === vaultId))
}

function rulesOf({ unit, now }: Pick<Context, 'unit' | 'now'>): readonly Policy[] {
  const vault = findAgentKeysVault(unit)
  const rules = vault ? unit.list(policyKind, 'governs', vault.id) : []
  return rules.filter(({ expiresAt }) => expiresAt === null || now < expiresAt)
}

function refusalFor(rule: Policy | undefined): PawlError | null {
  return rule ? policyGoverns({ policy_id: rule.id }) : null
}

/** A removed user takes along the agents that platform apps made for them. */
function endsWith({ unit }: Pick<Context, 'unit'>, policy: Policy, removed: Principal): boolean {
  if (isFor(policy, removed)) return true
  const { principal } = policy
  const agent = principal.kind === 'agent' && removed.kind === 'user' ? unit.get(agentKind, principal.id) : null
  return agent?.connection !== undefined && agent.createdBy.kind === 'user' && agent.createdBy.id === removed.id
}
