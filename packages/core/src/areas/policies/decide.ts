import { globSegments } from '../../kernel/globs.ts'
import { madeOnce } from '../../kernel/maps.ts'
import type { Facts } from './condition.ts'
import { asksRisk, type Condition, compileConditions, conditionsMet } from './conditions.ts'
import { bestCovering, PathNode, Place, unranked } from './path-tree.ts'
import {
  isExpired,
  isWaiting,
  type Need,
  outranks,
  type Permission,
  type Policy,
  type PrincipalRef,
  speaksOn,
} from './policy.ts'

export type { Need, Permission } from './policy.ts'

/** What is asked, about one secret of one vault. The path is in its canonical form. */
export interface DecisionRequest extends Facts {
  readonly path: string
  readonly permission: Need
  readonly principal: PrincipalRef
}

export interface Decision {
  readonly allowed: boolean
  /** The policy that decided, or null when none applied. */
  readonly policy: Policy | null
  readonly reason: 'allowed_by_policy' | 'denied_by_policy' | 'no_policy_applies'
}

/** The policies of one vault, ready to decide. */
export interface CompiledPolicies {
  /** Whether a condition needs the fact `risk`. */
  readonly asksRisk: boolean
  /** Of the policies that apply the highest decides; where none applies, the answer is no. */
  decide(request: DecisionRequest): Decision
  /** The same for all paths and permissions at once, to walk along a tree of paths. */
  ranks(request: Omit<DecisionRequest, 'path' | 'permission'>): RankedPolicies
}

/** The answers for one principal. A rank is the place of a policy in `policies`. */
export interface RankedPolicies {
  readonly policies: readonly Policy[]
  /** Before the first segment of all paths. A number: the rank for every path. */
  readonly places: Readonly<Record<Permission, Place<unknown> | number>>
}

/** Compiles the policies of one vault, so that a decision takes as long among many of them as among few. */
export function compilePolicies(policies: readonly Policy[]): CompiledPolicies {
  const compiled = { user: compileAll(policies, 'user'), agent: compileAll(policies, 'agent') }
  return {
    asksRisk: policies.some(asksRisk),
    decide: (request) => compiled[request.principal.kind].get(request.principal.id)?.decide(request) ?? noneApplies,
    ranks: (request) => compiled[request.principal.kind].get(request.principal.id)?.ranks(request) ?? noRanks,
  }
}

/** By the id of the principal. */
function compileAll(policies: readonly Policy[], kind: PrincipalRef['kind']): Map<string, PrincipalPolicies> {
  const byId = new Map<string, Policy[]>()
  for (const policy of policies) {
    const { principal } = policy
    if (principal.kind === kind && !isWaiting(policy)) madeOnce(byId, principal.id, () => []).push(policy)
  }
  return new Map([...byId].map(([id, own]) => [id, new PrincipalPolicies(own)]))
}

export function decisionOf(policy: Policy | null): Decision {
  if (policy === null) return noneApplies
  if (policy.effect === 'allow') return { allowed: true, policy, reason: 'allowed_by_policy' }
  return { allowed: false, policy, reason: 'denied_by_policy' }
}

const noRanks: RankedPolicies = {
  policies: [],
  places: { read: unranked, write: unranked, delete: unranked, rotate: unranked },
}

const noneApplies: Decision = Object.freeze({ allowed: false, policy: null, reason: 'no_policy_applies' })

/** The policies of one principal. The rank of a policy is its place among them: of two that apply, the lower decides. */
class PrincipalPolicies {
  readonly #ranked: readonly Policy[]
  readonly #rules: readonly Rule[]
  /** Each is made for its first decision, since most agents only read. */
  readonly #trees: Partial<Record<Permission, PathNode<Rule[]>>> = {}

  constructor(policies: readonly Policy[]) {
    // Sorting is stable, so of two that do not outrank each other the first stays first.
    this.#ranked = policies.toSorted((one, other) => (outranks(one, other) ? -1 : outranks(other, one) ? 1 : 0))
    this.#rules = rulesOf(this.#ranked)
  }

  decide(request: DecisionRequest): Decision {
    const tree = this.#treeFor(request.permission)
    const rank = bestCovering(tree, request.path, (rules, bound) => this.#bestOf(rules, bound, request))
    return decisionOf(this.#ranked[rank] ?? null)
  }

  ranks(facts: Facts): RankedPolicies {
    const judge = (rules: Rule[], bound: number) => this.#bestOf(rules, bound, facts)
    const place = (permission: Permission) => Place.at(this.#treeFor(permission), judge) as Place<unknown>
    const [read, write, remove, rotate] = [place('read'), place('write'), place('delete'), place('rotate')]
    return { policies: this.#ranked, places: { read, write, delete: remove, rotate } }
  }

  #treeFor(need: Need): PathNode<Rule[]> {
    // Listing shows what may be read.
    const permission = need === 'list' ? 'read' : need
    this.#trees[permission] ??= treeOf(this.#rules.filter(({ policy }) => speaksOn(policy, permission)))
    return this.#trees[permission]
  }

  #bestOf(rules: readonly Rule[], bound: number, request: Facts): number {
    let best = bound
    for (const { ranks, policy, conditions } of rules) {
      if ((ranks[0] as number) >= best) return best
      const rank = this.#firstLive(ranks, request.now)
      if (rank < best && conditionsMet(policy.effect, conditions, request)) best = rank
    }
    return best
  }

  /** The first that has not expired. Those that have come first, so it is found by halves. */
  #firstLive(ranks: readonly number[], now: number): number {
    let [from, to] = [0, ranks.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      if (isExpired(this.#ranked[ranks[middle] as number] as Policy, now)) from = middle + 1
      else to = middle
    }
    return ranks[from] ?? unranked
  }
}

/** Policies that differ in nothing but their priority and their expiry. */
interface Rule {
  /** The one that stands for all of them. */
  readonly policy: Policy
  readonly conditions: readonly Condition[]
  /**
   * Each expires later than the one before it. A policy that does not is left out: whenever it applies, the one before it
   * applies too and decides over it.
   */
  readonly ranks: number[]
}

/** The rules, by their best rank. Equal conditions are compiled once. */
function rulesOf(ranked: readonly Policy[]): Rule[] {
  const rules: Rule[] = []
  const alike = new Map<string, { readonly conditions: readonly Condition[]; readonly byPattern: Map<string, Rule> }>()
  for (const [rank, policy] of ranked.entries()) {
    const { effect, permissions, conditions, attributeConditions } = policy
    const group = madeOnce(alike, JSON.stringify([effect, permissions, conditions, attributeConditions]), () => ({
      conditions: compileConditions(policy),
      byPattern: new Map<string, Rule>(),
    }))
    const rule = group.byPattern.get(policy.pattern)
    if (rule === undefined) {
      const made = { policy, conditions: group.conditions, ranks: [rank] }
      group.byPattern.set(policy.pattern, made)
      rules.push(made)
    } else if (outlives(policy, ranked[rule.ranks.at(-1) as number] as Policy)) rule.ranks.push(rank)
  }
  return rules
}

function treeOf(rules: readonly Rule[]): PathNode<Rule[]> {
  const root = new PathNode<Rule[]>(0)
  for (const rule of rules) {
    const segments = segmentsOf(rule.policy)
    const node = segments && root.add(segments, rule.ranks[0] as number)
    if (node?.value) node.value.push(rule)
    else if (node) node.value = [rule]
  }
  return root
}

/** A stored pattern that is none covers every path when it denies, and no path when it allows. */
function segmentsOf({ pattern, effect }: Policy): readonly string[] | null {
  return globSegments(pattern) ?? (effect === 'deny' ? ['**'] : null)
}

function outlives({ expiresAt }: Policy, other: Policy): boolean {
  return other.expiresAt !== null && (expiresAt === null || expiresAt > other.expiresAt)
}
