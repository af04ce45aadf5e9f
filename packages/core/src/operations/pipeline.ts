import { lostField } from '../kernel/data.ts'
import { causeOf, type ErrorKind, internalError, PawlError, unavailable } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'
import { HsmError } from '../ports/hsm.ts'
import { StorageUnusable } from '../ports/storage.ts'
import type { AuditDraft, Reads, Unit } from '../records/index.ts'
import { AfterCommit } from './after-commit.ts'
import { notAgreed } from './agreement.ts'
import { auditEvent } from './audit-event.ts'
import type { Caller, Origin, Proof } from './caller.ts'
import { unconfirmed } from './confirm.ts'
import { contextOf } from './context.ts'
import type { About, CallPayment, Charge, Context, Engine } from './engine.ts'
import { ambiguousTarget, denied, detailsForTheTrail, notAuthenticated, paymentRequired, sealed } from './errors.ts'
import { answerBefore, forgetCall, keepCall, type NamedCall, nameCall, settleCall } from './idempotency.ts'
import { withinLimits } from './limits.ts'
import { chargeFor, MustCollect, MustFund, paying, runFunded } from './metering.ts'
import { type AnyOperation, CommitThenThrow, type Performable } from './operation.ts'
import { InputToRead, parseInput, type RawInput } from './parse.ts'
import { perEngine } from './per-engine.ts'
import { proofStored, useForPrice, useProof, wasUsed } from './proofs.ts'
import { countsFor, stageCounts } from './quotas.ts'
import { hasScope, scopeOf } from './scopes.ts'
import { type Awaited, beginWaiting, WaitForNews, type Waiting } from './wait-for-news.ts'

/**
 * Performs an operation for any surface. The steps are always the same: check the seal, limit attempts, authenticate, admit,
 * parse, authorise, confirm, agree, run in a fresh unit, charge, check the output, stage the audit event, commit. The steps are
 * plain functions. They run again when a record or a key is not in memory, or when another call was faster. Outgoing calls
 * happen after the commit, once. The refusal of a known caller leaves an audit event too.
 */
export function perform<I, O>(
  engine: Engine,
  operation: Performable<I, O>,
  input: RawInput,
  origin: Origin,
): Promise<O> {
  if (engine.isSealed && !operation.whileSealed) return Promise.reject(sealed())
  const { limits } = operation
  if (!limits || !engine.settings.rateLimits) return performOnce(engine, operation, input, origin)
  return withinLimits(engine, limits, origin, input, (counted) => performOnce(engine, operation, counted, origin))
}

async function performOnce<I, O>(
  engine: Engine,
  operation: Performable<I, O>,
  input: RawInput,
  origin: Origin,
): Promise<O> {
  const raw = input instanceof InputToRead ? await readFrom(engine, operation, input, origin) : input
  let waiting: Waiting | null = null
  let funding: CallPayment | null = null
  try {
    for (;;) {
      let outcome: Outcome<O>
      try {
        outcome = await engine.records.transact((unit) => attempt(engine, operation, raw, origin, funding, unit))
      } catch (error) {
        // The call must be paid first. Then it is made again.
        if (error instanceof MustFund) funding = error.payment
        else if (error instanceof MustCollect) await collected(engine, error)
        else throw error
        continue
      }
      proofStored(origin.possession)
      if ('refused' in outcome) throw outcome.refused
      // The decision is stored. The engine logs a job that fails now, and retries it later.
      for (const job of outcome.jobs) await engine.jobs.run(job).catch(() => {})
      if ('finish' in outcome) return await finished(engine, operation, outcome)
      if (outcome.isRepeated) origin.answeredBefore?.()
      const { awaits } = outcome
      if (!awaits) return outcome.output
      waiting ??= beginWaiting(engine, awaits.callerId, origin, awaits.msMax)
      if (!(await waiting.forNews(awaits, engine.records.reading(awaits.org)))) return outcome.output
    }
  } catch (error) {
    throw await failureOf(engine, operation, origin, error)
  } finally {
    waiting?.end()
  }
}

/** Collects a payment. If that fails, the answer is a price, as without a payment. */
async function collected(engine: Engine, { payment, proof }: MustCollect): Promise<void> {
  try {
    await payment.collect(engine)
  } catch (error) {
    throw error instanceof PawlError ? new TurnedAway(error, null, null, proof) : error
  }
}

/** Stores the audit event of a refused caller. Returns the error that the caller gets. */
async function failureOf(engine: Engine, operation: AnyOperation, origin: Origin, error: unknown): Promise<unknown> {
  if (error instanceof TurnedAway) await recordFailure(engine, error)
  return outwardError(engine, operation, origin, error instanceof TurnedAway ? error.cause : error)
}

type Outcome<O> =
  | {
      readonly output: O
      readonly jobs: readonly string[]
      readonly isRepeated?: true
      /** The answer says nothing new, and the caller wants to wait. */
      readonly awaits?: (Awaited & { readonly callerId: string; readonly org: string }) | undefined
    }
  | Unfinished<O>
  | { readonly refused: PawlError }

/** The call to the outside is still to be made. */
interface Unfinished<O> {
  readonly finish: (engine: Engine) => Promise<O>
  readonly named: NamedCall | null
  readonly jobs: readonly string[]
}

/** Reads the input of an admitted caller. If the engine ends in the meantime, the call ends too. */
async function readFrom(
  engine: Engine,
  operation: AnyOperation,
  { known, read }: InputToRead,
  origin: Origin,
): Promise<unknown> {
  const caller = await senderOf(engine, operation, known, origin)
  return new Promise((resolve, reject) => {
    const forgets: (() => void)[] = [engine.ending.onEnd(reject)]
    const onStop = (stop: (error: PawlError) => void) => void forgets.push(engine.ending.onEnd(stop))
    const forget = () => {
      for (const one of forgets) one()
    }
    read({ caller, onStop }).then(resolve, reject).finally(forget)
  })
}

async function senderOf(engine: Engine, operation: AnyOperation, known: unknown, origin: Origin): Promise<Caller> {
  if (operation.access === 'public') return { kind: 'anonymous' }
  try {
    return await engine.records.transact((unit) => admitted(engine, operation, known, origin, unit))
  } catch (error) {
    throw await failureOf(engine, operation, origin, error)
  }
}

/** The caller, if nothing but the input can still be a reason to refuse. */
function admitted(engine: Engine, operation: AnyOperation, known: unknown, origin: Origin, unit: Unit): Caller {
  const now = engine.records.now()
  const caller = identify(engine, operation, unit, origin, now)
  const context = contextOf(engine, unit, { caller, now, origin, waitForJob: () => {} })
  return orTurnedAway(
    unit,
    caller,
    (error) => failureDraft(context, operation, null, known, error),
    () => {
      admitFrom(engine, unit, caller, origin)
      admit(engine, operation, unit, caller)
      return caller
    },
  )
}

async function finished<I, O>(
  engine: Engine,
  operation: Performable<I, O>,
  { finish, named }: Unfinished<O>,
): Promise<O> {
  const output = checkOutput(engine, operation, await orForget(engine, named, finish))
  if (named) await settleCall(engine, named, output)
  return output
}

/** A refusal means that nothing was done, so the caller can use the key again. Any other error leaves the outcome unknown. */
async function orForget<O>(engine: Engine, named: Unfinished<O>['named'], finish: Unfinished<O>['finish']): Promise<O> {
  try {
    return await finish(engine)
  } catch (error) {
    const isRefusal = error instanceof PawlError && error.kind !== 'internal' && error.kind !== 'unavailable'
    if (named && isRefusal) await forgetCall(engine, named)
    throw error
  }
}

function attempt<I, O>(
  engine: Engine,
  operation: Performable<I, O>,
  raw: unknown,
  origin: Origin,
  funding: CallPayment | null,
  unit: Unit,
): Outcome<O> {
  const now = engine.records.now()
  const caller = identify(engine, operation, unit, origin, now)
  const proof = proofOf(caller)
  if (proof) useProof(unit, proof)
  const jobs: string[] = []
  const context = contextOf(engine, unit, { caller, now, origin, waitForJob: (job) => jobs.push(job) })
  let input: I | null = null
  const draftOf = (error: PawlError) => failureDraft(context, operation, input, raw, error)
  return orTurnedAway<Outcome<O>>(unit, caller, draftOf, () => {
    if (operation.access !== 'public') admitFrom(engine, unit, caller, origin)
    admit(engine, operation, unit, caller)
    if (origin.isAmbiguous) throw ambiguousTarget()
    input = parseInput(operation.input, raw)
    authorize(operation, context, input)
    const named = nameCall(context, operation, input)
    const before = named && answerBefore(context, named)
    if (before) return repeated(engine, context, operation, input, before.output)
    const refused = unconfirmed(context, operation, input) ?? notAgreed(context, operation, input, raw)
    const counts = refused ? [] : countsFor(context, operation, input)
    const result = refused ? new CommitThenThrow(refused) : runFunded(context, operation, input, funding)
    if (result instanceof CommitThenThrow) {
      stageFailure(context, operation, input, raw, result.error)
      return { refused: result.error }
    }
    stageCounts(context, counts)
    // Here, because only now a public operation has entered its organisation.
    const charge = chargeFor(funding ? paying(context, funding) : context, operation, input)
    charge?.stage()
    if (result instanceof AfterCommit) {
      stageEvent(context, operation, input, null, result.about, charge)
      if (named) keepCall(unit, named, now, null)
      return { finish: result.finish, named, jobs }
    }
    const awaited = result instanceof WaitForNews ? result.awaited : null
    const output = checkOutput(engine, operation, result instanceof WaitForNews ? result.output : result)
    stageEvent(context, operation, input, output, {}, charge)
    if (named) keepCall(unit, named, now, { output: output as Json })
    const awaits =
      awaited && caller.kind !== 'anonymous' ? { ...awaited, callerId: caller.id, org: caller.org } : undefined
    return { output, jobs, awaits }
  })
}

function orTurnedAway<R>(
  unit: Unit,
  caller: Caller,
  draftOf: (error: PawlError) => AuditDraft | null,
  work: () => R,
): R {
  try {
    return work()
  } catch (error) {
    if (error instanceof MustCollect) error.proof = proofOf(caller)
    if (!(error instanceof PawlError)) throw error
    const org = unit.org ?? (caller.kind === 'anonymous' ? null : caller.org)
    throw new TurnedAway(error, org, draftOf(error), proofOf(caller))
  }
}

function proofOf(caller: Caller): Proof | null {
  return caller.kind === 'anonymous' ? null : (caller.session?.proof ?? null)
}

/**
 * A public operation ignores an invalid credential. Every other operation refuses it. A public operation also does not enter the
 * organisation of the caller, because it may act in another organisation.
 */
function identify(engine: Engine, operation: AnyOperation, unit: Unit, origin: Origin, now: number): Caller {
  const { access } = operation
  if (access === 'public') return knownOrAnonymous(engine, operation, unit, origin, now)
  if (operation.actsElsewhere) return engine.authenticate(unit.reading(), origin, now)
  if (origin.platformConnection) return delegated(engine, unit, origin, origin.platformConnection, now)
  const caller = engine.authenticate(unit, origin, now)
  if (caller.kind !== 'anonymous') unit.enter(caller.org)
  return caller
}

/** A platform app that calls for a user. The call runs in the organisation of the user. */
function delegated(engine: Engine, unit: Unit, origin: Origin, connectionId: string, now: number): Caller {
  const caller = engine.authenticate(unit.reading(), origin, now)
  if (caller.kind === 'anonymous') return caller
  if (caller.kind !== 'app') throw denied({ reason: 'X-Platform-Connection is only for the key of a platform app.' })
  return engine.actFor(unit, caller, connectionId, now)
}

function knownOrAnonymous(engine: Engine, operation: AnyOperation, unit: Unit, origin: Origin, now: number): Caller {
  const reads = unit.reading()
  try {
    const caller = engine.authenticate(reads, origin, now)
    admitFrom(engine, unit, caller, origin, reads)
    requireScope(operation, caller)
    // Public operations treat a platform app as anonymous, also when it acts for a user.
    const isApp = caller.kind === 'app' || (caller.kind === 'user' && caller.delegation !== null)
    return isApp ? { kind: 'anonymous' } : caller
  } catch (error) {
    const provesNothing = error instanceof PawlError && ['unauthenticated', 'denied'].includes(error.kind)
    if (provesNothing) return { kind: 'anonymous' }
    throw error
  }
}

/** Lets every area refuse a signed-in caller. It runs for every operation. */
function admitFrom({ areas }: Engine, unit: Unit, caller: Caller, origin: Origin, known?: Reads): void {
  if (caller.kind === 'anonymous') return
  const home = known ?? (unit.org === null ? unit.reading(caller.org) : unit)
  for (const admits of areas.admissions) admits(home, caller, origin)
  const delegation = caller.kind === 'user' ? caller.delegation : null
  if (!delegation) return
  const ofApp = { kind: 'app', id: delegation.appId, org: delegation.appOrg, session: null } as const
  for (const admits of areas.admissions) admits(unit.reading(delegation.appOrg), ofApp, origin)
}

function admit(engine: Engine, operation: AnyOperation, unit: Reads, caller: Caller): void {
  const { access } = operation
  if (access === 'public') return
  requireCredential(caller)
  requireScope(operation, caller)
  const kinds = access.signedIn ?? usualCallers
  if (!kinds.includes(caller.kind)) throw denied({ reason: `Only ${kinds.join(' or ')} callers may do this.` })
  const admin = 'admin' in access && access.admin
  if (admin && !(caller.kind === 'user' && caller.role !== 'member')) {
    throw denied({ reason: 'Only owners and admins of the organisation may do this.' })
  }
  if ('operator' in access && access.operator && !engine.isOperator(unit, caller)) {
    throw denied({ reason: 'Only owners and admins of the first organisation, who run this server, may do this.' })
  }
}

/** Default kinds of callers. A platform app is a caller only of operations that name it. */
const usualCallers: readonly Caller['kind'][] = ['user', 'agent']

/** The scopes of an API key limit the call, even if the role of the user allows more (M9). Delegations have the same limit. */
function requireScope(operation: AnyOperation, caller: Caller): void {
  if (caller.kind !== 'user') return
  if (caller.delegation && !operation.delegable) {
    throw denied({ reason: 'A platform app cannot do this for a user.' })
  }
  if (operation.anyScope) return
  const scope = scopeOf(operation)
  if (!hasScope(caller.keyScopes, scope)) throw denied({ reason: `The API key does not have the scope ${scope}.` })
}

function requireCredential(caller: Caller): asserts caller is Exclude<Caller, { kind: 'anonymous' }> {
  if (caller.kind !== 'anonymous') return
  throw notAuthenticated({
    reason: 'This operation requires a credential. Send the header `Authorization: Bearer …`.',
  })
}

function authorize<I, O>({ access }: Performable<I, O>, context: Context, input: I): void {
  if (access === 'public' || !('resource' in access)) return
  access.resource(input).authorize(context, access.permission)
}

/** Returns the stored answer of an earlier call to the same caller, who still has access. The repeat is audited, nothing else. */
function repeated<I, O>(
  engine: Engine,
  context: Context,
  operation: Performable<I, O>,
  input: I,
  answer: unknown,
): Outcome<O> {
  const output = checkOutput(engine, operation, answer as O)
  stageEvent(context, operation, input, output, { outcome: 'repeated' }, notCounted)
  return { output, jobs: [], isRepeated: true }
}

const samples = perEngine(() => ({ answers: 0 }))
const answersPerSample = 256

/** A call that was made before. */
const notCounted: Charge = { countsHere: false, about: {}, stage: () => {} }

/** An answer that does not fit its schema is a bug of Pawl. The engine stores nothing, and the caller gets no part of it. */
function checkOutput<I, O>(engine: Engine, { name, output }: Performable<I, O>, result: O): O {
  const isSampled = engine.settings.checkOutputs === 'sampled'
  if (isSampled && samples(engine).answers++ % answersPerSample !== 0) return result
  try {
    const checked = output.parse(result)
    // Where not every answer is checked, a field that is not declared would be shown.
    const lost = isSampled ? null : lostField(result, checked)
    if (lost !== null) throw new TypeError(`${lost} is not declared`)
    return checked
  } catch (error) {
    throw new Error(`${name} returned an answer that does not fit its output schema`, { cause: error })
  }
}

/** Stages the event of a call that succeeds. It is also the count of the call: both are stored, or neither is. */
function stageEvent<I, O>(
  context: Context,
  operation: Performable<I, O>,
  input: I,
  output: O | null,
  more: About,
  charge: Charge | null,
): void {
  const { audit, metered, name } = operation
  if (audit === 'none' || audit.ofRefusals || context.unit.org === null) return
  const about = [
    audit.about?.(input, output),
    more,
    detailsForTheTrail(context),
    inWhoseName(context, operation),
    charge?.about,
  ]
  context.unit.audit(draft(context, audit, about, metered && charge?.countsHere !== false ? name : undefined))
}

/** The event details of a platform app that acts for a user, and of a user who executes a pending approval. */
function inWhoseName({ caller, origin }: Context, operation: AnyOperation): About | undefined {
  const { executor } = origin
  if (executor) return { executed_by: executor.id, pending_approval_id: executor.pendingApprovalId }
  if (caller.kind !== 'user' || !caller.delegation) return undefined
  const { appId, connectionId } = caller.delegation
  return { app_id: appId, connection_id: connectionId, user_id: caller.id, scope: scopeOf(operation) }
}

function stageFailure<I, O>(
  context: Context,
  operation: Performable<I, O>,
  input: I | null,
  raw: unknown,
  error: PawlError,
): void {
  const event = failureDraft(context, operation, input, raw, error)
  if (event && context.unit.org !== null) context.unit.audit(event)
}

function failureDraft<I, O>(
  context: Context,
  operation: Performable<I, O>,
  input: I | null,
  raw: unknown,
  error: PawlError,
): AuditDraft | null {
  const { audit, access } = operation
  if (audit === 'none') return null
  const outcome = outcomes[error.kind] ?? 'failed'
  const guarded = access !== 'public' && 'resource' in access
  const about =
    input === null ? rawPlace(raw) : guarded ? access.resource(input).about : (audit.about?.(input, null) ?? {})
  const more = { ...inWhoseName(context, operation), outcome, code: error.code }
  return draft(context, audit, [about, detailsForTheTrail(error), more])
}

const outcomes: Partial<Record<ErrorKind, string>> = { denied: 'denied', unauthenticated: 'denied', limited: 'limited' }

/** The target of an invalid input. The audit trail shows a rejected path as the caller sent it. */
function rawPlace(raw: unknown): About {
  const { vault_id, path } = (raw ?? {}) as Record<string, unknown>
  const shown = (value: unknown) => (typeof value === 'string' ? value.slice(0, 600) : undefined)
  return { vault_id: shown(vault_id), path: shown(path) }
}

/** A later part wins. Every call comes here, so the parts are copied field by field: a spread takes ten times longer. */
function draft(
  context: Context,
  audit: { action: string; resource: string },
  about: readonly (About | undefined)[],
  metered?: string | undefined,
): AuditDraft {
  let id = ''
  const details: Record<string, Json | undefined> = {}
  for (const part of about) {
    for (const name in part) {
      if (name === 'id') id = part.id ?? ''
      else details[name] = part[name]
    }
  }
  return auditEvent(context, { action: audit.action, resource: { type: audit.resource, id }, details, metered })
}

/** Carries a refusal and its audit event out of the unit. The engine discards the writes of the unit. */
class TurnedAway extends Error {
  override readonly cause: PawlError
  readonly org: string | null
  readonly event: AuditDraft | null
  /** The refused call uses it up, or with a first price, half of it. Null: there is none. */
  readonly proof: Proof | null

  constructor(cause: PawlError, org: string | null, event: AuditDraft | null, proof: Proof | null) {
    super(cause.message)
    this.cause = cause
    this.org = org
    this.event = event
    this.proof = proof
  }
}

async function recordFailure({ records }: Engine, { cause, org, event, proof }: TurnedAway): Promise<void> {
  const isTold = org !== null && event !== null
  if (!isTold && !proof) return
  await records.transact((unit) => {
    if (isTold) unit.audit(event, org)
    if (!proof || wasUsed(unit, proof)) return
    if (paymentRequired.is(cause)) useForPrice(unit, proof)
    else useProof(unit, proof)
  })
}

/**
 * Errors of ports are for the operator, because the reason names paths and hosts of the server. Other callers learn only whether
 * a retry can help.
 */
async function outwardError(
  engine: Engine,
  { name }: AnyOperation,
  origin: Origin,
  error: unknown,
): Promise<PawlError> {
  const cause = causeOf(error)
  if (cause instanceof PawlError && cause.kind !== 'internal') return cause
  if (cause instanceof HsmError && cause.failure === 'sealed') {
    engine.foundSealed()
    return sealed()
  }
  // An error with a separate cause was logged where it happened.
  if (cause === error) engine.log('error', 'operation failed', { operation: name, error })
  const part = partThatFailed(cause)
  if (part === null) return error instanceof PawlError && cause !== error ? error : internalError()
  const reason = (await isAskedByOperator(engine, origin)) ? { reason: (cause as Error).message } : {}
  return unavailable({ part, ...reason })
}

function partThatFailed(error: unknown): string | null {
  if (error instanceof StorageUnusable) return 'storage'
  return error instanceof HsmError && error.failure === 'unavailable' ? 'key store' : null
}

/** If this check fails, the caller does not count as the operator. */
async function isAskedByOperator({ records, authenticate, isOperator }: Engine, origin: Origin): Promise<boolean> {
  return records.transact((unit) => isOperator(unit, authenticate(unit, origin, records.now()))).catch(() => false)
}
