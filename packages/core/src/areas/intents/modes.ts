import { invalidField } from '../../kernel/errors.ts'
import { AfterCommit, CommitThenThrow, type Context, signedIn, type TransactionMode } from '../../operations/index.ts'
import { notSupportedHere, transactionNotFound } from './errors.ts'
import type { TransactionInput } from './input.ts'
import { operationFields } from './operation-request.ts'
import type { Prepared } from './prepare.ts'
import { type Transaction, transactionKind } from './records.ts'

/** How the transaction is made. Null: the key of the agent signs it, or an operation of its Safe. */
export function modeOf(
  { areas }: Context,
  input: TransactionInput,
  purpose: Transaction['purpose'],
): TransactionMode | null {
  const operation = operationFields(input)
  if (input.gasless && !operation) throw invalidField('gasless', 'is only for the mode smart_account')
  const mode = operation?.mode ?? input.mode ?? 'eoa'
  if (mode === 'eoa' || (operation && purpose === 'submit')) return null
  const found = purpose === 'submit' ? areas.transactionMode(mode) : null
  if (!found)
    throw notSupportedHere({
      what: `the mode ${mode}${purpose === 'submit' ? '' : ' for transactions that are only signed'}`,
    })
  return found
}

/** Stages a transaction that another account makes when its owners have decided. */
export function beginInMode<O>(
  context: Context,
  mode: TransactionMode,
  { agent, chain, family, draft }: Prepared,
  { treasury_id: treasuryId }: TransactionInput,
  staged: Transaction,
  answer: (one: Transaction) => O,
): AfterCommit<O> | CommitThenThrow {
  const call = family.call?.(draft)
  if (!call) throw notSupportedHere({ what: `this mode on ${chain.name}` })
  const { to, value, data } = call
  const begun = mode(context, {
    agentId: agent.id,
    chain: chain.name,
    to,
    value,
    data,
    treasuryId,
    transactionId: staged.id,
  })
  if ('refused' in begun) return new CommitThenThrow(begun.refused)
  const { proposalId, from, finish } = begun
  const waiting: Transaction = { ...staged, from, status: 'awaiting_approval', safe: { proposalId, role: 'asks' } }
  context.unit.put(transactionKind, waiting)
  const { org } = signedIn(context)
  return new AfterCommit({ id: waiting.id, chain: chain.name, to }, async (engine) => {
    await finish(engine)
    const now = await engine.records.reading(org).get(transactionKind, waiting.id)
    if (!now) throw transactionNotFound()
    return answer(now)
  })
}
