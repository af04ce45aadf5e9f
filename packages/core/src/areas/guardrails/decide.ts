import type { Facts, Rule, Verdict } from './rule.ts'
import { rules } from './rules/index.ts'

/** What all rules say of one signature. */
export interface Decision {
  /** `logged`: a rule refuses, and limits of the agent are only logged. */
  readonly outcome: 'allowed' | 'logged' | 'refused' | 'needs_approval'
  /** The verdict that decides. Null: the outcome is `allowed`. */
  readonly violation: Verdict | null
  /** One for each rule that had something to check. */
  readonly verdicts: readonly Verdict[]
  readonly facts: Facts
}

/** Asks every rule. The facts alone decide, so the same facts always give the same decision. */
export function decideFrom(facts: Facts): Decision {
  const judged = rules.flatMap((rule) => {
    const judgement = rule.judge(facts)
    return judgement ? [{ rule, verdict: { rule: rule.name, ...judgement } }] : []
  })
  const refusals = judged.filter(({ verdict }) => !verdict.allowed)
  return { facts, verdicts: judged.map(({ verdict }) => verdict), ...outcomeOf(facts, refusals) }
}

/** A switch refuses in any case. A limit refuses before a human is asked. */
function outcomeOf(
  { settings }: Facts,
  refusals: readonly { readonly rule: Rule; readonly verdict: Verdict }[],
): Pick<Decision, 'outcome' | 'violation'> {
  const [first = null] = refusals
  if (!first) return { outcome: 'allowed', violation: null }
  const bySwitch = refusals.find(({ rule }) => rule.isSwitch)
  if (bySwitch) return { outcome: 'refused', violation: bySwitch.verdict }
  if (settings.enforcement === 'log') return { outcome: 'logged', violation: first.verdict }
  const byLimit = refusals.find(({ verdict }) => verdict.reason_code !== 'approval_required')
  return byLimit
    ? { outcome: 'refused', violation: byLimit.verdict }
    : { outcome: 'needs_approval', violation: first.verdict }
}
