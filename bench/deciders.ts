import { createMongoAbility, type RawRuleOf, subject } from '@casl/ability'
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { newEnforcer, newModelFromString } from 'casbin'
import { compilePolicies, type DecisionRequest } from '../packages/core/src/areas/policies/decide.ts'
import type { Policy } from '../packages/core/src/areas/policies/policy.ts'

// Policy engines on the same rules. Each loads them once, in the form that it is fastest with, and is then asked whether
// one agent may read one path. The rules are prefixes, with an effect each, and a deny wins: all four can say that. Pawl
// answers more than the others are asked: it also compares priorities, expiry and conditions, and names the policy.

export interface Rule {
  /** Everything below `prefix/`. */
  readonly prefix: string
  readonly effect: 'allow' | 'deny'
}

export type Decider = (path: string) => boolean

export const deciders: Readonly<Record<string, (rules: readonly Rule[]) => Decider | Promise<Decider>>> = {
  pawl,
  casbin,
  casl,
  cedar,
}

function pawl(rules: readonly Rule[]): Decider {
  const { decide } = compilePolicies(rules.map(policyOf))
  return (path) => decide(requestFor(path)).allowed
}

const principal = { kind: 'agent', id: 'ada' } as const

/** Made for each decision, as the engine does. */
export function requestFor(path: string): DecisionRequest {
  return {
    path,
    permission: 'read',
    principal,
    now: 0,
    ip: null,
    environment: 'env-2',
    role: null,
    authMethod: null,
    risk: null,
  }
}

export function policyOf({ prefix, effect }: Rule, at: number): Policy {
  return {
    id: `policy-${at}`,
    vaultId: 'vault',
    pattern: `${prefix}/**`,
    principal,
    permissions: ['read'],
    effect,
    priority: 0,
    conditions: {},
    expiresAt: null,
    createdBy: { kind: 'user', id: 'owner' },
    createdAt: 0,
  }
}

/**
 * The model that casbin's documentation gives for prefixes with denies. `keyMatch` compares a prefix, which is its
 * cheapest matcher for this. `enforceSync` leaves out the promises of `enforce`. casbin asks its matcher about each rule.
 */
async function casbin(rules: readonly Rule[]): Promise<Decider> {
  const model = newModelFromString(`
    [request_definition]
    r = sub, obj, act
    [policy_definition]
    p = sub, obj, act, eft
    [policy_effect]
    e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
    [matchers]
    m = r.sub == p.sub && r.act == p.act && keyMatch(r.obj, p.obj)
  `)
  const enforcer = await newEnforcer(model)
  await enforcer.addPolicies(rules.map(({ prefix, effect }) => ['ada', `${prefix}/*`, 'read', effect]))
  return (path) => enforcer.enforceSync('ada', path, 'read')
}

/**
 * One ability per agent, as its documentation recommends, so the agent is not compared. It asks the last rule first and
 * stops at the first that matches; the denies come last, so that they win. A regular expression with a fixed beginning is
 * how CASL compares a prefix, and it is compiled once.
 */
function casl(rules: readonly Rule[]): Decider {
  const last = (effect: Rule['effect']) => rules.filter((rule) => rule.effect === effect)
  const ability = createMongoAbility(
    [...last('allow'), ...last('deny')].map(({ prefix, effect }) => ({
      action: 'read',
      subject: 'Secret',
      inverted: effect === 'deny',
      conditions: { path: { $regex: new RegExp(`^${prefix}/`) } },
    })) as RawRuleOf<ReturnType<typeof createMongoAbility>>[],
  )
  return (path) => ability.can('read', subject('Secret', { path }))
}

/**
 * The stateful interface: the policies are parsed once and stay on the side of WebAssembly, and no entities are sent. What
 * is left is the request, which crosses as an object. `like` compares a prefix. Cedar evaluates every policy of the set.
 */
function cedar(rules: readonly Rule[]): Decider {
  const texts = rules.map(({ prefix, effect }) => {
    const verb = effect === 'allow' ? 'permit' : 'forbid'
    return `${verb}(principal == Agent::"ada", action == Action::"read", resource) when { context.path like "${prefix}/*" };`
  })
  const preparsedPolicySetId = `${rules.length} policies`
  const parsed = preparsePolicySet(preparsedPolicySetId, { staticPolicies: texts.join('\n') })
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed.errors))
  const fixed = {
    principal: { type: 'Agent', id: 'ada' },
    action: { type: 'Action', id: 'read' },
    resource: { type: 'Vault', id: 'vault' },
    preparsedPolicySetId,
    entities: [],
  }
  return (path) => {
    const answer = statefulIsAuthorized({ ...fixed, context: { path } })
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors))
    return answer.response.decision === 'allow'
  }
}
