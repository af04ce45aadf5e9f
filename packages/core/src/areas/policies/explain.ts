import { compileGlob } from '../../kernel/globs.ts'
import { compileConditions } from './conditions.ts'
import { type Decision, type DecisionRequest, decisionOf } from './decide.ts'
import { isExpired, isFor, isWaiting, outranks, type Policy, speaksOn } from './policy.ts'

/** Why one policy did or did not apply. */
export interface PolicyExplanation {
  readonly policy: Policy
  readonly applies: boolean
  readonly decides: boolean
  /** Every question that was asked, each with its answer. */
  readonly steps: readonly Step[]
}

export interface Step {
  /** `principal`, `expiry`, `acceptance`, `permission`, `pattern`, or the name of a condition. */
  readonly about: string
  /** Whether this lets the policy apply. */
  readonly passed: boolean
  readonly sentence: string
}

export interface Explanation {
  /** What `decide` answers. */
  readonly decision: Decision
  readonly sentence: string
  readonly policies: readonly PolicyExplanation[]
}

/** Tells for every policy of a vault what it had to say on a request. Asks everything, so it is slower than `decide`. */
export function explain(policies: readonly Policy[], request: DecisionRequest): Explanation {
  const judged = policies.map((policy) => {
    const steps = [...plainSteps(policy, request), ...conditionSteps(policy, request)]
    return { policy, applies: steps.every(({ passed }) => passed), steps }
  })
  const deciding = judged
    .filter(({ applies }) => applies)
    .reduce<Policy | null>((best, { policy }) => (best === null || outranks(policy, best) ? policy : best), null)
  const decision = decisionOf(deciding)
  return {
    decision,
    sentence: sentenceOf(decision),
    policies: judged.map((entry) => ({ ...entry, decides: entry.policy === deciding })),
  }
}

function sentenceOf({ policy, reason }: Decision): string {
  if (policy === null) return 'Denied, because no policy applies.'
  const rank = `of the policies that apply, it has the highest priority, ${policy.priority}`
  if (reason === 'allowed_by_policy') return `Allowed by policy ${policy.id}: ${rank}.`
  return `Denied by policy ${policy.id}: ${rank}, and deny wins among equal priorities.`
}

function plainSteps(policy: Policy, request: DecisionRequest): Step[] {
  const { permission: need, path, principal, now } = request
  const verb = policy.effect === 'allow' ? 'grants' : 'refuses'
  const glob = compileGlob(policy.pattern)
  return [
    step('principal', isFor(policy, principal), 'It is for this principal.', 'It is for another principal.'),
    step('expiry', !isExpired(policy, now), 'It has not expired.', 'It has expired.'),
    ...(isWaiting(policy) ? [step('acceptance', false, '', 'Its principal has not accepted it.')] : []),
    step('permission', speaksOn(policy, need), `It ${verb} ${need}.`, `Its permissions do not include ${need}.`),
    glob
      ? step('pattern', glob.matches(path), 'Its pattern covers the path.', 'Its pattern does not cover the path.')
      : step(
          'pattern',
          policy.effect === 'deny',
          'Its pattern is invalid, so this deny covers every path.',
          'Its pattern is invalid.',
        ),
  ]
}

/** The steps of `conditionsMet`. If one condition cannot be judged, a deny applies, even if other conditions fail. */
function conditionSteps(policy: Policy, request: DecisionRequest): Step[] {
  const asked = compileConditions(policy).map(({ name, check }) => ({ about: name, ...check(request) }))
  const overruled = policy.effect === 'deny' && asked.some(({ outcome }) => outcome === 'unknown')
  return asked.map(({ about, outcome, because }) => {
    const passed = outcome === 'holds' || overruled
    const then = outcome === 'holds' ? '' : consequence(outcome, overruled)
    return { about, passed, sentence: `${because.charAt(0).toUpperCase()}${because.slice(1)}${then}.` }
  })
}

function consequence(outcome: 'fails' | 'unknown', overruled: boolean): string {
  if (outcome === 'fails') return overruled ? ', but another condition cannot be evaluated' : ''
  return overruled ? ', so this deny applies' : ', so this allow does not apply'
}

function step(about: string, passed: boolean, yes: string, no: string): Step {
  return { about, passed, sentence: passed ? yes : no }
}
