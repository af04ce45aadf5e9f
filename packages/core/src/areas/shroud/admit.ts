import { PawlError } from '../../kernel/errors.ts'
import type { Secret } from '../../kernel/secret.ts'
import { day } from '../../kernel/time.ts'
import { auditEvent, type Context, type Engine, rateLimited, unitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type Activity, type CountedFinding, recordActivity } from './activity.ts'
import { budgetReached, noClientPool, noProviderKey, shroudBlocked, shroudNotAllowed } from './errors.ts'
import { keepFlagged } from './flagged.ts'
import { type Inspected, outputTokensOf, type Request } from './inspected.ts'
import { blockedMessage, inspectionHeader } from './inspection-header.ts'
import { checkPolicy } from './policy.ts'
import { costOf } from './prices.ts'
import { providerKey } from './provider-key.ts'
import { baseOf, settingOf, urlAt } from './providers.ts'
import { type Call, isLimited, type Limits, type Spending, spendingKind, withCall } from './spending.ts'
import { tellBudget, tellThreat } from './tell.ts'
import type { Finding } from './verdict.ts'

/** A request that may be sent. */
export interface Admitted {
  /** The id of its activity. */
  readonly id: string
  readonly url: string
  /** The name under which the provider is configured. */
  readonly pool: string
  /** Null for a plug-in, which has a key of its own. */
  readonly key: Secret<string> | null
  /** Whose spending has its part: the agent, the router key. */
  readonly spenders: readonly string[]
  readonly reservedMicros: number
}

type Outcome = Admitted | { readonly refused: PawlError }

/**
 * Decides in one commit whether the agent may call, the maximum cost, and the provider key. Throws the refusal.
 *
 * The request leaves after this commit, because it shows the key and the prompt to the provider. If it left during the commit, a
 * kill could leave a use of the key that the trail does not have.
 */
export async function admit(engine: Engine, inspected: Inspected): Promise<Admitted> {
  const outcome = await engine.records.transactIn(inspected.request.org, (unit) =>
    decide(contextIn(engine, unit, inspected.request), inspected),
  )
  if (!('refused' in outcome)) return outcome
  await tellThreats(engine, countedFindings(inspected.verdict.findings, inspected))
  throw outcome.refused
}

/** For the metrics of the host. */
export async function tellThreats({ around }: Engine, findings: readonly CountedFinding[]): Promise<void> {
  for (const { detector, action } of findings) await around('threat', `${detector} ${action}`, async () => {})
}

function contextIn(engine: Engine, unit: Unit, { caller, origin }: Request): Context {
  return Object.assign(unitContext(engine, unit), { caller, origin, waitForJob: () => {} })
}

function decide(context: Context, inspected: Inspected): Outcome {
  const { request, facts, policy, verdict } = inspected
  const { agentId, provider, headerModel, route } = request
  if (verdict.action === 'block') return refuse(context, inspected, blocked(inspected))
  try {
    const models = headerModel === null ? [facts.model] : [facts.model, headerModel]
    checkPolicy(context, agentId, policy, { provider, models, inputTokens: Math.ceil(inspected.bytes.length / 4) })
  } catch (error) {
    if (error instanceof PawlError) return refuse(context, inspected, error)
    throw error
  }
  if (context.settings.modelPlugins.includes(provider))
    return reservedFor(context, inspected, { key: null, pool: provider, url: '' })
  const key = providerKey(context, provider, request.providerKey)
  if (!key) return unsent(inspected, noProviderKey, 'no API key: vault lookup failed and no X-Shroud-Api-Key header')
  const base = baseOf(context.settings.modelProviders, provider)
  if (!base)
    return unsent(inspected, noClientPool, `provider ${provider} has no client pool: set ${settingOf(provider)}`)
  const target = { key, pool: base.name, url: urlAt(base.url, provider, route.path) }
  return reservedFor(context, inspected, target)
}

function reservedFor(context: Context, inspected: Inspected, target: Pick<Admitted, 'key' | 'pool' | 'url'>): Outcome {
  const reserved = reserve(context, inspected)
  if ('refused' in reserved) return refuse(context, inspected, reserved.refused)
  audit(context, inspected, { activity: reserved.id, outcome: undefined })
  return { ...reserved, ...target }
}

/** What is missing is for the operator to set. Nothing was said to a model, and nothing was found. */
function unsent(
  { verdict }: Inspected,
  definition: typeof noProviderKey,
  message: string,
): { readonly refused: PawlError } {
  return { refused: definition({ message, inspection: inspectionHeader(verdict) }) }
}

function blocked({ verdict }: Inspected): PawlError {
  return shroudBlocked({ message: blockedMessage(verdict), inspection: inspectionHeader(verdict) })
}

/** A refusal is stored like a request that was sent. */
function refuse(context: Context, inspected: Inspected, error: PawlError): { readonly refused: PawlError } {
  const id = context.newId()
  const activity = requestActivity(inspected, { id, now: context.now, action: 'blocked', violations: [error.code] })
  recordActivity(context.unit, activity, countedFindings(inspected.verdict.findings, inspected))
  if (activity.flagged) keepForReview(context.unit, inspected, id, context.now)
  audit(context, inspected, { activity: id, outcome: 'denied' })
  const isBlocked = inspected.verdict.action === 'block'
  if (isBlocked) tellThreat(context.unit, inspected, inspected.verdict.findings, { activity: id, isBlocked })
  return { refused: withInspection(error, inspected) }
}

/** Of the refusals of the policy, only those that clients read have a place for it. */
function withInspection(error: PawlError, { verdict }: Inspected): PawlError {
  if (!shroudNotAllowed.is(error)) return error
  return shroudNotAllowed({ message: error.message, inspection: inspectionHeader(verdict) })
}

type Reserved = Pick<Admitted, 'id' | 'spenders' | 'reservedMicros'>

function reserve(context: Context, inspected: Inspected): Reserved | { readonly refused: PawlError } {
  const { request, facts, policy, price, bytes } = inspected
  const { agentId, routerKey, route } = request
  const id = context.newId()
  const ofAgent: Limits = { requestsPerDay: policy.requestsPerDay, microsPerDay: policy.microsPerDay }
  const ofKey: Limits = { microsInAll: routerKey?.spendMicrosMax ?? undefined }
  const limited = [
    { id: agentId, limits: ofAgent },
    ...(routerKey ? [{ id: routerKey.id, limits: ofKey }] : []),
  ].filter(({ limits }) => isLimited(limits))
  const needsPrice = policy.microsPerDay !== undefined || ofKey.microsInAll !== undefined
  if (needsPrice && !price && !route.isCount) {
    const message = `the model ${facts.model} has no price, so it cannot be used with a budget: add it to PAWL_SHROUD_PRICES`
    return { refused: shroudNotAllowed({ message }) }
  }
  const micros =
    price && !route.isCount ? costOf(price, Math.ceil(bytes.length / 2), outputTokensOf({ facts, price })) : 0
  return take(context, inspected, limited, { call: id, micros, now: context.now })
}

function take(
  { unit, now }: Context,
  inspected: Inspected,
  limited: readonly { readonly id: string; readonly limits: Limits }[],
  call: Call,
): Reserved | { readonly refused: PawlError } {
  const taken: Spending[] = []
  for (const { id, limits } of limited) {
    const spending = withCall(unit, id, limits, call)
    if (spending === 'requests')
      return { refused: rateLimited({ retryAfterSeconds: Math.ceil((day - (now % day)) / 1_000) }) }
    if (spending === 'budget') {
      tellBudget(unit, inspected, id, now)
      return { refused: budgetReached({ message: 'the budget has no room for what this request can cost' }) }
    }
    taken.push(spending)
  }
  for (const spending of taken) unit.put(spendingKind, spending)
  return { id: call.call, spenders: limited.map(({ id }) => id), reservedMicros: call.micros }
}

function audit(
  context: Context,
  { request, facts, verdict }: Inspected,
  { activity, outcome }: { readonly activity: string; readonly outcome: string | undefined },
): void {
  const { agentId, provider, routerKey } = request
  const details = {
    ...{ activity, provider, model: facts.model, secrets_redacted: verdict.secretsRedacted },
    ...{ outcome, router_key: routerKey?.id },
  }
  context.unit.audit(
    auditEvent(context, { action: 'shroud.request', resource: { type: 'agent', id: agentId }, details }),
  )
}

/** Stages a copy of a flagged request as it went on, if the agent's settings keep one. */
export function keepForReview(
  unit: Unit,
  { request, verdict, roles, policy }: Inspected,
  id: string,
  now: number,
): void {
  const texts = verdict.texts.map((text, at) => ({ role: roles[at] ?? 'user', text }))
  keepFlagged(unit, { id, org: request.org, agentId: request.agentId, texts }, { days: policy.flaggedDays, now })
}

export interface Result {
  readonly id: string
  readonly now: number
  readonly action: Activity['action']
  readonly violations: readonly string[]
}

/** The event of a request before its answer. */
export function requestActivity(inspected: Inspected, { id, now, action, violations }: Result): Activity {
  const { request, facts, verdict, bytes } = inspected
  return {
    ...{ id, agentId: request.agentId, provider: request.provider, model: facts.model, action },
    ...{ requestTokens: Math.ceil(bytes.length / 4), responseTokens: 0 },
    latencyMs: Math.max(0, Math.floor(now - request.startedAt)),
    hadSecretsRedacted: verdict.secretsRedacted > 0,
    hadPiiDetected: verdict.piiDetected,
    injectionScore: verdict.injectionScore,
    policyViolations: [
      ...new Set([...violations, ...verdict.findings.filter(isActedOn).map(({ detector }) => detector)]),
    ],
    ...{ responseInjectionScore: 0, responseContextInjectionScore: 0, responseInjectionCategories: [] },
    ...{ externalUrlsFlagged: [], unexpectedCodeBlocks: 0, contentFiltered: action === 'blocked' },
    metadata: request.routerKey ? { router_key: request.routerKey.id } : {},
    flagged: flagOf(verdict.findings, action),
    createdAt: now,
  }
}

function isActedOn({ action }: Finding): boolean {
  return action === 'warn' || action === 'block'
}

/** What needs a second look: what was blocked, and severe findings that were not. */
export function flagOf(findings: readonly Finding[], action: Activity['action']): Activity['flagged'] {
  const severe = findings.filter(
    ({ severity, action }) => action === 'block' || severity === 'high' || severity === 'critical',
  )
  const [worst] = [...severe].sort((a, b) => b.score - a.score)
  if (!worst || (action !== 'blocked' && worst.detector === 'secret_redaction')) return null
  const { detector, rule, score } = worst
  return { score, reason: `${detector}: ${rule}`, action: action === 'blocked' ? 'blocked' : 'warned' }
}

/** Findings as the summary counts them. Without threat logging, only what was blocked. */
export function countedFindings(
  findings: readonly Finding[],
  { settings }: Pick<Inspected, 'settings'>,
): readonly CountedFinding[] {
  return findings
    .filter(({ action }) => settings.logsThreats || action === 'block')
    .map(({ detector, action }) => ({ detector, action: counted[action] }))
}

const counted = { block: 'blocked', redact: 'warned', warn: 'warned', allow: 'logged' } as const
