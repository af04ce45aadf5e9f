import { nonceCallData, type SafeTransaction, safeTxHash } from '../../families/index.ts'
import { bytesOfHex, hex } from '../../kernel/bytes.ts'
import { day } from '../../kernel/time.ts'
import { type Engine, type Principal, type UnitContext, unitContext } from '../../operations/index.ts'
import { ChainUnavailable } from '../../ports/chain.ts'
import type { Unit } from '../../records/index.ts'
import { findChain } from '../chains/index.ts'
import { concludeProposed } from '../intents/index.ts'
import { nodesOf } from '../signers/index.ts'
import { treasuryFull } from './errors.ts'
import { inTurn } from './in-turn.ts'
import type { Wanted } from './limits.ts'
import { isExpired, type Proposal, proposalKind, type Treasury } from './records.ts'

const openMax = 100
const expiresAfterMs = 7 * day

/** What is proposed. Without a nonce, the proposal gets the next one. */
export interface NewProposal extends Wanted {
  readonly proposedBy: Principal
  readonly nonce: number | null
  readonly askedBy: string | null
}

/** Stages a proposal. */
export function newProposal(context: UnitContext, treasury: Treasury, wanted: NewProposal): Proposal {
  const { unit, newId, now } = context
  const open = openProposals(context, treasury.id)
  if (open.length >= openMax) throw treasuryFull({ max: openMax, what: 'proposals that are not executed' })
  const { nonce: given, ...rest } = wanted
  const nonce = given ?? nextNonce(unit, treasury.id, open, null)
  const proposal: Proposal = {
    ...{ id: newId(), treasuryId: treasury.id, ...rest, nonce, isNonceGiven: given !== null, hash: '' },
    ...{ status: 'pending', threshold: treasury.threshold, votes: [], transactionId: null },
    ...{ executedHash: null, executedAt: null, failure: null, expiresAt: now + expiresAfterMs, createdAt: now },
  }
  const hashed = withHash(proposal)
  inTurn(unit, treasury.id)
  unit.put(proposalKind, hashed)
  return hashed
}

/** The proposals that can still be executed. Those that have expired are marked so. */
function openProposals({ unit, now }: UnitContext, treasuryId: string): readonly Proposal[] {
  const all = unit.list(proposalKind, 'open', treasuryId)
  for (const one of all.filter((each) => isExpired(each, now))) {
    if (one.askedBy !== null) concludeProposed(unit, one.askedBy, { error: 'The proposal has expired.' })
    unit.put(proposalKind, { ...one, status: 'expired' })
  }
  return all.filter((one) => !isExpired(one, now))
}

/**
 * The nonce of the next proposal. The chain knows the first one that is free. Without it, the next one follows the
 * highest that the organisation knows.
 */
function nextNonce(unit: Unit, treasuryId: string, open: readonly Proposal[], onChain: number | null): number {
  const taken = new Set(open.map(({ nonce }) => nonce))
  if (onChain !== null) {
    let free = onChain
    while (taken.has(free)) free++
    return free
  }
  const [executed] = unit.page(proposalKind, 'executed', { tuple: [treasuryId], limit: 1, reverse: true })
  return Math.max(-1, executed?.nonce ?? -1, ...taken) + 1
}

export function safeTransactionOf({ to, value, data, operation, nonce }: Proposal): SafeTransaction {
  return { to, value: BigInt(value), data: bytesOfHex(data), operation, nonce: BigInt(nonce) }
}

function withHash(proposal: Proposal): Proposal {
  const { safeAddress: address, chainId, safeVersion: version } = proposal.safe
  return { ...proposal, hash: hex(safeTxHash({ address, chainId, version }, safeTransactionOf(proposal))) }
}

/** The hash that the proposal would have with this nonce. */
export function hashWith(wanted: Wanted, nonce: number): string {
  const { safeAddress: address, chainId, safeVersion: version } = wanted.safe
  const transaction = { ...wanted, value: BigInt(wanted.value), data: bytesOfHex(wanted.data), nonce: BigInt(nonce) }
  return hex(safeTxHash({ address, chainId, version }, transaction))
}

/**
 * Gives a new proposal the nonce that is next on the chain, if a node says it. Without one, or once there is a vote, the
 * nonce stays.
 */
export async function followNonce(engine: Engine, org: string, { id, safe, isNonceGiven }: Proposal): Promise<void> {
  if (isNonceGiven) return
  const onChain = await nonceOnChain(engine, org, safe)
  if (onChain === null) return
  await engine.records.transactIn(org, (unit) => {
    const proposal = unit.get(proposalKind, id)
    if (proposal?.status !== 'pending' || proposal.votes.length > 0) return
    const others = openProposals(unitContext(engine, unit), proposal.treasuryId).filter((one) => one.id !== id)
    const nonce = nextNonce(unit, proposal.treasuryId, others, onChain)
    if (nonce === proposal.nonce) return
    inTurn(unit, proposal.treasuryId)
    unit.put(proposalKind, withHash({ ...proposal, nonce }))
  })
}

/** Null: no node is configured or answers, or there is no Safe at the address. */
async function nonceOnChain(engine: Engine, org: string, safe: Proposal['safe']): Promise<number | null> {
  const chain = await engine.records.transactIn(org, (unit) => findChain(unit, safe.chain))
  const nodes = chain && nodesOf(engine, chain)
  if (!nodes?.simulate) return null
  const { safeAddress: to } = safe
  try {
    const [result] = await nodes.simulate([{ from: to, to, value: 0n, data: nonceCallData() }])
    if (!result?.succeeded || result.returned.length !== 32) return null
    const nonce = BigInt(`0x${hex(result.returned)}`)
    return nonce < 2n ** 31n ? Number(nonce) : null
  } catch (error) {
    if (!(error instanceof ChainUnavailable)) throw error
    engine.log('warn', 'the nonce of a Safe is not known now', { chain: safe.chain, reason: error.message })
    return null
  }
}
