import { invalidField } from '../../kernel/errors.ts'
import { minute } from '../../kernel/time.ts'
import { AfterCommit, actorOf, type CommitThenThrow, type Context, signedIn } from '../../operations/index.ts'
import { type PendingApproval, submittedBody } from '../consensus/index.ts'
import { decide, type GuardDecision, refuse, requireRoom } from '../guardrails/index.ts'
import { agreementNeeded, comesAgain } from './agreement.ts'
import { hashOf } from './approval.ts'
import { closeOpen, complete, signAtOnce } from './complete.ts'
import type { TransactionInput } from './input.ts'
import { beginInMode, modeOf } from './modes.ts'
import { type Prepared, prepare, signingAgent, storedRequest } from './prepare.ts'
import { openTransactionKind, type Transaction, transactionKind } from './records.ts'

/** A transaction that was not signed so long after its request was cut off. */
const signWithinMs = 2 * minute

/**
 * Stages a transaction as `pending`. What needs a node happens after the commit. Guardrails that refuse the request
 * without a node refuse it here, before anything is asked of one.
 */
export function begin<O extends object>(
  context: Context,
  input: TransactionInput,
  purpose: Transaction['purpose'],
  answer: (one: Transaction, prepared: Prepared) => O,
): AfterCommit<O> | CommitThenThrow {
  const mode = modeOf(context, input, purpose)
  const prepared = prepare(context, signingAgent(context, input.agent_id), input)
  const { agent, chain, family, draft, request } = prepared
  const isAgreed = comesAgain(context, input)
  const effects = family.effects(draft)
  let decided: GuardDecision | null = null
  if (!mode) {
    const known = input.approval_id === undefined || isAgreed ? null : approvedBefore(context, prepared, input, purpose)
    if (known) return new AfterCommit({ id: known.id }, async () => answer(known, prepared))
    const decision = decide(context, { agent, chain, signs: { type: 'transaction', effects } })
    if (decision.outcome === 'refused') return refuse(context, decision)
    requireRoom(context, decision)
    decided = decision
  }
  const { org } = signedIn(context)
  const wanted = { intentType: 'transaction', to: request.to, data: request.fields.data, effects, ...prepared }
  const agreement = agreementNeeded(context, wanted, actions[purpose], input)
  if (agreement) {
    const waiting = stageAwaiting(context, org, pending(context, prepared, input, purpose), agreement)
    const body = submittedBody(agreement)
    return new AfterCommit({ id: waiting.id }, async () => ({ ...answer(waiting, prepared), ...body }))
  }
  const one = (isAgreed && waitedFor(context, input)) || pending(context, prepared, input, purpose)
  if (mode) {
    closeOpen(context.unit, one.id)
    return beginInMode(context, mode, prepared, input, one, (made) => answer(made, prepared))
  }
  const by = actorOf(context)
  const signed = isAgreed || !decided ? null : signAtOnce(context, { org, by }, { prepared, one, decided })
  if (signed) return new AfterCommit({ id: one.id, chain: one.chain, to: one.to }, async () => answer(signed, prepared))
  stagePending(context, org, one)
  return new AfterCommit({ id: one.id, chain: one.chain, to: one.to }, async (engine) =>
    answer(await complete(engine, { org, by }, one.id), prepared),
  )
}

const actions = { submit: 'transaction.submit', sign_only: 'transaction.sign' } as const

/** Stages a transaction that people must agree to. If they do not in time, a task closes it. */
function stageAwaiting(
  { unit }: Context,
  org: string,
  one: Transaction,
  { id: approvalId, expiresAt }: PendingApproval,
): Transaction {
  const waiting: Transaction = { ...one, status: 'awaiting_approval', approvalId }
  unit.put(transactionKind, waiting)
  unit.put(openTransactionKind, { id: one.id, org, dueAt: expiresAt, tries: 0 })
  return waiting
}

/** The waiting transaction of an approval. After the approval, it continues as `pending`. */
function waitedFor({ unit }: Context, { approval_id }: TransactionInput): Transaction | null {
  const [found] = unit.list(transactionKind, 'approval', approval_id ?? '')
  if (found?.status !== 'awaiting_approval') return null
  // Read, because both are replaced.
  unit.get(openTransactionKind, found.id)
  return { ...found, status: 'pending' }
}

/** Stages a transaction that is not signed yet. If it is not signed in time, a task closes it. */
export function stagePending({ unit, now }: Pick<Context, 'unit' | 'now'>, org: string, one: Transaction): void {
  unit.put(transactionKind, one)
  unit.put(openTransactionKind, { id: one.id, org, dueAt: now + signWithinMs, tries: 0 })
}

/** The transaction that an approval is about. Pawl signs it when a human approves, so it is not signed again (I9). */
function approvedBefore(
  context: Context,
  prepared: Prepared,
  input: TransactionInput,
  purpose: Transaction['purpose'],
): Transaction {
  const [found] = context.unit.list(transactionKind, 'approval', input.approval_id ?? '')
  const asked = pending(context, prepared, input, purpose)
  if (found && hashOf(context, found) === hashOf(context, asked)) return found
  throw invalidField('approval_id', 'is not for this transaction. Send exactly what was approved')
}

export function pending(
  { newId, now }: Pick<Context, 'newId' | 'now'>,
  {
    agent,
    chain,
    from,
    request,
    unit,
  }: Pick<Prepared, 'chain' | 'from' | 'request' | 'unit'> & {
    readonly agent: Pick<Prepared['agent'], 'id'>
  },
  input: Partial<Pick<TransactionInput, 'signing_key_path' | 'simulate_first'>>,
  purpose: Transaction['purpose'],
): Transaction {
  return {
    id: newId(),
    agentId: agent.id,
    chain: chain.name,
    purpose,
    request: storedRequest(request),
    unit,
    keyPath: input.signing_key_path ?? null,
    simulates: input.simulate_first ?? false,
    from,
    to: request.to ?? '',
    status: 'pending',
    chainState: null,
    nonce: null,
    signed: null,
    raw: null,
    isShown: false,
    hash: null,
    maxFee: null,
    priorityFee: null,
    error: null,
    simulation: null,
    reservation: null,
    approvalId: null,
    height: null,
    createdAt: now,
    signedAt: null,
  }
}
