import { approvedHashesData, safeSigner } from '../../families/index.ts'
import { bytesOfHex } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import {
  AfterCommit,
  type CommitThenThrow,
  type Context,
  denied,
  signedIn,
  type UnitContext,
  unitContext,
} from '../../operations/index.ts'
import { asked, requireNodes } from '../signers/index.ts'
import { ownSigner } from './access.ts'
import { answered } from './answer.ts'
import { proposalNotFound, treasuryNotFound } from './errors.ts'
import { executeJob } from './execute.ts'
import { chainOf } from './limits.ts'
import { type Proposal, proposalKind, type Treasury, type TreasurySigner, treasuryKind } from './records.ts'
import { type ProposalBody, proposalBody } from './schemas.ts'
import { castVote, guardAgent, ownSignature, requireVotable, signerAt } from './vote.ts'

interface Given {
  readonly signature?: string | undefined
  readonly signer_address?: string | undefined
}

type Answer = ProposalBody | AfterCommit<ProposalBody> | CommitThenThrow

/** Stages the vote of the caller. */
export function voteOf(
  context: Context,
  treasury: Treasury,
  proposal: Proposal,
  decision: 'approve' | 'reject',
  given: Given,
): Answer {
  if (decision === 'reject') {
    const signer = requireOwn(context, treasury, given)
    return proposalBody(context, castVote(context, treasury, proposal, signer, null))
  }
  const { signer, signature } = signatureOf(context, treasury, proposal, given)
  requireVotable(context, proposal, signer)
  const { caller } = context
  const refused = caller.kind === 'agent' ? guardAgent(context, caller.id, proposal) : null
  if (refused) return refused
  if (signature?.proof === 'approved_hash') return afterChain(context, proposal, signer, signature.bytes)
  const bytes = signature?.bytes ?? ownSignature(context, signer, proposal)
  return afterVote(context, castVote(context, treasury, proposal, signer, bytes))
}

/** The answer. An approval that is enough is carried out first, but a delegatecall waits for its second confirmation. */
function afterVote(context: Context, voted: Proposal): Answer {
  const { id, status, operation } = voted
  if (status !== 'approved' || operation === 1) return proposalBody(context, voted)
  const { org } = signedIn(context)
  const job = context.jobs.stage(context.unit, executeJob, { org, id })
  return new AfterCommit({ id, status }, async (engine) => {
    await engine.jobs.run(job)
    return answered(engine, org, id)
  })
}

interface Signed {
  readonly signer: TreasurySigner
  /** Undefined: the key of the signer is here, and signs. */
  readonly signature?: { readonly bytes: Uint8Array; readonly proof: 'signature' | 'approved_hash' }
}

/** The signer of a signature. The signature alone determines the signer. */
function signatureOf(context: Context, treasury: Treasury, { hash }: Proposal, given: Given): Signed {
  const { signature: text, signer_address: expected } = given
  if (text === undefined) return { signer: requireOwn(context, treasury, given) }
  const problem =
    'must be 65 bytes that sign the safe_tx_hash, as 0x and hexadecimal digits that end with v: 27, 28, 31, 32 or 1'
  if (!/^0x[0-9a-fA-F]{130}$/.test(text)) throw invalidField('signature', problem)
  const bytes = bytesOfHex(text.slice(2))
  const found = safeSigner(bytesOfHex(hash), bytes)
  if (!found) throw invalidField('signature', problem)
  if (expected !== undefined && expected.toLowerCase() !== found.address.toLowerCase()) {
    throw invalidField('signer_address', 'is not the address that the signature shows')
  }
  const signer = signerAt(context, treasury, found.address)
  if (!signer || !maySubmit(context, signer)) {
    throw denied({ reason: 'The signature is not of a signer that you can vote for.' })
  }
  return { signer, signature: { bytes, proof: found.proof } }
}

/** A caller votes for itself. Humans also hand in signatures of owners whose user is not known. */
function maySubmit({ caller }: Context, { principal }: TreasurySigner): boolean {
  if (caller.kind !== 'user' && caller.kind !== 'agent') return false
  return principal === null ? caller.kind === 'user' : principal.kind === caller.kind && principal.id === caller.id
}

/** The signer that the caller is. */
function requireOwn(context: Context, treasury: Treasury, { signer_address: expected }: Given): TreasurySigner {
  const signer = ownSigner(context, treasury)
  if (!signer) throw denied({ reason: 'You are no signer of this treasury.' })
  if (expected !== undefined && expected.toLowerCase() !== signer.address.toLowerCase()) {
    throw invalidField('signer_address', 'is not your address in this treasury')
  }
  return signer
}

/** The vote counts once the chain has said that the owner approved the hash. */
function afterChain(
  context: Context,
  proposal: Proposal,
  signer: TreasurySigner,
  bytes: Uint8Array,
): AfterCommit<ProposalBody> {
  const { org } = signedIn(context)
  const chain = chainOf(context, proposal)
  return new AfterCommit({ id: proposal.id, proof: 'approved_hash' }, async (engine) => {
    const nodes = requireNodes(engine, chain)
    const { safeAddress: to } = proposal.safe
    const data = approvedHashesData(signer.address, bytesOfHex(proposal.hash))
    const results = await asked(engine, chain, async () => nodes.simulate?.([{ from: to, to, value: 0n, data }]))
    const [result] = results ?? []
    if (!result?.succeeded || result.returned.length !== 32 || result.returned.every((byte) => byte === 0)) {
      throw invalidField('signature', 'says that the owner approved the hash on the chain, and the chain does not')
    }
    const job = await engine.records.transactIn(org, (unit) =>
      voteStored(unitContext(engine, unit), org, proposal, signer, bytes),
    )
    if (job !== null) await engine.jobs.run(job)
    return answered(engine, org, proposal.id)
  })
}

/** Casts the vote, and stages the execution if it is enough. */
function voteStored(
  context: UnitContext,
  org: string,
  { id, treasuryId, hash }: Proposal,
  signer: TreasurySigner,
  bytes: Uint8Array,
): string | null {
  const { unit } = context
  const treasury = unit.require(treasuryKind, treasuryId, treasuryNotFound)
  const proposal = unit.require(proposalKind, id, proposalNotFound)
  const still = signerAt(context, treasury, signer.address)
  if (still?.id !== signer.id) throw denied({ reason: 'The signature is not of a signer that you can vote for.' })
  // The chain was asked about this hash. A new proposal takes the nonce of its Safe, and another hash, until its first vote.
  if (proposal.hash !== hash) {
    throw invalidField('signature', 'is for an earlier nonce of the proposal. Approve its current safe_tx_hash')
  }
  const { status, operation } = castVote(context, treasury, proposal, signer, bytes)
  return status === 'approved' && operation === 0 ? context.jobs.stage(unit, executeJob, { org, id }) : null
}
