import { type Effects, effectsOf, nothingAsked, type SignedTransaction, type ToSign } from '../../families/index.ts'
import { hex } from '../../kernel/bytes.ts'
import { PawlError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { type Actor, auditEvent, denied, type Engine, type UnitContext, unitContext } from '../../operations/index.ts'
import { type AnyChain, rpcSetting } from '../../ports/chain.ts'
import type { Unit } from '../../records/index.ts'
import { agentKind, agentNotFound, isLive } from '../agents/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import {
  decide,
  type GuardDecision,
  guardrailViolated,
  isAbout,
  isStopped,
  loggedForTheTrail,
  noteAwaiting,
  refuse,
  requiresSimulation,
  reserve,
  ruleForTheTrail,
} from '../guardrails/index.ts'
import { chainNotConfigured, nodesOf, orInvalid, signAll } from '../signers/index.ts'
import { approvalForTheTrail, awaitApproval, isApprovedByHuman, takeApproval } from './approval.ts'
import { intentsDisabled, simulationReverted, simulationUnavailable, transactionNotFound } from './errors.ts'
import { type Asked, askNodes, asksNothing } from './facts.ts'
import { laneOf, nextNonce, takeNonce } from './lane.ts'
import { lockOutputs, withoutLocked } from './locks.ts'
import { isOperation } from './operation-request.ts'
import { contextFor, type Prepared, prepareAgain } from './prepare.ts'
import { eventOf, openTransactionKind, type Transaction, transactionKind } from './records.ts'
import { transactionBody } from './schemas.ts'
import { broadcast } from './send.ts'
import { askForOperation, bundlerOf, operationSender } from './user-operations.ts'

/** Whose transaction it is, for events. */
export interface Signing {
  readonly org: string
  readonly by: Actor
}

/**
 * Does what follows once a transaction is stored as `pending`: asks the nodes, simulates, signs in a unit of its own, and
 * sends. Each step stores its outcome before the next one begins.
 */
export async function complete(engine: Engine, signing: Signing, id: string): Promise<Transaction> {
  const { org } = signing
  try {
    const prepared = await engine.records.transactIn(org, (unit) => loaded(unitContext(engine, unit), id))
    const { chain, one, simulates } = prepared
    const nodes = nodesOf(engine, chain)
    if (simulates && !nodes) throw chainNotConfigured({ setting: rpcSetting(chain.name) })
    const asked = isOperation(one)
      ? await askForOperation(engine, prepared, one, simulates)
      : await askNodes(engine, prepared, nodes, simulates)
    if (simulates && !asked.simulation) throw simulationUnavailable({ chain: chain.name })
    if (simulates && asked.simulation?.succeeded === false) {
      return await notSimulated(engine, signing, prepared, asked.simulation.reason)
    }
    const signed = await sign(engine, signing, id, asked)
    if (signed.status !== 'signed' || !nodes) return signed
    return await broadcast(engine, signing, signed, senderOf(engine, chain, signed, nodes))
  } catch (error) {
    // The engine signs an approved transaction when the nodes answer again.
    const keepsApproved = error instanceof PawlError && error.kind === 'unavailable'
    if (error instanceof PawlError) await fail(engine, org, id, error.message, keepsApproved)
    throw error
  }
}

/**
 * Signs in the unit that asks, so that one commit has the decision, the budgets and the signature. Null: a node or a human must be
 * asked first, or a guardrail refuses.
 */
export function signAtOnce(
  context: UnitContext,
  signing: Signing,
  {
    prepared,
    one,
    decided,
  }: {
    readonly prepared: Prepared
    readonly one: Transaction
    /** The decision about the draft, in the same unit. */
    readonly decided: GuardDecision
  },
): Transaction | null {
  const { agent, chain } = prepared
  const simulates = one.simulates || requiresSimulation(context, agent)
  if (one.purpose !== 'sign_only' || simulates || !asksNothing(prepared)) return null
  const asked = { facts: nothingAsked, simulation: null }
  const built = build(context, prepared, asked)
  const signs = { type: 'transaction', effects: built.unsigned.effects } as const
  const decision = isAbout(decided, signs) ? decided : decide(context, { agent, chain, signs })
  if (isStopped(decision)) return null
  const reservation = reserve(context, decision)
  const asAgent = contextFor(context, agent, signing.org)
  const { family, signer, from, draft } = prepared
  const { unsigned, account } = built
  const drafted = { chain, family, signer, from, draft, unsigned, account, decision }
  return signBuilt(asAgent, signing, { one, asked, reservation, simulates, hasNodes: false, isNew: true, ...drafted })
}

/** What carries the transaction to the chain: a node, or the bundler of an operation. */
function senderOf(
  engine: Engine,
  chain: RegisteredChain,
  one: Transaction,
  nodes: AnyChain,
): Pick<AnyChain, 'broadcast'> {
  const bundler = isOperation(one) ? bundlerOf(engine, chain) : null
  return bundler ? operationSender(bundler) : nodes
}

interface Loaded extends Prepared {
  readonly one: Transaction
  /** Whether nothing is signed before a simulation succeeds. Only EVM chains simulate. */
  readonly simulates: boolean
}

function loaded(context: UnitContext, id: string): Loaded {
  const one = context.unit.require(transactionKind, id, transactionNotFound)
  const agent = context.unit.require(agentKind, one.agentId, agentNotFound)
  const prepared = orInvalid(() => prepareAgain(context, agent, one))
  const isWanted = one.simulates || requiresSimulation(context, agent)
  return { ...prepared, one, simulates: isWanted && prepared.family.call !== undefined }
}

/**
 * The unit that signs. It takes the nonce and the budgets in the commit that stores the signature. So of many signers, each
 * sees what the others took, or runs again.
 */
async function sign(engine: Engine, { org, by }: Signing, id: string, asked: Asked): Promise<Transaction> {
  const outcome = await engine.records.transactIn(org, (unit) => {
    const context = unitContext(engine, unit)
    const one = unit.require(transactionKind, id, transactionNotFound)
    const isApproved = one.status === 'awaiting_approval' && isApprovedByHuman(context, one)
    if (one.status !== 'pending' && !isApproved) return { one }
    const prepared = loaded(context, id)
    const { agent, chain, family, draft, simulates } = prepared
    // A human has turned simulations on since the nodes were asked.
    if (simulates && !asked.simulation?.succeeded) throw simulationUnavailable({ chain: chain.name })
    if (!agent.intentsApiEnabled) throw intentsDisabled()
    if (!isLive(agent, context.now)) throw denied({ reason: 'The agent is disabled or expired.' })
    const built = build(context, prepared, asked)
    const { effects } = built.unsigned
    if (isApproved) takeApproval(context, { one, chain, effects })
    const signs = { type: 'transaction', effects: guardedEffects(one, effects) } as const
    const decision = decide(context, { agent, chain, signs, isApproved })
    if (decision.outcome === 'needs_approval') {
      noteAwaiting(context, decision)
      const asks = { feesAsked: family.effects(draft).overhead, asking: decision.violation }
      const { waiting, expiresAt } = awaitApproval(context, agent, { one, chain, effects }, asks)
      followFrom(unit, org, id, expiresAt)
      return { one: waiting }
    }
    if (decision.outcome === 'refused') {
      const { error } = refuse(context, decision)
      auditRefusal(context, by, one, decision)
      closeOpen(unit, id)
      unit.put(transactionKind, { ...one, status: 'failed', error: error.message })
      return { refused: error }
    }
    const asAgent = contextFor(context, agent, org)
    const reservation = reserve(context, decision)
    const hasNodes = nodesOf(engine, chain) !== null
    const made = { ...prepared, ...built, asked, reservation, hasNodes, decision }
    return { one: signBuilt(asAgent, { org, by }, made) }
  })
  if ('refused' in outcome) throw outcome.refused
  return outcome.one
}

/** The signer and the draft, with everything that determines the bytes. */
type Drafted = Pick<Prepared, 'chain' | 'family' | 'signer' | 'from' | 'draft'>

interface Built {
  readonly unsigned: ToSign
  /** The account as the chain reported it, after the lane and the locks are applied. */
  readonly account: Asked['facts']['account']
}

/** The bytes of a transaction: with the next nonce of its lane, and without outputs that other transactions spend. */
export function build(context: UnitContext, { chain, family, signer, from, draft }: Drafted, asked: Asked): Built {
  const lane = laneOf(context.unit, chain.name, from)
  const free = withoutLocked(context, chain.name, from, asked.facts.account)
  const account = withLane(free, lane && nextNonce(lane, null))
  return { unsigned: orInvalid(() => family.build(draft, { ...asked.facts, account }, signer.publicKey)), account }
}

/**
 * Signs what guardrails have allowed, and stages the signature with everything that it takes: the budgets, the nonce and the
 * outputs.
 */
export function signBuilt(
  context: UnitContext,
  { org, by }: Signing,
  made: Drafted &
    Built & {
      readonly one: Transaction
      readonly asked: Asked
      readonly reservation: Transaction['reservation']
      readonly hasNodes: boolean
      /** What guardrails decided. */
      readonly decision: GuardDecision
      /** Whether it was simulated before. */
      readonly simulates: boolean
      /** Whether the transaction is not stored yet. */
      readonly isNew?: boolean
    },
): Transaction {
  const { one, chain, family, signer, unsigned, account, asked, reservation, hasNodes, simulates, isNew = false } = made
  lockOutputs(context, chain.name, one.from, unsigned.spends ?? [])
  const bytes = family.assemble(unsigned, signAll(context, signer, unsigned.toSign), signer.publicKey)
  const shown = unsigned.chosen ?? { nonce: nextOf(account), maxFee: null, priorityFee: null }
  const stored = storeSigned(
    context,
    org,
    { ...withSignature(context, one, bytes, shown, asked, simulates), reservation },
    { hasNodes, isNew },
  )
  const allowed = { ...loggedForTheTrail(made.decision), ...approvalForTheTrail(context.unit, one) }
  auditSignature(context, by, one, { hash: bytes.id, ...allowed })
  return stored
}

/** The call was stored before its bytes were refused, so its own event does not say so. */
function auditRefusal(context: UnitContext, by: Actor, one: Transaction, decision: GuardDecision): void {
  auditSignature(context, by, one, { outcome: 'denied', code: guardrailViolated.code, ...ruleForTheTrail(decision) })
}

function auditSignature(
  { unit }: UnitContext,
  by: Actor,
  one: Transaction,
  said: Readonly<Record<string, Json>>,
): void {
  const { action, details } = eventOf(one, 'sign')
  const all = { to: one.to, value_wei: one.request.value, ...said, ...details }
  unit.audit(auditEvent(by, { action, resource: { type: 'transaction', id: one.id }, details: all }))
}

/**
 * What guardrails decide about. The call of a Safe moves money of the Safe, and its owners have decided about that. The
 * agent pays the fees alone.
 */
function guardedEffects({ safe }: Transaction, effects: Effects): Effects {
  return safe?.role === 'executes' ? effectsOf({ native: 0n, overhead: effects.overhead }) : effects
}

/** A signed transaction that no node accepted for so long is sent again. */
const resendAfterMs = 15_000

/** Stages that the task looks at the transaction at this time. */
function followFrom(unit: Unit, org: string, id: string, dueAt: number): void {
  const open = unit.get(openTransactionKind, id)
  unit.put(openTransactionKind, { id, org, tries: 0, ...open, dueAt })
}

export function closeOpen(unit: Unit, id: string): void {
  const open = unit.get(openTransactionKind, id)
  if (open) unit.delete(openTransactionKind, open)
}

function withLane(account: Asked['facts']['account'], own: bigint | null): Asked['facts']['account'] {
  if (account?.model === 'outputs') return account
  const pending = account?.model === 'counter' ? account.next : null
  const next = own !== null && (pending === null || own > pending) ? own : pending
  return next === null ? null : { model: 'counter', next }
}

function nextOf(account: Asked['facts']['account']): bigint | null {
  return account?.model === 'counter' ? account.next : null
}

interface Shown {
  readonly nonce: bigint | null
  readonly maxFee: bigint | null
  readonly priorityFee: bigint | null
}

function withSignature(
  { now }: UnitContext,
  one: Transaction,
  { text, bytes, id }: SignedTransaction,
  { nonce, maxFee, priorityFee }: Shown,
  { simulation }: Asked,
  simulates: boolean,
): Transaction {
  return {
    ...one,
    status: one.purpose === 'submit' ? 'signed' : 'sign_only',
    signed: text,
    raw: one.purpose === 'submit' ? hex(bytes) : null,
    // A bundler can keep an operation that it refuses, so a refusal does not prove that the operation never happens.
    isShown: isOperation(one),
    hash: id,
    nonce: nonce?.toString() ?? null,
    maxFee: maxFee?.toString() ?? null,
    priorityFee: priorityFee?.toString() ?? null,
    simulation: simulation && simulates ? { id: one.id, status: 'success' } : null,
    signedAt: now,
  }
}

/** Stages a signed transaction, and that it is followed if there is a node to send it to. */
function storeSigned(
  { unit, now }: UnitContext,
  org: string,
  signed: Transaction,
  { hasNodes, isNew }: { readonly hasNodes: boolean; readonly isNew: boolean },
): Transaction {
  const { id, chain, from, nonce, purpose } = signed
  const isSent = purpose === 'submit' && hasNodes
  if (purpose === 'submit' && nonce !== null) takeNonce(unit, chain, from, BigInt(nonce))
  if (isSent) followFrom(unit, org, id, now + resendAfterMs)
  else if (!isNew) closeOpen(unit, id)
  const stored: Transaction = { ...signed, chainState: isSent ? 'sending' : null }
  unit.put(transactionKind, stored)
  return stored
}

async function notSimulated(engine: Engine, { org }: Signing, { one, chain }: Loaded, reason: string): Promise<never> {
  const failed: Transaction = {
    ...one,
    status: 'simulation_failed',
    error: reason,
    simulation: { id: one.id, status: 'reverted' },
  }
  await engine.records.transactIn(org, (unit) => {
    closeOpen(unit, one.id)
    if (unit.get(transactionKind, one.id)) unit.put(transactionKind, failed)
  })
  throw simulationReverted({ reason, transaction: transactionBody(failed, chain, false) })
}

/** Stores that a transaction was not signed. One that was signed stays as it is. */
export async function fail(
  engine: Engine,
  org: string,
  id: string,
  error: string,
  keepsApproved = false,
): Promise<void> {
  await engine.records.transactIn(org, (unit) => {
    const one = unit.get(transactionKind, id)
    const isOpen = one?.status === 'pending' || (one?.status === 'awaiting_approval' && !keepsApproved)
    if (!one || !isOpen) return
    closeOpen(unit, id)
    unit.put(transactionKind, { ...one, status: 'failed', error })
  })
}
