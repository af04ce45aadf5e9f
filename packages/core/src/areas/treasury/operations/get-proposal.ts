import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { proposalNotFound, treasuryNotFound } from '../errors.ts'
import { requireProposal } from '../execute.ts'
import { ProposalBody, proposalBody, proposalColumns, proposalRef } from '../schemas.ts'

export const getProposal = operation({
  name: 'treasury.getProposal',
  summary: 'Read a proposal with its votes.',
  http: {
    method: 'GET',
    path: '/v1/treasury/{treasury_id}/proposals/{proposal_id}',
    status: 200,
    id: 'getTreasuryProposal',
    tag: 'Treasury Proposals',
  },
  tools: [{ name: 'get_treasury_proposal', summary: 'Read a proposal of a treasury, its votes and its status.' }],
  command: { name: 'treasury proposal', positionals: ['treasury_id', 'proposal_id'], columns: proposalColumns },
  effect: 'read',
  access: { permission: 'see', resource: ({ treasury_id }) => treasuryAt(treasury_id) },
  audit: {
    action: 'proposal.read',
    resource: 'proposal',
    about: ({ treasury_id, proposal_id }) => ({ id: proposal_id, treasury_id }),
  },
  input: z.object(proposalRef),
  output: ProposalBody,
  errors: [treasuryNotFound, proposalNotFound],
  run: (context, { treasury_id, proposal_id }) =>
    proposalBody(context, requireProposal(context, treasury_id, proposal_id).proposal),
})
