import * as z from 'zod'
import { denied, operation, signedIn } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { proposalDecided, proposalNotFound, treasuryNotFound } from '../errors.ts'
import { requireProposal } from '../execute.ts'
import { dropProposal } from '../remove.ts'
import { proposalRef } from '../schemas.ts'
import { stateOf } from '../state.ts'

export const cancelProposal = operation({
  name: 'treasury.cancelProposal',
  summary: 'Cancel a pending proposal of your own. It is deleted.',
  http: {
    method: 'DELETE',
    path: '/v1/treasury/{treasury_id}/proposals/{proposal_id}',
    status: 204,
    id: 'cancelTreasuryProposal',
    tag: 'Treasury Proposals',
  },
  command: { name: 'treasury cancel', positionals: ['treasury_id', 'proposal_id'] },
  effect: 'write',
  access: { permission: 'act', resource: ({ treasury_id }) => treasuryAt(treasury_id) },
  audit: {
    action: 'proposal.cancel',
    resource: 'proposal',
    about: ({ treasury_id, proposal_id }) => ({ id: proposal_id, treasury_id }),
  },
  input: z.object(proposalRef),
  output: z.undefined(),
  errors: [treasuryNotFound, proposalNotFound, proposalDecided, denied],
  run: (context, { treasury_id, proposal_id }) => {
    const { proposal } = requireProposal(context, treasury_id, proposal_id)
    const { kind, id } = signedIn(context)
    const { proposedBy } = proposal
    if (proposedBy.kind !== kind || proposedBy.id !== id) {
      throw denied({ reason: 'Only the proposer cancels a proposal. A signer can reject it.' })
    }
    const { status } = stateOf(context, proposal)
    if (status !== 'pending') throw proposalDecided({ status })
    dropProposal(context, proposal, 'The proposal was cancelled.')
    return undefined
  },
})
