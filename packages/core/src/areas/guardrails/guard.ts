import { isSameData } from '../../kernel/data.ts'
import { internalError } from '../../kernel/errors.ts'
import {
  auditEvent,
  CommitThenThrow,
  countSignature,
  forTheTrail,
  requireSignature,
  type UnitContext,
} from '../../operations/index.ts'
import { sumOf } from './amounts.ts'
import { type Decision, decideFrom } from './decide.ts'
import { guardrailViolated } from './errors.ts'
import { factsOf, type GuardContext, ledgerFor, reachedBy, recipientId, type SigningRequest } from './facts.ts'
import {
  type Ledger,
  type Reservation,
  type Taken,
  withEntry,
  withOverhead,
  withoutEntry,
  withoutTaken,
  withTaken,
} from './ledger.ts'
import {
  type DecisionRecord,
  decisionKind,
  decisionsKept,
  ledgerKind,
  orgFreezeKind,
  recipientKind,
} from './records.ts'
import { effectsIn, type Facts, foldedAddress, placeOf, type Signs } from './rule.ts'
import { frozen, orgIsFrozen } from './rules/frozen.ts'
import { storedSigns } from './stored-signs.ts'
import { usdOf } from './usd.ts'

// What the signing area calls, in this order and in one unit: `decide`, then `refuse` or `reserve`. Once the outcome of a
// transaction is certain: `release` or `settle`.

/** A decision about one request of an agent. */
export interface GuardDecision extends Decision {
  readonly request: SigningRequest
  /** The ledger as it is stored. Null: the agent has none. */
  readonly stored: Ledger | null
}

/**
 * Asks every rule about one signature. Stages nothing, so a draft can be judged before the final bytes are.
 *
 * @example
 * const decision = decide(context, { agent, chain, signs: { type: 'transaction', effects } })
 * if (decision.outcome === 'refused') return refuse(context, decision)
 * const reservation = reserve(context, decision)
 */
export function decide(context: GuardContext, request: SigningRequest): GuardDecision {
  const stored = context.unit.get(ledgerKind, request.agent.id)
  return { request, stored, ...decideFrom(factsOf(context, request)) }
}

/** Whether a decision also covers this. A request that names its fees has the same effects as the bytes that Pawl builds from it. */
export function isAbout({ facts }: GuardDecision, signs: Signs): boolean {
  return isSameData(facts.signs, signs)
}

/** Whether nothing may be signed: a limit refuses, or a human must decide first. */
export function isStopped({ outcome }: Decision): boolean {
  return outcome === 'refused' || outcome === 'needs_approval'
}

/** Stages the record of a refusal. The handler returns the result, so that the record is kept and the caller gets the error. */
export function refuse(context: UnitContext, decision: GuardDecision): CommitThenThrow {
  if (!decision.violation) throw internalError()
  record(context, decision, 'refused')
  const error = guardrailViolated({ violation: decision.violation })
  return new CommitThenThrow(forTheTrail(error, { chain: decision.request.chain.name, ...ruleForTheTrail(decision) }))
}

/** Which rule refuses, or would refuse, and its numbers. Empty: every rule allows. */
export function ruleForTheTrail({ violation }: Pick<Decision, 'violation'>): Readonly<Record<string, string | number>> {
  if (!violation) return {}
  const { rule, reason_code, limit, current, attempted } = violation
  const numbers = Object.entries({ limit, current, attempted }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  )
  return { rule, reason_code, ...Object.fromEntries(numbers) }
}

/** Which limit a signature passes while limits are only logged. Empty: none. */
export function loggedForTheTrail(decision: Decision): Readonly<Record<string, string | number>> {
  return decision.outcome === 'logged' ? { enforcement: 'log', ...ruleForTheTrail(decision) } : {}
}

/** Throws `payment_required` if the tier would refuse the signature, so that nothing is staged or asked for one. */
export function requireRoom(context: UnitContext, { request, facts }: GuardDecision): void {
  requireSignature(context, { agentId: request.agent.id, usdMicros: () => worthOf(facts) })
}

/** Stages the record of a decision that waits for a human. */
export function noteAwaiting(context: UnitContext, decision: GuardDecision): void {
  record(context, decision, 'awaiting')
}

/**
 * Takes what a transaction needs of every budget, in the unit of the decision: when another signature was faster, both are
 * repeated. Null: messages take nothing.
 */
export function reserve(context: UnitContext, decision: GuardDecision): Reservation | null {
  const { facts, request } = decision
  const { unit, now } = context
  if (isStopped(decision)) throw internalError()
  requireSameUnit(context, decision)
  // A freeze that is committed first stops this signature, although the ledger of the agent has not changed.
  unit.check(orgFreezeKind, { id: 'org' })
  if (!request.held) countSignature(context, { agentId: request.agent.id, usdMicros: () => worthOf(facts) })
  const taken = takenBy(facts)
  const before = request.held
    ? facts.ledger
    : record(context, decision, decision.outcome === 'logged' ? 'logged' : 'signed')
  if (!taken) return null
  const { id } = request.agent
  unit.put(ledgerKind, withTaken(before, now, taken))
  return { agentId: id, at: now, recipients: payRecipients(context, decision), state: 'held', ...taken }
}

/** Whether a freeze applies to the payer. Then Pawl signs nothing for it, and sends nothing that it signed before. */
export function isFrozen({ unit }: Pick<UnitContext, 'unit'>, payerId: string): boolean {
  return unit.get(orgFreezeKind, 'org') !== null || (unit.get(ledgerKind, payerId)?.frozen ?? null) !== null
}

/** Throws while the organisation is frozen. For a signature of a person, to which no other guardrail applies. */
export function requireOrgThawed({ unit }: Pick<UnitContext, 'unit'>): void {
  if (unit.get(orgFreezeKind, 'org') !== null) {
    throw guardrailViolated({ violation: { rule: frozen.name, ...orgIsFrozen } })
  }
  unit.check(orgFreezeKind, { id: 'org' })
}

/** Gives everything back. Only for a transaction that surely never reaches the chain, and in the unit that stores so. */
export function release(context: Pick<UnitContext, 'unit' | 'now'>, reservation: Reservation): Reservation {
  if (reservation.state !== 'held') return reservation
  const { unit, now } = context
  const { agentId, at, recipients } = reservation
  const ledger = unit.get(ledgerKind, agentId)
  if (ledger) unit.put(ledgerKind, withoutTaken(ledger, now, reservation, at))
  for (const [id, units] of Object.entries(recipients)) {
    const known = unit.get(recipientKind, id)
    if (known) unit.put(recipientKind, { ...known, moved: withoutEntry(known.moved, now, units, at) })
  }
  return { ...reservation, state: 'released' }
}

/** Replaces the most that fees could cost by what they did cost. */
export function settle(
  context: Pick<UnitContext, 'unit' | 'now'>,
  reservation: Reservation,
  overhead: bigint,
): Reservation {
  if (reservation.state !== 'held') return reservation
  const { unit, now } = context
  const { agentId, at } = reservation
  const ledger = unit.get(ledgerKind, agentId)
  if (ledger) unit.put(ledgerKind, withOverhead(ledger, now, reservation, at, overhead))
  return { ...reservation, state: 'settled' }
}

/** The decision of an earlier unit could rest on budgets that are used up since. */
function requireSameUnit({ unit }: Pick<UnitContext, 'unit'>, { stored, request }: GuardDecision): void {
  if (unit.get(ledgerKind, request.agent.id) !== stored) throw internalError()
}

/** Millionths of a dollar. Null: something in it has no price. */
function worthOf(facts: Facts): bigint | null {
  const effects = effectsIn(facts)
  const worth = effects ? usdOf(effects, facts) : { usd: 0n }
  return 'usd' in worth ? worth.usd : null
}

/** What a transaction takes of the budgets. Null: it is no transaction. */
export function takenBy(facts: Facts): Taken | null {
  const { signs } = facts
  if (signs.type !== 'transaction') return null
  const { effects } = signs
  const worth = usdOf(effects, facts)
  return {
    place: placeOf(facts.chain),
    moved: String(effects.native),
    usd: String('usd' in worth ? worth.usd : 0n),
    overhead: String(effects.overhead ?? 0n),
    tokenAccounts: effects.newTokenAccounts.length,
  }
}

/** Remembers whom the agent has paid, and how much if a limit counts that. */
function payRecipients(context: UnitContext, { facts, request }: GuardDecision): Reservation['recipients'] {
  const { unit, now } = context
  const counts = facts.settings.tx_recipient_daily_limit !== undefined
  const paid: Record<string, string> = {}
  for (const address of reachedBy(facts.signs)) {
    const known = facts.recipients.get(address)
    if (known && !counts) continue
    const id = recipientId(context, request.agent.id, facts.chain, address)
    const units = counts ? nativeTo(facts, address) : '0'
    const before = known ?? { id, agentId: request.agent.id, firstAt: now, moved: [] }
    unit.put(recipientKind, { ...before, moved: withEntry(before.moved, now, units) })
    if (units !== '0') paid[id] = units
  }
  return paid
}

function nativeTo(facts: Facts, address: string): string {
  const transfers = effectsIn(facts)?.transfers ?? []
  const own = transfers.filter(({ to, token }) => token === null && foldedAddress(to) === address)
  return String(sumOf(own.map(({ amount }) => amount ?? 0n)))
}

/** Keeps the newest decisions of each agent, and tells the trail what a limit would have refused. Returns the staged ledger. */
function record(context: UnitContext, decision: GuardDecision, outcome: DecisionRecord['outcome']): Ledger {
  const { unit, now } = context
  const { facts, request, violation } = decision
  const { agent, chain, signs } = request
  const number = facts.ledger.decisions
  const rule = violation?.rule ?? null
  unit.put(decisionKind, {
    id: placeOfDecision(context, agent.id, number),
    agentId: agent.id,
    number,
    at: now,
    chain: chain.name,
    type: signs.type,
    outcome,
    rule,
    signs: storedSigns(signs),
    isApproved: facts.isApproved,
  })
  const ledger = { ...ledgerFor(context, request), decisions: number + 1 }
  unit.put(ledgerKind, ledger)
  if (outcome === 'logged') {
    const by = { type: 'agent' as const, id: agent.id, ip: null }
    const details = { ...ruleForTheTrail(decision), chain: chain.name }
    unit.audit(auditEvent(by, { action: 'guardrail.log', resource: { type: 'agent', id: agent.id }, details }))
  }
  return ledger
}

const readAtOnce = 20

/**
 * Returns the id of a decision. A decision that is there is replaced, so the unit must read it first. The first `decisionsKept`
 * places are empty. One read takes 20 places, because the handler runs again after each read.
 */
function placeOfDecision({ unit }: Pick<UnitContext, 'unit'>, agentId: string, number: number): string {
  const id = (at: number) => `${agentId}.${at % decisionsKept}`
  if (number < decisionsKept) return id(number)
  const count = number % readAtOnce === 0 ? readAtOnce : 1
  unit.getAll(
    decisionKind,
    Array.from({ length: count }, (_, ahead) => id(number + ahead)),
  )
  return id(number)
}
