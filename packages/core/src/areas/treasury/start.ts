import { hex } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import {
  CommitThenThrow,
  type Context,
  denied,
  type Engine,
  paymentRequired,
  type TransactionMode,
  type UnitContext,
  unitContext,
} from '../../operations/index.ts'
import { delegationOf, ownSigner } from './access.ts'
import { treasuryNotFound } from './errors.ts'
import { executeJob } from './execute.ts'
import { chainOf, isAutoApproved, refusalOf } from './limits.ts'
import { followNonce, type NewProposal, newProposal } from './propose.ts'
import {
  type Delegation,
  type Proposal,
  proposalKind,
  type Treasury,
  treasuryAccessKind,
  treasuryKind,
  treasurySignerKind,
} from './records.ts'
import { castVote, guardAgent, ownSignature } from './vote.ts'

/** A proposal that is staged, and what follows after the commit. */
export interface Started {
  readonly proposal: Proposal
  finish(engine: Engine): Promise<void>
}

/** Stages a proposal of the caller or of an agent. An agent proposes within its delegation. */
export function start(
  context: UnitContext,
  treasury: Treasury,
  wanted: NewProposal,
  delegation: Delegation | null,
): Started | CommitThenThrow {
  const { proposedBy } = wanted
  const refused = proposedBy.kind === 'agent' ? refusalOf(context, proposedBy.id, delegation, wanted) : null
  if (refused) return refused
  const proposal = newProposal(context, treasury, wanted)
  const isAuto = delegation !== null && isAutoApproved(delegation.autoApprove, chainOf(context, wanted), wanted)
  const org = context.unit.org ?? ''
  return {
    proposal,
    finish: async (engine) => {
      await followNonce(engine, org, proposal)
      if (isAuto && (await approveAsAgent(engine, org, proposal))) await carryOutNow(engine, org, proposal.id)
    },
  }
}

/** Casts the vote that a rule gives. Answers whether the proposal is approved then. */
function approveAsAgent(engine: Engine, org: string, { id, treasuryId, proposedBy }: Proposal): Promise<boolean> {
  return engine.records.transactIn(org, (unit) => {
    const context = unitContext(engine, unit)
    const treasury = unit.get(treasuryKind, treasuryId)
    const proposal = unit.get(proposalKind, id)
    const signer = unit.find(treasurySignerKind, 'person', treasuryId, 'agent', proposedBy.id)
    if (!treasury || proposal?.status !== 'pending' || !signer) return false
    // A proposal that the guardrails or the tier refuse waits for the other signers.
    if (isRefused(() => guardAgent(context, proposedBy.id, proposal))) return false
    return castVote(context, treasury, proposal, signer, ownSignature(context, signer, proposal)).status === 'approved'
  })
}

function isRefused(guard: () => CommitThenThrow | null): boolean {
  try {
    return guard() !== null
  } catch (error) {
    if (paymentRequired.is(error)) return true
    throw error
  }
}

/** Carries out an approved proposal. If that is not possible now, it stays approved, and says why. */
async function carryOutNow(engine: Engine, org: string, id: string): Promise<void> {
  await executeJob.run(engine, { org, id })
}

/** How the caller may propose: as a human of the treasury, as a signer, or within a delegation. */
export function delegationOfCaller(context: Context, treasury: Treasury): Delegation | null {
  if (context.caller.kind !== 'agent') return null
  const delegation = delegationOf(context, treasury, context.caller.id)?.delegation ?? null
  if (delegation === null && !ownSigner(context, treasury)) throw treasuryNotFound()
  return delegation
}

/** `mode: treasury` of a transaction: it becomes a proposal of a treasury that was delegated to the agent. */
export const treasuryMode: TransactionMode = (context, asked) => {
  const { agentId, chain, to, value, data, treasuryId, transactionId } = asked
  const { treasury, delegation } = delegatedTreasury(context, agentId, chain, treasuryId)
  const { safeAddress, safeVersion, chainId } = treasury
  const wanted: NewProposal = {
    ...{ safe: { safeAddress, safeVersion, chain: treasury.chain, chainId }, to, value: value.toString() },
    ...{
      data: hex(data),
      operation: 0,
      proposedBy: { kind: 'agent', id: agentId },
      nonce: null,
      askedBy: transactionId,
    },
  }
  const started = start(context, treasury, wanted, delegation)
  if (started instanceof CommitThenThrow) return { refused: started.error }
  return { proposalId: started.proposal.id, from: safeAddress, finish: started.finish }
}

function delegatedTreasury({ unit }: UnitContext, agentId: string, chain: string, wanted: string | undefined) {
  const found = unit.list(treasuryAccessKind, 'agent', agentId).flatMap(({ treasuryId, delegation }) => {
    const treasury = delegation && delegation.mode !== 'owner' ? unit.get(treasuryKind, treasuryId) : null
    const isIt = treasury?.chain === chain && (wanted === undefined || wanted === treasury.id)
    return treasury && delegation && isIt ? [{ treasury, delegation }] : []
  })
  const [only, ...others] = found
  if (!only) {
    throw denied({ reason: `No treasury on ${chain} is delegated to the agent with the mode delegated or both.` })
  }
  if (only.treasury.comparison)
    throw denied({ reason: 'The treasury is not compared with the chain yet. Try again later.' })
  if (others.length > 0) throw invalidField('treasury_id', 'is missing, because the agent can use several treasuries')
  return only
}
