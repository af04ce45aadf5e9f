import { type Engine, type JobType, type Principal, unitContext } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { concludeProposed } from '../intents/index.ts'
import { inTurn } from './in-turn.ts'
import {
  type Proposal,
  proposalKind,
  type TreasurySigner,
  treasuryAccessKind,
  treasuryKind,
  treasurySignerKind,
} from './records.ts'

/** Stages the end of a signer: its votes on open proposals count no more, and an agent loses its access. Returns the votes. */
export function endSigner(unit: Unit, signer: TreasurySigner): number {
  inTurn(unit, signer.treasuryId)
  let votes = 0
  for (const proposal of unit.list(proposalKind, 'open', signer.treasuryId)) {
    const left = proposal.votes.filter(({ signerId }) => signerId !== signer.id)
    if (left.length === proposal.votes.length || proposal.status === 'executing') continue
    votes += proposal.votes.length - left.length
    unit.put(proposalKind, withVotes(proposal, left))
  }
  if (signer.principal?.kind === 'agent') endAccess(unit, signer.treasuryId, signer.principal.id)
  unit.delete(treasurySignerKind, signer)
  return votes
}

/** An approval that was enough can be too few now. */
function withVotes(proposal: Proposal, votes: Proposal['votes']): Proposal {
  const approvals = votes.filter(({ decision }) => decision === 'approve').length
  return { ...proposal, votes, status: approvals >= proposal.threshold ? 'approved' : 'pending' }
}

/** Ends the delegation of an agent, or the request that waits for a decision. */
function endAccess(unit: Unit, treasuryId: string, agentId: string): void {
  const live = unit.find(treasuryAccessKind, 'live', treasuryId, agentId)
  if (live?.status === 'pending') unit.delete(treasuryAccessKind, live)
  else if (live) unit.put(treasuryAccessKind, { ...live, delegation: null })
}

/** A deleted user or agent has no vote any more. It can run again. */
export async function dropSigners({ records }: Engine, org: string, { kind, id }: Principal): Promise<void> {
  const endOne = (unit: Unit) => {
    const [signer] = unit.page(treasurySignerKind, 'principal', { tuple: [kind, id], limit: 1 })
    if (signer) endSigner(unit, signer)
    return signer !== undefined
  }
  while (await records.transactIn(org, endOne));
}

export async function dropAgent(engine: Engine, { org, id }: { org: string; id: string }): Promise<void> {
  const { records } = engine
  await dropSigners(engine, org, { kind: 'agent', id })
  await dropAll(records, org, treasuryAccessKind, 'agent', id)
  await records.transactIn(org, (unit) => {
    for (const one of unit.list(treasuryKind, 'executor', id)) unit.put(treasuryKind, { ...one, executorId: null })
  })
}

interface Dropped {
  readonly [field: string]: string
  readonly org: string
  readonly id: string
}

const proposalsAtOnce = 20

/** Removes the records of a deleted treasury. It can run again. */
export const dropTreasuryJob: JobType<Dropped> = {
  name: 'treasury.drop',
  run: async (engine, { org, id }) => {
    const { records } = engine
    await dropAll(records, org, treasurySignerKind, 'treasury', id)
    await dropAll(records, org, treasuryAccessKind, 'treasury', id)
    const dropSome = (unit: Unit) => {
      const some = unit.page(proposalKind, 'treasury', { tuple: [id], limit: proposalsAtOnce })
      for (const one of some) dropProposal(unitContext(engine, unit), one, 'The treasury was deleted.')
      return some.length > 0
    }
    while (await records.transactIn(org, dropSome));
  },
}

/** Stages that a proposal is gone, and that the transaction which asked for it has failed. */
export function dropProposal({ unit }: { readonly unit: Unit }, proposal: Proposal, why: string): void {
  if (proposal.askedBy !== null) concludeProposed(unit, proposal.askedBy, { error: why })
  unit.delete(proposalKind, proposal)
}
