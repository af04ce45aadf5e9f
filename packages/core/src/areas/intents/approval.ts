import type { Effects } from '../../families/index.ts'
import { hex, utf8 } from '../../kernel/bytes.ts'
import type { UnitContext } from '../../operations/index.ts'
import { askForApproval, useApproval } from '../approvals/index.ts'
import type { Verdict } from '../guardrails/index.ts'
import { approvalSummary } from './approval-summary.ts'
import type { Prepared } from './prepare.ts'
import { type Transaction, transactionKind } from './records.ts'

// A transaction over a threshold waits for a human. What the human approves is the whole request with the most that it can
// cost, and it is signed once. A nonce that the caller chose is part of it. One that Pawl chooses is taken when it signs.

const action = 'transaction.sign'

/** Stages the question to a human, and the transaction that waits for the answer. */
export function awaitApproval(
  context: UnitContext,
  { agent, chain }: Pick<Prepared, 'agent' | 'chain'>,
  one: Transaction,
  effects: Effects,
  asking: Verdict | null,
): Transaction {
  const { id } = one
  const summary = approvalSummary(context.unit, chain, one, effects, asking)
  const approval = askForApproval(context, {
    requestedBy: { kind: 'agent', id: agent.id },
    ...{ agent, action, target: { type: 'transaction', id }, summary },
    ...{ payload: { transaction: id }, payloadHash: hashOf(context, one) },
  })
  const waiting: Transaction = { ...one, status: 'awaiting_approval', approvalId: approval.id }
  context.unit.put(transactionKind, waiting)
  return waiting
}

/** Takes the one use of an approval. Null: no human has approved exactly this. */
export function takeApproval(context: UnitContext, one: Transaction): true | null {
  const { approvalId, agentId } = one
  if (approvalId === null) return null
  const wanted = { approvalId, agentId, action, payloadHash: hashOf(context, one) }
  return useApproval(context, wanted) ? true : null
}

/** Everything that the caller asked for, and who signs it. */
export function hashOf(
  { crypto }: Pick<UnitContext, 'crypto'>,
  one: Pick<Transaction, 'agentId' | 'chain' | 'from' | 'keyPath' | 'purpose' | 'request'>,
): string {
  const { agentId, chain, from, keyPath, purpose, request } = one
  const fields = Object.fromEntries(Object.entries(request.fields).sort(([a], [b]) => (a < b ? -1 : 1)))
  const whole = [agentId, chain, from, keyPath, purpose, request.to, request.value, fields]
  return hex(crypto.sha256(utf8(JSON.stringify(whole))))
}
