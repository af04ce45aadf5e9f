import { hex } from '../../kernel/bytes.ts'
import { minute } from '../../kernel/time.ts'
import type { UnitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import type { Agent } from '../agents/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { contextFor, prepare } from './prepare.ts'
import { openTransactionKind, type Transaction, transactionKind } from './records.ts'
import { pending } from './submit.ts'

/** A transaction that was not signed so long after it was staged is looked at again. */
const signWithinMs = 2 * minute

export interface SafeCall {
  /** Pays the gas. */
  readonly agent: Agent
  readonly chain: RegisteredChain
  readonly to: string
  readonly data: Uint8Array
  readonly proposalId: string
}

/** Stages, as `pending`, the transaction that carries out what the owners of a Safe signed. `complete` signs and sends it. */
export function stageSafeCall(context: UnitContext, { agent, chain, to, data, proposalId }: SafeCall): Transaction {
  const { unit, now } = context
  const org = unit.org ?? ''
  const usual = { chain_id: undefined, signing_key_path: undefined, gas_limit: undefined }
  const input = { ...usual, agent_id: agent.id, chain: chain.name, to, value: '0', data: `0x${hex(data)}` }
  const prepared = prepare(contextFor(context, agent, org), agent, input)
  // A Safe that would refuse the call costs no gas.
  const asked = { signing_key_path: undefined, simulate_first: true }
  const one: Transaction = { ...pending(context, prepared, asked, 'submit'), safe: { proposalId, role: 'executes' } }
  unit.put(transactionKind, one)
  unit.put(openTransactionKind, { id: one.id, org, dueAt: now + signWithinMs, tries: 0 })
  return one
}

/** Stages the outcome of the proposal that a transaction with `mode: treasury` made. */
export function concludeProposed(
  unit: Unit,
  id: string,
  outcome: { readonly hash: string } | { readonly error: string },
): void {
  const one = unit.get(transactionKind, id)
  if (one?.status !== 'awaiting_approval' || one.safe?.role !== 'asks') return
  const isDone = 'hash' in outcome
  unit.put(transactionKind, {
    ...one,
    status: isDone ? 'broadcast' : 'failed',
    ...(isDone ? { hash: outcome.hash, chainState: 'included' } : { error: outcome.error }),
  })
}
