import type { UnitContext } from '../../operations/index.ts'
import { transactionKind } from '../intents/index.ts'
import { isExpired, type Proposal } from './records.ts'

/** The current state of a proposal. */
export interface State {
  readonly status: Proposal['status']
  /** The hash of the transaction that carries it out, as soon as it is signed. */
  readonly hash: string | null
  readonly failure: string | null
}

/**
 * The proposal as it is, with the time and with the transaction that carries it out. A transaction that was cut off before
 * its signature, or that the chain refused, leaves the proposal approved.
 */
export function stateOf({ unit, now }: Pick<UnitContext, 'unit' | 'now'>, proposal: Proposal): State {
  const { status, executedHash, transactionId, failure } = proposal
  if (isExpired(proposal, now)) return { status: 'expired', hash: null, failure: null }
  if (status !== 'executing') return { status, hash: executedHash, failure: status === 'approved' ? failure : null }
  const transaction = unit.get(transactionKind, transactionId ?? '')
  if (transaction?.status === 'failed' || transaction?.status === 'simulation_failed')
    return { status: 'approved', hash: null, failure: transaction.error }
  if (!transaction)
    return {
      status: 'approved',
      hash: null,
      failure: 'The agent that sent the transaction was deleted, so its outcome is unknown.',
    }
  return { status, hash: transaction.hash, failure: null }
}
