import { walletSignature } from '../../families/index.ts'
import { bytesOfHex, hex } from '../../kernel/bytes.ts'
import { internalError, invalidField } from '../../kernel/errors.ts'
import { CommitThenThrow, denied, type Principal, type UnitContext } from '../../operations/index.ts'
import { type Agent, agentKind, agentNotFound, isLive } from '../agents/index.ts'
import { isStopped, refuse, requireOrgThawed, reserve } from '../guardrails/index.ts'
import { concludeProposed, intentsDisabled, ruleOnKey, transactionKind } from '../intents/index.ts'
import { signAll } from '../signers/index.ts'
import { alreadyVoted, proposalDecided } from './errors.ts'
import { inTurn } from './in-turn.ts'
import { chainOf, decisionOf, effectsOf } from './limits.ts'
import { type Proposal, proposalKind, type Treasury, type TreasurySigner, treasurySignerKind } from './records.ts'
import { signingKeyOf } from './signers.ts'
import { stateOf } from './state.ts'

/** Throws unless the signer can vote on the proposal. */
export function requireVotable(context: UnitContext, proposal: Proposal, signer: TreasurySigner): void {
  const isSame = (one: Principal | null) =>
    one !== null && one.kind === signer.principal?.kind && one.id === signer.principal.id
  if (proposal.votes.some(({ signerId, principal }) => signerId === signer.id || isSame(principal)))
    throw alreadyVoted()
  const { status } = stateOf(context, proposal)
  if (status !== 'pending') throw proposalDecided({ status })
}

/** Stages a vote, and what follows from it. Null: a rejection, which needs no signature. */
export function castVote(
  context: UnitContext,
  treasury: Treasury,
  proposal: Proposal,
  signer: TreasurySigner,
  signature: Uint8Array | null,
): Proposal {
  requireVotable(context, proposal, signer)
  const { unit, newId, now } = context
  const { id: signerId, principal, address } = signer
  const decision = signature === null ? 'reject' : 'approve'
  const shown = signature === null ? null : hex(signature)
  const votes = [
    ...proposal.votes,
    { id: newId(), signerId, principal, address, decision, signature: shown, at: now } as const,
  ]
  const status = outcomeOf(proposal, votes, unit.list(treasurySignerKind, 'treasury', treasury.id).length)
  const voted: Proposal = { ...proposal, votes, status }
  inTurn(unit, treasury.id)
  unit.put(proposalKind, voted)
  if (status === 'rejected' && voted.askedBy !== null)
    concludeProposed(unit, voted.askedBy, { error: 'The signers of the treasury rejected the proposal.' })
  return voted
}

/** Approved: the threshold is reached. Rejected: it cannot be reached any more. */
function outcomeOf({ threshold }: Proposal, votes: Proposal['votes'], signers: number): Proposal['status'] {
  const rejections = votes.filter(({ decision }) => decision === 'reject').length
  if (votes.length - rejections >= threshold) return 'approved'
  return signers - rejections < threshold ? 'rejected' : 'pending'
}

/**
 * Asks the guardrails of an agent that approves, and takes what the Safe moves of its budgets: its signature is worth as
 * much as one under a transaction of its own. Answers the refusal, or null.
 */
export function guardAgent(context: UnitContext, agentId: string, proposal: Proposal): CommitThenThrow | null {
  const agent = context.unit.require(agentKind, agentId, agentNotFound)
  if (!agent.intentsApiEnabled) throw intentsDisabled()
  if (!isLive(agent, context.now)) throw denied({ reason: 'The agent is disabled or expired.' })
  const decision = decisionOf(context, agent, proposal)
  if (isStopped(decision)) return refuse(context, decision)
  if (needsPeople(context, agent, proposal)) return new CommitThenThrow(denied({ reason: peopleFirst }))
  reserve(context, decision)
  return null
}

const peopleFirst =
  'A policy on the key of the agent requires people to agree first. Another signer must approve the proposal.'

/** Whether a policy on the key of the agent requires people, and they have not agreed yet. */
function needsPeople(context: UnitContext, agent: Agent, proposal: Proposal): boolean {
  const signer = signingKeyOf(context, { kind: 'agent', id: agent.id })?.signer()
  if (!signer || isAgreed(context, agent, proposal)) return false
  const chain = chainOf(context, proposal)
  const { to, data } = proposal
  const asked = { agent, chain, signer, intentType: 'transaction', to, data: `0x${data}` }
  return ruleOnKey(context, { ...asked, effects: effectsOf(chain, proposal) }) !== null
}

/** Whether people agreed to the transaction with `mode: treasury` that asks for the proposal, with the key that votes. */
function isAgreed({ unit }: UnitContext, { id }: Agent, { askedBy }: Proposal): boolean {
  const asked = askedBy === null ? null : unit.get(transactionKind, askedBy)
  return asked?.agentId === id && asked.keyPath === null && asked.approvalId !== null
}

/** Signs the hash with the signing key of the agent, or with the wallet of the user. */
export function ownSignature(
  context: UnitContext,
  { principal, address }: TreasurySigner,
  { hash }: Proposal,
): Uint8Array {
  const key = principal && signingKeyOf(context, principal)
  if (!key || key.address.toLowerCase() !== address.toLowerCase()) {
    throw invalidField('signature', 'is missing. Pawl has no key for the address of this signer')
  }
  // For an agent, guardrails have already decided. For a person, this is the only guardrail.
  if (principal?.kind === 'user') requireOrgThawed(context)
  const [signature] = signAll(context, key.signer(), [bytesOfHex(hash)])
  if (!signature) throw internalError()
  return walletSignature(signature)
}

/** The signer with this address. Null: none. */
export function signerAt(
  { unit }: Pick<UnitContext, 'unit'>,
  { id }: Treasury,
  address: string,
): TreasurySigner | null {
  return unit.find(treasurySignerKind, 'address', id, address.toLowerCase())
}
