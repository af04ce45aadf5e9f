import { bytesOfHex } from '../../kernel/bytes.ts'
import { auditEvent, type Engine, unitContext } from '../../operations/index.ts'
import { type AnyChain, ChainRejected, ChainUnavailable } from '../../ports/chain.ts'
import { isFrozen, release } from '../guardrails/index.ts'
import { giveNonceBack } from './lane.ts'
import { isOperation } from './operation-request.ts'
import { eventOf, openTransactionKind, type Transaction, transactionKind } from './records.ts'

interface Sending {
  readonly org: string
  readonly by: { readonly type: string; readonly id: string; readonly ip: string | null }
}

/** How long a transaction that a node accepted is left alone. */
const followAfterMs = 5_000

/**
 * Sends a signed transaction. While its agent is frozen, it stays signed, and a task sends it later. A permanent refusal returns the
 * nonce and the budgets. Without an answer, the outcome is unknown: both stay taken, and a task sends it again.
 */
export async function broadcast(
  engine: Engine,
  { org, by }: Sending,
  signed: Transaction,
  nodes: Pick<AnyChain, 'broadcast'>,
): Promise<Transaction> {
  const isHeld = await engine.records.transactIn(org, (unit) => isFrozen({ unit }, signed.agentId))
  if (isHeld) return shown(engine, org, signed)
  try {
    const hash = await nodes.broadcast(bytesOfHex(signed.raw ?? ''))
    if (hash !== signed.hash) throw new ChainUnavailable('The node accepted the transaction under another ID.')
  } catch (error) {
    if (error instanceof ChainRejected) return refused(engine, { org, by }, signed, error)
    if (!(error instanceof ChainUnavailable)) throw error
    const facts = { transaction: signed.id, chain: signed.chain, reason: error.message }
    engine.log('warn', 'a transaction was not accepted by a node and will be sent again', facts)
    return shown(engine, org, signed)
  }
  return engine.records.transactIn(org, (unit) => {
    const one = unit.get(transactionKind, signed.id)
    if (one?.status !== 'signed') return one ?? signed
    const sent: Transaction = { ...one, status: 'broadcast', chainState: 'pending' }
    unit.put(transactionKind, sent)
    const open = unit.get(openTransactionKind, signed.id)
    if (open) unit.put(openTransactionKind, { ...open, dueAt: engine.records.now() + followAfterMs, tries: 0 })
    const { action, details } = eventOf(one, 'broadcast')
    const said = { ...details, to: one.to, value_wei: one.request.value, hash: one.hash ?? '' }
    unit.audit(auditEvent(by, { action, resource: { type: 'transaction', id: one.id }, details: said }))
    return sent
  })
}

/** Stores that the caller gets the signed bytes, although it is not known whether a node has them. */
function shown({ records }: Engine, org: string, signed: Transaction): Promise<Transaction> {
  return records.transactIn(org, (unit) => {
    const one = unit.get(transactionKind, signed.id)
    if (one?.status !== 'signed' || one.isShown) return one ?? signed
    const now: Transaction = { ...one, isShown: true }
    unit.put(transactionKind, now)
    return now
  })
}

/** Stores a transaction that a node refused as failed. Gives its nonce back, unless another transaction used the nonce. */
async function refused(
  engine: Engine,
  { org, by }: Sending,
  signed: Transaction,
  { rejection, message }: ChainRejected,
): Promise<Transaction> {
  return engine.records.transactIn(org, (unit) => {
    const one = unit.get(transactionKind, signed.id)
    if (!one || (one.status !== 'signed' && one.status !== 'broadcast')) return one ?? signed
    const context = unitContext(engine, unit)
    const isReplaced = rejection === 'nonce_used'
    // An empty account can be filled later. Then anyone with the signed bytes can send them. So the engine returns budgets only
    // if another transaction used the nonce, or if the bytes were never shown. Bytes that were never shown are dropped.
    const isUnseen = one.status === 'signed' && !one.isShown
    const reservation =
      (isReplaced || isUnseen) && one.reservation ? release(context, one.reservation) : one.reservation
    if (!isReplaced && one.nonce !== null) giveNonceBack(unit, one.chain, one.from, BigInt(one.nonce))
    const failed: Transaction = {
      ...one,
      ...{ status: 'failed', chainState: isReplaced ? 'replaced' : 'refused', error: message, reservation },
      ...(isUnseen && !isReplaced && { signed: null, raw: null }),
    }
    unit.put(transactionKind, failed)
    const open = unit.get(openTransactionKind, signed.id)
    if (open && isOperation(one)) unit.put(openTransactionKind, { ...open, dueAt: context.now + followAfterMs })
    else if (open) unit.delete(openTransactionKind, open)
    const { action, details } = eventOf(one, 'refuse')
    const said = { ...details, hash: one.hash ?? '', rejection }
    unit.audit(auditEvent(by, { action, resource: { type: 'transaction', id: one.id }, details: said }))
    return failed
  })
}
