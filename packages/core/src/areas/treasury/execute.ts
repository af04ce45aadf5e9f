import { execTransactionData } from '../../families/index.ts'
import { bytesOfHex } from '../../kernel/bytes.ts'
import { PawlError } from '../../kernel/errors.ts'
import {
  type Actor,
  auditEvent,
  type Engine,
  type Heard,
  type JobType,
  type UnitContext,
  unitContext,
} from '../../operations/index.ts'
import { rpcSetting } from '../../ports/chain.ts'
import type { Unit } from '../../records/index.ts'
import { type Agent, agentKind } from '../agents/index.ts'
import { complete, concludeProposed, stageSafeCall, type Transaction, transactionKind } from '../intents/index.ts'
import { chainNotConfigured, nodesOf } from '../signers/index.ts'
import { noGasPayer, proposalDecided, proposalNotFound, treasuryNotFound } from './errors.ts'
import { chainOf } from './limits.ts'
import { safeTransactionOf } from './propose.ts'
import { type Proposal, proposalKind, type Treasury, treasuryKind } from './records.ts'
import { keyOf } from './signers.ts'
import { stateOf } from './state.ts'

// An approved proposal becomes a transaction of the agent that pays the gas. That transaction is stored as `pending` in the
// commit that makes the proposal `executing`, and areas/intents signs it, sends it and follows it.

export const executedAction = 'proposal.execute'

interface Executing {
  readonly [field: string]: string
  readonly org: string
  readonly id: string
}

/** Carries out a proposal that has its votes. It can run again. */
export const executeJob: JobType<Executing> = {
  name: 'treasury.execute',
  run: async (engine, { org, id }) => {
    try {
      await carryOut(engine, org, id)
    } catch (error) {
      // The proposal stays approved and says why. A human tries again.
      if (!(error instanceof PawlError)) throw error
    }
  },
}

const server: Actor = { type: 'system', id: 'treasury', ip: null }

/** Throws if the proposal cannot be executed now. It stays approved then, and says why. */
export async function carryOut(engine: Engine, org: string, id: string): Promise<void> {
  const { records } = engine
  try {
    const transactionId = await records.transactIn(org, (unit) => claim(engine, unitContext(engine, unit), id))
    if (transactionId === null) return
    const done = await complete(engine, { org, by: server }, transactionId)
    await records.transactIn(org, (unit) => settle(unit, records.now(), done))
  } catch (error) {
    if (error instanceof PawlError) await records.transactIn(org, (unit) => noteFailure(unit, id, error.message))
    throw error
  }
}

/** Makes the proposal `executing`, with its transaction. Null: there is nothing to do. */
function claim(engine: Engine, context: UnitContext, id: string): string | null {
  const { unit } = context
  const proposal = unit.get(proposalKind, id)
  const treasury = proposal && unit.get(treasuryKind, proposal.treasuryId)
  if (!proposal || !treasury) return null
  const { transactionId } = proposal
  if (proposal.status === 'executing' && unit.get(transactionKind, transactionId ?? '')?.status === 'pending')
    return transactionId
  if (stateOf(context, proposal).status !== 'approved') return null
  const chain = chainOf(context, proposal)
  if (!nodesOf(engine, chain)) throw chainNotConfigured({ setting: rpcSetting(chain.name) })
  const agent = payerOf(context, treasury, proposal)
  if (!agent) throw noGasPayer()
  const signatures = proposal.votes.flatMap(({ address, signature }) =>
    signature === null ? [] : [{ owner: address, signature: bytesOfHex(signature) }],
  )
  const data = execTransactionData(safeTransactionOf(proposal), signatures)
  const made = stageSafeCall(context, { agent, chain, to: proposal.safe.safeAddress, data, proposalId: id })
  unit.put(proposalKind, { ...proposal, status: 'executing', transactionId: made.id, failure: null })
  return made.id
}

/** The agent that was chosen to pay the gas, else one that has approved. */
function payerOf(context: UnitContext, { executorId }: Treasury, { votes }: Proposal): Agent | null {
  const voters = votes.flatMap(({ principal, decision }) =>
    principal?.kind === 'agent' && decision === 'approve' ? [principal.id] : [],
  )
  for (const id of executorId === null ? voters : [executorId]) {
    const agent = context.unit.get(agentKind, id)
    if (agent?.intentsApiEnabled && keyOf(context, id)) return agent
  }
  return null
}

function noteFailure(unit: Unit, id: string, failure: string): void {
  const proposal = unit.get(proposalKind, id)
  const transaction = unit.get(transactionKind, proposal?.transactionId ?? '')
  // A transaction that may be signed is followed, so its outcome decides.
  const isOver = !transaction || transaction.status === 'failed' || transaction.status === 'simulation_failed'
  if (proposal?.status === 'approved' || (proposal?.status === 'executing' && isOver))
    unit.put(proposalKind, { ...proposal, status: 'approved', failure })
}

/** Stages the outcome of the transaction that carries out a proposal. */
function settle(unit: Unit, now: number, transaction: Transaction): void {
  const { safe, status, hash, error } = transaction
  if (safe?.role !== 'executes') return
  const proposal = unit.get(proposalKind, safe.proposalId)
  if (!proposal || proposal.transactionId !== transaction.id) return
  if (status === 'failed' || status === 'simulation_failed') {
    if (proposal.status !== 'executing' && proposal.status !== 'executed') return
    unit.put(proposalKind, { ...proposal, status: 'approved', executedHash: null, executedAt: null, failure: error })
    return
  }
  const isIncluded = transaction.chainState === 'included' || transaction.chainState === 'confirmed'
  if (proposal.status !== 'executing' || !isIncluded) return
  const executed: Proposal = { ...proposal, status: 'executed', executedHash: hash, executedAt: now, failure: null }
  unit.put(proposalKind, executed)
  dropRivals(unit, executed)
  if (executed.askedBy !== null) concludeProposed(unit, executed.askedBy, { hash: hash ?? '' })
  const details = {
    treasury_id: executed.treasuryId,
    chain: executed.safe.chain,
    hash: hash ?? '',
    nonce: executed.nonce,
  }
  unit.audit(auditEvent(server, { action: executedAction, resource: { type: 'proposal', id: executed.id }, details }))
}

/** The Safe takes each nonce once, so other proposals with the same one can never be executed. */
function dropRivals(unit: Unit, { id, treasuryId, nonce }: Proposal): void {
  for (const other of unit.list(proposalKind, 'open', treasuryId, nonce)) {
    if (other.id === id || other.status === 'executing') continue
    if (other.askedBy !== null)
      concludeProposed(unit, other.askedBy, { error: 'Another proposal with this nonce was executed.' })
    unit.put(proposalKind, { ...other, status: 'rejected' })
  }
}

/** The time since which the oldest treasury exists. Null: there is none, so the engine reads no trail. */
export async function listensSince({ records }: Engine, org: string): Promise<number | null> {
  const [oldest] = await records.reading(org).list(treasuryKind, 'created')
  return oldest?.createdAt ?? null
}

/** Receives the outcome of a transaction. It can receive the same event twice. */
export async function hearTransaction({ records }: Engine, { org, resourceId }: Heard): Promise<void> {
  await records.transactIn(org, (unit) => {
    const transaction = unit.get(transactionKind, resourceId)
    if (transaction?.safe) settle(unit, records.now(), transaction)
  })
}

export function requireProposal({ unit }: Pick<UnitContext, 'unit'>, treasuryId: string, id: string) {
  const treasury = unit.require(treasuryKind, treasuryId, treasuryNotFound)
  const proposal = unit.require(proposalKind, id, proposalNotFound)
  if (proposal.treasuryId !== treasuryId) throw proposalNotFound()
  return { treasury, proposal }
}

/** Throws unless the proposal has its votes and is not on its way. */
export function requireApproved(context: UnitContext, proposal: Proposal): void {
  const { status } = stateOf(context, proposal)
  if (status !== 'approved') throw proposalDecided({ status })
}
