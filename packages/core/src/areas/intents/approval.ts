import type { Effects } from '../../families/index.ts'
import { hex, utf8 } from '../../kernel/bytes.ts'
import type { Json } from '../../kernel/json.ts'
import type { UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { approvalKind, askForApproval, useApproval } from '../approvals/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { pendingApprovalKind } from '../consensus/index.ts'
import type { Verdict } from '../guardrails/index.ts'
import { approvalSummary } from './approval-summary.ts'
import { approvalExceeded } from './errors.ts'
import { type Transaction, transactionKind } from './records.ts'

// A transaction over a threshold waits for a human. The human approves the whole request, its effects, and the maximum of its
// fees. Pawl signs it once. A nonce of the caller is part of the request. Otherwise Pawl takes a nonce when it signs.

const action = 'transaction.sign'

/** A human needs time, and fees can rise in that time. The engine does not change fees that the request sets. */
const feeRoom = 2n

/** A transaction, and what exactly its bytes do. */
interface Judged {
  readonly one: Transaction
  readonly chain: RegisteredChain
  readonly effects: Effects
}

/**
 * Stages the question to a human, and the transaction that waits for the answer. `feesAsked` is what the request says of the
 * fees. Null: it leaves them to the chain. `asking` is the rule that asks.
 */
export function awaitApproval(
  context: UnitContext,
  agent: Agent,
  judged: Judged,
  { feesAsked, asking }: { readonly feesAsked: bigint | null; readonly asking: Verdict | null },
): { readonly waiting: Transaction; readonly expiresAt: number } {
  const { one, chain, effects } = judged
  const feesAtMost = feesAsked ?? (effects.overhead ?? 0n) * feeRoom
  const summary = approvalSummary(context.unit, { one, chain, effects, feesAtMost, asking })
  const approval = askForApproval(context, {
    requestedBy: { kind: 'agent', id: agent.id },
    ...{ agent, action, target: { type: 'transaction', id: one.id }, summary },
    ...{ payload: { transaction: one.id, feesAtMost: `${feesAtMost}` }, payloadHash: boundHash(context, judged) },
  })
  const waiting: Transaction = { ...one, status: 'awaiting_approval', approvalId: approval.id }
  context.unit.put(transactionKind, waiting)
  return { waiting, expiresAt: approval.expiresAt }
}

/** Whether a human has approved the transaction, and it was not signed since. */
export function isApprovedByHuman({ unit, now }: Pick<UnitContext, 'unit' | 'now'>, one: Transaction): boolean {
  const approval = one.approvalId === null ? null : unit.get(approvalKind, one.approvalId)
  return approval?.status === 'approved' && approval.expiresAt > now
}

/** The approval of a transaction, and the people who approved it. Empty: it needed none. */
export function approvalForTheTrail(
  unit: UnitContext['unit'],
  { approvalId }: Transaction,
): Readonly<Record<string, Json>> {
  if (approvalId === null) return {}
  const decidedBy = unit.get(approvalKind, approvalId)?.decidedBy
  const votes = unit.get(pendingApprovalKind, approvalId)?.votes ?? []
  const agreed = votes.flatMap(({ by, decision }) => (decision === 'approve' ? [by] : []))
  return { approval_id: approvalId, approved_by: decidedBy ? [decidedBy] : agreed }
}

/** Takes the one use of an approval. Throws `approval_exceeded` if what is signed now is more than what was approved. */
export function takeApproval(context: UnitContext, judged: Judged): void {
  const { agentId, approvalId } = judged.one
  const wanted = { approvalId: approvalId ?? '', agentId, action, payloadHash: boundHash(context, judged) }
  const used = useApproval(context, wanted)
  if (!used) throw approvalExceeded({ what: 'what it does' })
  const { feesAtMost } = used.payload as { readonly feesAtMost: string }
  if ((judged.effects.overhead ?? 0n) > BigInt(feesAtMost)) throw approvalExceeded({ what: 'its fees' })
}

/**
 * What a human approved: the request, the number of its chain, and what the bytes do. Fees have a bound instead, and a token
 * account that is new to the chain is part of them. Calls follow from the request.
 */
function boundHash(context: UnitContext, { one, chain, effects }: Judged): string {
  const { native, transfers, approvals, delegates, ledgerType, opaque } = effects
  const bound = JSON.stringify([native, transfers, approvals, delegates, ledgerType, opaque], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  )
  return hashOfAll(context, [hashOf(context, one), chain.chainId, bound])
}

/** The whole request of the caller, and its signer. */
export function hashOf(
  context: Pick<UnitContext, 'crypto'>,
  one: Pick<Transaction, 'agentId' | 'chain' | 'from' | 'keyPath' | 'purpose' | 'request'>,
): string {
  const { agentId, chain, from, keyPath, purpose, request } = one
  const fields = Object.fromEntries(Object.entries(request.fields).sort(([a], [b]) => (a < b ? -1 : 1)))
  return hashOfAll(context, [agentId, chain, from, keyPath, purpose, request.to, request.value, fields])
}

function hashOfAll({ crypto }: Pick<UnitContext, 'crypto'>, whole: readonly Json[]): string {
  return hex(crypto.sha256(utf8(JSON.stringify(whole))))
}
