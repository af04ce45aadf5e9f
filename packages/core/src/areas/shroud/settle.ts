import { type Engine, perEngine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
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

/** Stores the result of a request. The caller has the answer already, so a failure goes to the log. */
export async function settleCall(
  engine: Engine,
  inspected: Inspected,
  { id, spenders, reservedMicros }: Admitted,
  ended: Ended,
): Promise<void> {
  const micros = ended.isFree ? 0 : costAfter(inspected, ended, reservedMicros)
  const all = [...inspected.verdict.findings, ...ended.seen.findings]
  const findings = countedFindings(all, inspected)
  await tellThreats(engine, findings)
  await storeWithOthers(engine, inspected.request.org, id, (unit) => {
    const now = engine.records.now()
    for (const spender of spenders) settle(unit, spender, id, micros)
    const activity = endedActivity(inspected, id, ended, now)
    recordActivity(unit, activity, findings)
    tellThreat(unit, inspected, all, { activity: id, isBlocked: ended.isBlocked })
    if (activity.flagged) keepForReview(unit, inspected, id, now)
  })
}

interface Waiting {
  /** The id of the activity. */
  readonly id: string
  stage(unit: Unit): void
  stored(): void
}

/** Ended calls that wait for a commit, by organisation. An organisation has an entry while its calls are stored. */
const waitingCalls = perEngine(() => new Map<string, Waiting[]>())
/** Limit of calls in one commit. */
const callsPerUnitMax = 16

/**
 * Stores a call together with other calls that end during the previous commit. All of them update the same counters, so separate
 * units would conflict and run again.
 */
function storeWithOthers(engine: Engine, org: string, id: string, stage: (unit: Unit) => void): Promise<void> {
  return new Promise((stored) => {
    const byOrg = waitingCalls(engine)
    const running = byOrg.get(org)
    if (running) return void running.push({ id, stage, stored })
    byOrg.set(org, [{ id, stage, stored }])
    void storeAll(engine, byOrg, org)
  })
}

/** Never rejects. */
async function storeAll(engine: Engine, byOrg: Map<string, Waiting[]>, org: string): Promise<void> {
  const waiting = byOrg.get(org) ?? []
  while (waiting.length > 0) {
    const calls = waiting.splice(0, callsPerUnitMax)
    // One call that cannot be stored must not prevent the others.
    await storeIn(engine, org, calls).catch(() => Promise.all(calls.map((one) => storeAlone(engine, org, one))))
    for (const { stored } of calls) stored()
  }
  // No await between the check above and this line, so no call is left waiting.
  byOrg.delete(org)
}

function storeAlone(engine: Engine, org: string, call: Waiting): Promise<void> {
  return storeIn(engine, org, [call]).catch((error: unknown) =>
    engine.log('error', 'the result of a request to a model was not stored', { activity: call.id, error }),
  )
}

function storeIn({ records }: Engine, org: string, calls: readonly Waiting[]): Promise<void> {
  return records.transactIn(org, (unit) => {
    for (const { stage } of calls) stage(unit)
  })
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
