import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { treasuryAt } from '../access.ts'
import { treasuryNotFound } from '../errors.ts'
import { proposalKind } from '../records.ts'
import { ProposalBody, proposalBody, proposalColumns, statusField, treasuryRef } from '../schemas.ts'
import { stateOf } from '../state.ts'

export const listProposals = operation({
  name: 'treasury.listProposals',
  summary: 'List the proposals of a treasury, newest first.',
  http: {
    method: 'GET',
    path: '/v1/treasury/{treasury_id}/proposals',
    status: 200,
    id: 'listTreasuryProposals',
    tag: 'Treasury Proposals',
  },
  command: { name: 'treasury proposals', columns: proposalColumns },
  effect: 'read',
  access: { permission: 'see', resource: ({ treasury_id }) => treasuryAt(treasury_id) },
  audit: { action: 'proposal.list', resource: 'treasury', about: ({ treasury_id }) => ({ id: treasury_id }) },
  input: z.object({ ...treasuryRef, status: fields.optional(statusField()).describe('Default: any status.') }),
  output: z.object({ proposals: z.array(ProposalBody) }),
  errors: [treasuryNotFound],
  run: (context, { treasury_id, status }) => {
    const all = context.unit.list(proposalKind, 'treasury', treasury_id).toReversed()
    const wanted = all.filter((one) => status === undefined || stateOf(context, one).status === status)
    return { proposals: wanted.map((one) => proposalBody(context, one)) }
  },
})
