import { minute } from '../../kernel/time.ts'
import { AfterCommit, actorOf, type CommitThenThrow, type Context, signedIn } from '../../operations/index.ts'
import { complete } from './complete.ts'
import { decide, refuse } from './guard.ts'
import type { TransactionInput } from './input.ts'
import { type Prepared, prepare, signingAgent, storedRequest } from './prepare.ts'
import { openTransactionKind, type Transaction, transactionKind } from './records.ts'

/** A transaction that was not signed so long after its request was cut off. */
const signWithinMs = 2 * minute

/**
 * Stages a transaction as `pending`. What needs a node happens after the commit. Guardrails that refuse the request
 * without a node refuse it here, before anything is asked of one.
 */
export function begin<O>(
  context: Context,
  input: TransactionInput,
  purpose: Transaction['purpose'],
  answer: (one: Transaction, prepared: Prepared) => O,
): AfterCommit<O> | CommitThenThrow {
  const prepared = prepare(context, signingAgent(context, input.agent_id), input)
  const { agent, chain, family, draft } = prepared
  const decision = decide(context, { agent, chain, signs: { type: 'transaction', effects: family.effects(draft) } })
  if (decision.outcome === 'refused') return refuse(context, decision)
  const one = pending(context, prepared, input, purpose)
  const { org } = signedIn(context)
  context.unit.put(transactionKind, one)
  context.unit.put(openTransactionKind, { id: one.id, org, dueAt: context.now + signWithinMs, tries: 0 })
  const by = actorOf(context)
  return new AfterCommit({ id: one.id, chain: one.chain, to: one.to }, async (engine) =>
    answer(await complete(engine, { org, by }, one.id), prepared),
  )
}

function pending(
  { newId, now }: Context,
  { agent, chain, from, request, unit }: Prepared,
  input: TransactionInput,
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
