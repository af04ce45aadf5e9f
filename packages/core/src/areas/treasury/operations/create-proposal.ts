import { invalidField } from '../../../kernel/errors.ts'
import { AfterCommit, CommitThenThrow, denied, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { guardrailViolated } from '../../guardrails/index.ts'
import { treasuryAt } from '../access.ts'
import { answered } from '../answer.ts'
import { proposalNotFound, treasuryFull, treasuryNotCompared, treasuryNotFound } from '../errors.ts'
import { type ProposalInput, proposalInput, wantedFrom } from '../input.ts'
import { hashWith } from '../propose.ts'
import { treasuryKind } from '../records.ts'
import { ProposalBody, proposalColumns } from '../schemas.ts'
import { delegationOfCaller, start } from '../start.ts'

export const createProposal = operation({
  name: 'treasury.propose',
  summary: 'Propose a transaction of the Safe. Its signers decide.',
  http: {
    method: 'POST',
    path: '/v1/treasury/{treasury_id}/proposals',
    status: 201,
    id: 'createTreasuryProposal',
    tag: 'Treasury Proposals',
  },
  tools: [
    {
      name: 'propose_treasury_transaction',
      summary: 'Propose a payment or call of a treasury. Amounts are in wei. The signers of the treasury decide.',
    },
  ],
  command: {
    name: 'treasury propose',
    positionals: ['treasury_id', 'to_address', 'value_wei'],
    columns: proposalColumns,
  },
  effect: 'write',
  access: { permission: 'see', resource: ({ treasury_id }) => treasuryAt(treasury_id) },
  audit: { action: 'proposal.create', resource: 'proposal', about: ({ treasury_id }) => ({ treasury_id }) },
  input: proposalInput,
  output: ProposalBody,
  idempotent: true,
  errors: [treasuryNotFound, treasuryNotCompared, treasuryFull, proposalNotFound, guardrailViolated, denied],
  run: (context, input) => {
    const treasury = context.unit.require(treasuryKind, input.treasury_id, treasuryNotFound)
    if (treasury.comparison) throw treasuryNotCompared()
    const wanted = { ...wantedFrom(context, treasury, input), nonce: input.nonce ?? null, askedBy: null }
    checkHash(input, wanted)
    const caller = signedIn(context)
    const { org } = caller
    const proposedBy = principalOf(caller)
    const started = start(context, treasury, { ...wanted, proposedBy }, delegationOfCaller(context, treasury))
    if (started instanceof CommitThenThrow) return started
    const { id, operation, to, value, safe } = started.proposal
    const about = { id, chain: safe.chain, to, value_wei: value, operation, is_delegatecall: operation === 1 }
    return new AfterCommit(about, async (engine) => {
      await started.finish(engine)
      return answered(engine, org, id)
    })
  },
})

/** A hash in the input states what the signers sign, so it must equal the computed hash. */
function checkHash({ safe_tx_hash, nonce }: ProposalInput, wanted: Parameters<typeof hashWith>[0]): void {
  if (safe_tx_hash === undefined) return
  if (nonce === undefined) throw invalidField('nonce', 'is missing, and safe_tx_hash depends on it')
  if (safe_tx_hash.toLowerCase() !== `0x${hashWith(wanted, nonce)}`) {
    throw invalidField('safe_tx_hash', 'is not the hash of this transaction')
  }
}
