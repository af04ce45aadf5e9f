import * as z from 'zod'
import { confirmField, confirmHeader, denied, fields, operation } from '../../../operations/index.ts'
import { guardrailViolated } from '../../guardrails/index.ts'
import { intentsDisabled } from '../../intents/index.ts'
import { chainNotConfigured, chainUnavailable, keyUnusable } from '../../signers/index.ts'
import { treasuryAt } from '../access.ts'
import { alreadyVoted, proposalDecided, proposalNotFound, treasuryNotFound } from '../errors.ts'
import { executedAction, requireProposal } from '../execute.ts'
import { addressField, ProposalBody, proposalColumns, proposalRef } from '../schemas.ts'
import { voteOf } from '../sign.ts'

export const signProposal = operation({
  name: 'treasury.signProposal',
  summary: 'Approve or reject a proposal as a signer. With enough approvals, it is executed if a node is configured.',
  http: {
    method: 'POST',
    path: '/v1/treasury/{treasury_id}/proposals/{proposal_id}/sign',
    status: 200,
    id: 'signTreasuryProposal',
    tag: 'Treasury Proposals',
    headers: confirmHeader,
  },
  tools: [
    {
      name: 'sign_treasury_proposal',
      summary: 'Approve or reject a proposal of a treasury that you are a signer of. The vault signs with your key.',
    },
  ],
  command: { name: 'treasury sign', positionals: ['treasury_id', 'proposal_id', 'decision'], columns: proposalColumns },
  effect: 'write',
  // A wallet signs only for its owner, and a stolen token is not enough for that.
  confirms: {
    purpose: 'proposal.sign',
    when: ({ context: { caller }, input: { decision, signature } }) =>
      caller.kind === 'user' && decision !== 'reject' && signature === undefined,
  },
  access: { permission: 'act', resource: ({ treasury_id }) => treasuryAt(treasury_id) },
  audit: {
    action: 'proposal.sign',
    resource: 'proposal',
    about: ({ treasury_id, proposal_id, decision }) => ({ id: proposal_id, treasury_id, decision }),
    settled: executedAction,
  },
  input: z.object({
    ...proposalRef,
    decision: fields
      .optional(z.enum(['approve', 'reject'], 'must be approve or reject'))
      .describe('approve or reject. Default: approve.'),
    signature: fields
      .optional(fields.text(132))
      .describe(
        'Signature of the safe_tx_hash. Default: the vault signs with the signing key of the agent, or the wallet of the user, who proves who they are.',
      ),
    auth_confirm: confirmField(),
    signer_address: fields
      .optional(addressField())
      .describe('Who signed. It must be the signer that the signature shows.'),
  }),
  output: ProposalBody,
  errors: [
    ...[treasuryNotFound, proposalNotFound, proposalDecided, alreadyVoted, denied],
    ...[intentsDisabled, guardrailViolated, chainNotConfigured, chainUnavailable, keyUnusable],
  ],
  run: (context, { treasury_id, proposal_id, decision = 'approve', ...given }) => {
    const { treasury, proposal } = requireProposal(context, treasury_id, proposal_id)
    return voteOf(context, treasury, proposal, decision, given)
  },
})
