import type { Engine } from '../../operations/index.ts'
import type { Activity } from './activity.ts'
import { recordActivity } from './activity.ts'
import { type Admitted, countedFindings, flagOf, keepForReview, requestActivity, tellThreats } from './admit.ts'
import type { Seen } from './answer.ts'
import type { Usage } from './dialects/calls.ts'
import type { Inspected } from './inspected.ts'
import { costOf } from './prices.ts'
import { settle } from './spending.ts'
import { tellThreat } from './tell.ts'

export interface Ended {
  /** The provider's own numbers. Without both, the request costs what it could have cost. */
  readonly usage: Partial<Usage> | null
  readonly seen: Seen
  /** The answer, or the rest of it, was not passed on. */
  readonly isBlocked: boolean
  /** The provider has answered nothing that it charges for. */
  readonly isFree: boolean
}

/** Stores what came of a request, in a unit of its own. The caller has the answer already, so a failure goes to the log. */
export async function settleCall(
  engine: Engine,
  inspected: Inspected,
  { id, spenders, reservedMicros }: Admitted,
  ended: Ended,
): Promise<void> {
  const { org } = inspected.request
  const micros = ended.isFree ? 0 : costAfter(inspected, ended, reservedMicros)
  const findings = countedFindings([...inspected.verdict.findings, ...ended.seen.findings], inspected)
  const store = () =>
    engine.records.transactIn(org, (unit) => {
      const now = engine.records.now()
      for (const spender of spenders) settle(unit, spender, id, micros)
      const activity = endedActivity(inspected, id, ended, now)
      recordActivity(unit, activity, findings)
      const all = [...inspected.verdict.findings, ...ended.seen.findings]
      tellThreat(unit, inspected, all, { activity: id, isBlocked: ended.isBlocked })
      if (activity.flagged) keepForReview(unit, inspected, id, now)
    })
  await tellThreats(engine, findings)
  await store().catch((error: unknown) =>
    engine.log('error', 'what came of a request to a model was not stored', { activity: id, error }),
  )
}

function costAfter({ price }: Inspected, { usage }: Ended, reservedMicros: number): number {
  const { inputTokens, outputTokens } = usage ?? {}
  if (!price || inputTokens === undefined || outputTokens === undefined) return reservedMicros
  return costOf(price, inputTokens, outputTokens)
}

function endedActivity(inspected: Inspected, id: string, { usage, seen, isBlocked }: Ended, now: number): Activity {
  const { verdict } = inspected
  const isQuiet = verdict.action === 'allow' && seen.findings.length === 0
  const action = isBlocked ? 'blocked' : isQuiet ? 'allowed' : 'warned'
  const violations = seen.findings.filter(({ action }) => action === 'warn' || action === 'block')
  const before = requestActivity(inspected, { id, now, action, violations: violations.map(({ detector }) => detector) })
  const injected = seen.findings.filter(({ detector }) => detector === 'response_injection')
  return {
    ...before,
    requestTokens: usage?.inputTokens ?? before.requestTokens,
    responseTokens: usage?.outputTokens ?? 0,
    hadSecretsRedacted: before.hadSecretsRedacted || seen.secretsRedacted > 0,
    responseInjectionScore: Math.max(seen.injectionScore, seen.responseInjectionScore),
    responseContextInjectionScore: seen.contextInjectionScore,
    responseInjectionCategories: [...new Set(injected.map(({ rule }) => rule))],
    unexpectedCodeBlocks: injected.filter(({ rule }) => rule === 'unexpected_code_block').length,
    contentFiltered: seen.isChanged || isBlocked,
    flagged: flagOf([...verdict.findings, ...seen.findings], action),
  }
}
