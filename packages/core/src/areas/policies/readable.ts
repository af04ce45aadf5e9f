import { compileGlob } from '../../kernel/globs.ts'
import { madeOnce } from '../../kernel/maps.ts'
import type { Reads } from '../../records/index.ts'
import type { Agent } from '../agents/index.ts'
import { owns, vaultKind } from '../vaults/index.ts'
import { pathScopes } from './access.ts'
import { compilePolicies } from './decide.ts'
import { isWaiting, type Policy } from './policy.ts'
import { policyKind } from './records.ts'

/** What an agent can read in one vault, at some time and from somewhere. */
export interface Readable {
  readonly vaultId: string
  /** Differs when the rules differ. */
  readonly key: string
  covers(path: string): boolean
}

type Reader = Pick<Agent, 'id' | 'scopes' | 'vaultIds'>

/**
 * The vaults of which an agent can read something. Conditions and times are left out: what an agent could read an hour ago,
 * or from another address, it may still hold. So this decides about nothing but what is searched for.
 */
export function readableBy(unit: Reads, agent: Reader): Readable[] {
  const principal = { kind: 'agent', id: agent.id } as const
  const byVault = new Map<string, Policy[]>()
  for (const policy of unit.list(policyKind, 'principal', 'agent', agent.id)) {
    madeOnce(byVault, policy.vaultId, () => []).push(policy)
  }
  const owned = unit.list(vaultKind, 'creator', 'agent', agent.id).map(({ id }) => id)
  const vaultIds = [...new Set([...owned, ...byVault.keys()])].sort()
  return vaultIds.flatMap((vaultId): Readable[] => {
    const vault = unit.get(vaultKind, vaultId)
    if (!vault) return []
    if (owns(principal, vault)) return [{ vaultId, key: 'owner', covers: () => true }]
    const isBoundElsewhere = agent.vaultIds.length > 0 && !agent.vaultIds.includes(vaultId)
    return isBoundElsewhere ? [] : [byPolicies(agent, vaultId, byVault.get(vaultId) ?? [])]
  })
}

function byPolicies({ id, scopes }: Reader, vaultId: string, policies: readonly Policy[]): Readable {
  const standing = policies.filter(isStanding).map((policy) => ({
    ...policy,
    conditions: {},
    attributeConditions: {},
    expiresAt: null,
  }))
  const compiled = compilePolicies(standing)
  const scoped = pathScopes(scopes)
  const facts = { principal: { kind: 'agent', id }, permission: 'read', now: 0, ip: null, environment: null } as const
  return {
    vaultId,
    key: JSON.stringify([scoped, standing.map((one) => [one.pattern, one.permissions, one.effect, one.priority])]),
    covers: (path) =>
      (scoped.length === 0 || scoped.some((scope) => compileGlob(scope)?.matches(path))) &&
      compiled.decide({ ...facts, path, role: null, authMethod: 'api_key', risk: null }).allowed,
  }
}

/** A refusal that is not always in force leaves something to read. */
function isStanding(policy: Policy): boolean {
  if (policy.effect === 'allow') return !isWaiting(policy)
  const conditions = { ...policy.conditions, ...policy.attributeConditions }
  return policy.expiresAt === null && Object.keys(conditions).length === 0
}
