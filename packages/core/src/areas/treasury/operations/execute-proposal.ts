import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { AfterCommit, denied, fields, operation, signedIn } from '../../../operations/index.ts'
import { guardrailViolated } from '../../guardrails/index.ts'
import { simulationReverted } from '../../intents/index.ts'
import { chainNotConfigured, chainUnavailable, keyUnusable, signingKeyNotFound } from '../../signers/index.ts'
import { treasuryAt } from '../access.ts'
import { answered } from '../answer.ts'
import { noGasPayer, proposalDecided, proposalNotFound, treasuryNotFound } from '../errors.ts'
import { carryOut, executedAction, requireApproved, requireProposal } from '../execute.ts'
import { hashField } from '../input.ts'
import { ProposalBody, proposalColumns, proposalRef } from '../schemas.ts'

export const executeProposal = operation({
  name: 'treasury.executeProposal',
  summary: 'Execute an approved proposal on the chain. A delegatecall needs its hash again, as a second confirmation.',
  http: {
    method: 'POST',
    path: '/v1/treasury/{treasury_id}/proposals/{proposal_id}/execute',
    status: 200,
    id: 'executeTreasuryProposal',
    tag: 'Treasury Proposals',
  },
  command: { name: 'treasury execute', positionals: ['treasury_id', 'proposal_id'], columns: proposalColumns },
  effect: 'write',
  access: { permission: 'see', resource: ({ treasury_id }) => treasuryAt(treasury_id), signedIn: ['user'] },
  audit: {
    action: 'proposal.send',
    resource: 'proposal',
    about: ({ treasury_id, proposal_id }) => ({ id: proposal_id, treasury_id }),
    settled: executedAction,
  },
  input: z.object({
    ...proposalRef,
    confirm_safe_tx_hash: fields
      .optional(hashField())
      .describe('For a delegatecall: its safe_tx_hash, as a second confirmation.'),
  }),
  output: ProposalBody,
  errors: [
    ...[treasuryNotFound, proposalNotFound, proposalDecided, noGasPayer, denied],
    ...[chainNotConfigured, chainUnavailable, simulationReverted, guardrailViolated, signingKeyNotFound, keyUnusable],
  ],
  run: (context, { treasury_id, proposal_id, confirm_safe_tx_hash: confirmed }) => {
    const { proposal } = requireProposal(context, treasury_id, proposal_id)
    requireApproved(context, proposal)
    const { id, operation, hash } = proposal
    if (operation === 1 && confirmed?.toLowerCase() !== `0x${hash}`) {
      throw invalidField(
        'confirm_safe_tx_hash',
        'must be the safe_tx_hash of the proposal. A delegatecall runs foreign code as the Safe and can take everything',
      )
    }
    const { org } = signedIn(context)
    return new AfterCommit({ id, treasury_id, is_delegatecall: operation === 1 }, async (engine) => {
      await carryOut(engine, org, id)
      return answered(engine, org, id)
    })
  },
})
