import { compileGlob } from '../../kernel/globs.ts'
import type { Facts } from './condition.ts'
import { type Condition, compileConditions, conditionsMet } from './conditions.ts'
import { isExpired, isFor, type Need, outranks, type Policy, type PrincipalRef, speaksOn } from './policy.ts'

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

/** A policy with everything about it that can be prepared. */
export interface CompiledPolicy {
  /** Null for a stored pattern that is none: then a deny covers every path, and an allow covers no path. */
  readonly covers: ((path: string) => boolean) | null
  readonly conditions: readonly Condition[]
}

/** Decides by the policies of one vault. Of those that apply the highest decides; where none applies, the answer is no. */
export function decide(policies: readonly Policy[], request: DecisionRequest): Decision {
  let deciding: Policy | null = null
  for (const policy of policies) {
    if (deciding !== null && !outranks(policy, deciding)) continue
    if (applies(policy, request)) deciding = policy
  }
  return decisionOf(deciding)
}

export function decisionOf(policy: Policy | null): Decision {
  if (policy === null) return { allowed: false, policy, reason: 'no_policy_applies' }
  if (policy.effect === 'allow') return { allowed: true, policy, reason: 'allowed_by_policy' }
  return { allowed: false, policy, reason: 'denied_by_policy' }
}

/** Prepares a policy, once per record: a record is never changed, a changed policy is another one. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const known = compiled.get(policy)
  if (known) return known
  const made = {
    covers: compileGlob(policy.pattern)?.matches ?? null,
    conditions: compileConditions(policy),
  }
  compiled.set(policy, made)
  return made
}

const compiled = new WeakMap<Policy, CompiledPolicy>()

export function covers(policy: Policy, path: string): boolean {
  const { covers } = compilePolicy(policy)
  return covers === null ? policy.effect === 'deny' : covers(path)
}

/** The cheap questions first. */
function applies(policy: Policy, request: DecisionRequest): boolean {
  if (!isFor(policy, request.principal) || !speaksOn(policy, request.permission)) return false
  if (isExpired(policy, request.now) || !covers(policy, request.path)) return false
  return conditionsMet(policy.effect, compilePolicy(policy).conditions, request)
}
