import { second } from '../../kernel/time.ts'
import { type Actor, auditEvent, type Engine, type ScheduledTask } from '../../operations/index.ts'
import { type AnyChain, ChainUnavailable, type TransactionStatus } from '../../ports/chain.ts'
import { findChain, type RegisteredChain } from '../chains/index.ts'
import { nodesOf } from '../signers/index.ts'
import { closeOpen, fail } from './complete.ts'
import { expire, fateOf, sendAgain } from './follow-operations.ts'
import { isOperation } from './operation-request.ts'
import {
  type ChainState,
  eventOf,
  type OpenTransaction,
  openTransactionKind,
  type Transaction,
  transactionKind,
} from './records.ts'
import { broadcast } from './send.ts'

const openAtOnce = 50
/** Number of blocks after which the engine expects that a transaction stays in the chain. */
const confirmationsMin = 12n
/** How long a transaction that no node knows is sent again. */
const triesMax = 2_000

/** Follows every transaction with an open outcome. Sends unsent transactions, and checks the outcome of sent ones. */
export const followTask: ScheduledTask = {
  name: 'transactions.follow',
  everyMs: 5 * second,
  run: async (engine) => {
    const { records } = engine
    const due = await records.reading().page(openTransactionKind, 'due', { to: [records.now() + 1], limit: openAtOnce })
    for (const open of due) await follow(engine, open).catch((error) => later(engine, open, error))
  },
}

const server: Actor = { type: 'system', id: 'transactions', ip: null }

async function follow(engine: Engine, { id, org }: OpenTransaction): Promise<void> {
  const reading = engine.records.reading(org)
  const one = await reading.get(transactionKind, id)
  if (!one) return drop(engine, org, id)
  if (one.status === 'pending') {
    // Nothing was signed, and the caller may have asked again.
    return fail(engine, org, id, 'The server stopped before the transaction was signed. Nothing was sent.')
  }
  if (one.status === 'awaiting_approval') {
    return fail(engine, org, id, 'No human approved the transaction in time. Nothing was signed.')
  }
  const chain = await engine.records.transactIn(org, (unit) => findChain(unit, one.chain))
  const nodes = chain && nodesOf(engine, chain)
  if (!nodes || one.hash === null) return wait(engine, one, one.chainState)
  if (isOperation(one)) return followOperation(engine, org, chain, nodes, one)
  if (one.status === 'signed') {
    await broadcast(engine, { org, by: server }, one, nodes)
    return wait(engine, one, one.chainState)
  }
  return see(engine, org, one, nodes)
}

async function followOperation(
  engine: Engine,
  org: string,
  chain: RegisteredChain,
  nodes: AnyChain,
  one: Transaction,
): Promise<void> {
  const fate = await fateOf(engine, chain, nodes, one)
  if (fate.state === 'expired') return expire(engine, { org, by: server }, one.id)
  if (fate.state === 'open') {
    await sendAgain(engine, { org, by: server }, chain, one)
    return wait(engine, one, one.chainState)
  }
  const { includedIn, status } = fate
  if (includedIn === null || !status) return ran(engine, org, one)
  return included(engine, org, { ...one, includedIn }, status)
}

/** Stores that an operation is on the chain, and nothing tells yet in which transaction. */
async function ran(engine: Engine, org: string, { id }: Transaction): Promise<void> {
  await engine.records.transactIn(org, (unit) => {
    const now = unit.get(transactionKind, id)
    if (now && now.height === null) {
      unit.put(transactionKind, { ...now, status: 'broadcast', chainState: 'included', error: null })
    }
    postpone(engine, unit, id)
  })
}

async function see(engine: Engine, org: string, one: Transaction, nodes: AnyChain): Promise<void> {
  const status = await nodes.status(one.hash ?? '')
  if (status.state === 'included') return included(engine, org, one, status)
  if (status.state === 'pending') return wait(engine, one, 'pending')
  // Dropped, or in a block that a reorganisation removed. The same bytes are sent again, which is harmless.
  await broadcast(engine, { org, by: server }, one, nodes)
  return wait(engine, one, 'dropped')
}

type Included = Extract<TransactionStatus, { state: 'included' }>

async function included(
  engine: Engine,
  org: string,
  one: Transaction,
  { succeeded, height, confirmations }: Included,
): Promise<void> {
  const isSure = confirmations >= confirmationsMin
  const chainState: ChainState = succeeded ? (isSure ? 'confirmed' : 'included') : 'reverted'
  await engine.records.transactIn(org, (unit) => {
    const now = unit.get(transactionKind, one.id)
    if (!now) return
    const isNew = now.chainState !== chainState || now.height !== height.toString()
    if (isNew) {
      const error = succeeded ? null : `The transaction reverted in block ${height}.`
      const status = succeeded ? 'broadcast' : 'failed'
      const place = { height: height.toString(), ...(one.includedIn !== undefined && { includedIn: one.includedIn }) }
      unit.put(transactionKind, { ...now, status, chainState, ...place, error })
      const { action, details } = eventOf(one, 'settle')
      const said = { ...details, state: chainState, block: height.toString() }
      unit.audit(auditEvent(server, { action, resource: { type: 'transaction', id: one.id }, details: said }))
    }
    if (isSure) closeOpen(unit, one.id)
    else postpone(engine, unit, one.id)
  })
}

async function wait(engine: Engine, { id }: Transaction, chainState: ChainState | null): Promise<void> {
  const open = await engine.records.reading().get(openTransactionKind, id)
  if (!open) return
  await engine.records.transactIn(open.org, (unit) => {
    const now = unit.get(transactionKind, id)
    // Not if it was refused meanwhile.
    if (!now || !unit.get(openTransactionKind, id)) return
    if (now.chainState !== chainState && now.status === 'broadcast') {
      unit.put(transactionKind, { ...now, chainState, height: chainState === 'included' ? now.height : null })
    }
    postpone(engine, unit, id)
  })
}

type Unit = Parameters<typeof closeOpen>[0]

/** Slower the longer it takes, up to five minutes. */
function postpone(engine: Engine, unit: Unit, id: string): void {
  const open = unit.get(openTransactionKind, id)
  if (!open) return
  if (open.tries >= triesMax) {
    closeOpen(unit, id)
    return
  }
  const waitMs = Math.min(5 * second * 1.2 ** Math.min(open.tries, 25), 300 * second)
  unit.put(openTransactionKind, { ...open, tries: open.tries + 1, dueAt: engine.records.now() + Math.round(waitMs) })
}

async function later(engine: Engine, { id, org }: OpenTransaction, error: unknown): Promise<void> {
  const reason = error instanceof ChainUnavailable ? error.message : 'an internal error'
  engine.log('warn', 'the state of a transaction is not known now', { transaction: id, reason })
  await engine.records.transactIn(org, (unit) => postpone(engine, unit, id))
}

async function drop(engine: Engine, org: string, id: string): Promise<void> {
  await engine.records.transactIn(org, (unit) => closeOpen(unit, id))
}
