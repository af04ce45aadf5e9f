import type { Json } from '../../kernel/json.ts'
import { day, minute } from '../../kernel/time.ts'
import type { Engine, ScheduledTask } from '../../operations/index.ts'
import { kind, type Reads, type Unit } from '../../records/index.ts'
import { untilDoneInEachOrg } from '../orgs/index.ts'

// The activity of the proxy: an event for each request, and counts for each ten minutes. A summary adds the counts up. Neither
// holds a text of a request or an answer.

export const activityActions = ['allowed', 'warned', 'blocked'] as const
export type ActivityAction = (typeof activityActions)[number]

/** The reaction to a finding. */
export const findingActions = ['blocked', 'warned', 'logged'] as const
export type FindingAction = (typeof findingActions)[number]

/** One request of an agent to a model. */
export interface Activity {
  readonly id: string
  readonly agentId: string
  readonly provider: string
  readonly model: string
  readonly action: ActivityAction
  readonly requestTokens: number
  readonly responseTokens: number
  readonly latencyMs: number
  readonly hadSecretsRedacted: boolean
  readonly hadPiiDetected: boolean
  readonly injectionScore: number
  readonly policyViolations: readonly string[]
  readonly responseInjectionScore: number
  readonly responseContextInjectionScore: number
  readonly responseInjectionCategories: readonly string[]
  readonly externalUrlsFlagged: readonly string[]
  readonly unexpectedCodeBlocks: number
  readonly contentFiltered: boolean
  readonly metadata: Readonly<Record<string, Json>>
  /** Null: nothing in it needs a second look. */
  readonly flagged: { readonly score: number; readonly reason: string; readonly action: FindingAction } | null
  readonly createdAt: number
}

/** For calls that wait for the activity of an organisation. */
export function activityTopic(org: string): string {
  return `shroud.activity.${org}`
}

/** Agents may be deleted by now, and their organisation still wants to know. */
export const activityKind = kind<Activity>('shroudActivity', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] },
    action: { key: ({ action, createdAt }) => [action, createdAt] },
    agentAction: { key: ({ agentId, action, createdAt }) => [agentId, action, createdAt] },
    flagged: { key: ({ flagged, createdAt }) => (flagged ? [createdAt] : null) },
  },
  history: ['agentId'],
  // Every request makes one, and people read few of them. In the cache, they would push out records that calls need.
  remembered: false,
  topic: (_, org) => activityTopic(org ?? ''),
})

/** How often each detector found something, and what was done about it. */
export type DetectorCounts = Readonly<Record<string, Readonly<Partial<Record<FindingAction, number>>>>>

/** The requests of ten minutes. */
export interface ActivityCounts {
  /** The number of these ten minutes since 1970. */
  readonly id: string
  readonly beginsAt: number
  readonly byAgent: Readonly<Record<string, Readonly<Partial<Record<ActivityAction, number>>>>>
  readonly byDetector: DetectorCounts
  /** Tokens of each model, as the provider counted them. */
  readonly byModel?: Readonly<Record<string, TokenCounts>>
}

export interface TokenCounts {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
}

export const activityCountsKind = kind<ActivityCounts>('shroudActivityCounts', {
  indexes: { begins: { key: ({ beginsAt }) => [beginsAt] } },
  history: ['byAgent'],
})

const countedMs = 10 * minute
/** Two windows of the longest period, and the day in which they end. */
const keptMs = 61 * day

/** A finding as it is counted. */
export interface CountedFinding {
  readonly detector: string
  readonly action: FindingAction
}

/** Stages one event and counts it. */
export function recordActivity(unit: Unit, activity: Activity, findings: readonly CountedFinding[]): void {
  unit.put(activityKind, activity)
  const slot = Math.floor(activity.createdAt / countedMs)
  const before = unit.get(activityCountsKind, String(slot)) ?? {
    id: String(slot),
    beginsAt: slot * countedMs,
    byAgent: {},
    byDetector: {},
  }
  const { agentId, action } = activity
  unit.put(activityCountsKind, {
    ...before,
    byAgent: { ...before.byAgent, [agentId]: oneMore(before.byAgent[agentId], action) },
    byDetector: withFindings(before.byDetector, findings),
    byModel: withTokens(before.byModel, activity),
  })
}

function withTokens(
  before: ActivityCounts['byModel'] = {},
  activity: Activity,
): NonNullable<ActivityCounts['byModel']> {
  const { model, requestTokens, responseTokens, action } = activity
  // A request that was blocked has reached no model, unless its answer was.
  if (action === 'blocked' && responseTokens === 0) return before
  return {
    ...before,
    [model]: addTokens(before[model], { requests: 1, inputTokens: requestTokens, outputTokens: responseTokens }),
  }
}

function addTokens(one: TokenCounts | undefined, other: TokenCounts): TokenCounts {
  return {
    requests: (one?.requests ?? 0) + other.requests,
    inputTokens: (one?.inputTokens ?? 0) + other.inputTokens,
    outputTokens: (one?.outputTokens ?? 0) + other.outputTokens,
  }
}

/** Tokens of each model in the ten minutes that begin between two moments. */
export function tokensBetween(unit: Reads, from: number, to: number): ReadonlyMap<string, TokenCounts> {
  const sums = new Map<string, TokenCounts>()
  for (const { byModel = {} } of countsBetween(unit, from, to))
    for (const [model, counts] of Object.entries(byModel)) sums.set(model, addTokens(sums.get(model), counts))
  return sums
}

function withFindings(before: DetectorCounts, findings: readonly CountedFinding[]): DetectorCounts {
  const counts: Record<string, DetectorCounts[string]> = { ...before }
  for (const { detector, action } of findings) counts[detector] = oneMore(counts[detector], action)
  return counts
}

function oneMore<K extends string>(counts: Readonly<Partial<Record<K, number>>> | undefined, key: K) {
  return { ...counts, [key]: (counts?.[key] ?? 0) + 1 } as Readonly<Partial<Record<K, number>>>
}

/** The beginning of a window that ends with these ten minutes. Windows side by side have none in common. */
export function windowBegin(now: number, lengthMs: number): number {
  return (Math.floor(now / countedMs) + 1) * countedMs - lengthMs
}

/** The counts of the ten minutes that begin between two moments. */
export function countsBetween(unit: Reads, from: number, to: number): readonly ActivityCounts[] {
  const found: ActivityCounts[] = []
  let next = from
  for (;;) {
    const page = unit.page(activityCountsKind, 'begins', { from: [next], to: [to], limit: countsAtOnce })
    found.push(...page)
    const last = page.at(-1)
    if (!last || page.length < countsAtOnce) return found
    next = last.beginsAt + 1
  }
}

const countsAtOnce = 1_000

/** Number of requests in these counts, of one agent and of one action where they are given. */
export function requestsIn(
  counts: readonly ActivityCounts[],
  { agentId, action }: { readonly agentId?: string | undefined; readonly action?: ActivityAction | undefined } = {},
): number {
  const actions = action ? [action] : activityActions
  const agents = (one: ActivityCounts) => (agentId === undefined ? Object.values(one.byAgent) : [one.byAgent[agentId]])
  return counts
    .flatMap(agents)
    .flatMap((byAction) => actions.map((one) => byAction?.[one] ?? 0))
    .reduce((sum, count) => sum + count, 0)
}

export const activityTask: ScheduledTask = {
  name: 'shroud.activity',
  everyMs: 60 * minute,
  run: (engine) => untilDoneInEachOrg(engine, (org) => dropSome(engine, org)),
}

const droppedAtOnce = 40

async function dropSome({ records }: Engine, org: string): Promise<boolean> {
  return records.transactIn(org, (unit) => {
    const to = [records.now() - keptMs] as const
    const events = unit.page(activityKind, 'created', { to, limit: droppedAtOnce })
    for (const event of events) unit.delete(activityKind, event)
    const counts = unit.page(activityCountsKind, 'begins', { to, limit: droppedAtOnce })
    for (const count of counts) unit.delete(activityCountsKind, count)
    return events.length === droppedAtOnce || counts.length === droppedAtOnce
  })
}
