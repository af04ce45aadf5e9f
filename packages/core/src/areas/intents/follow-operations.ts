import { operationNonceData, validUntilOf } from '../../families/index.ts'
import { bytesOfHex, fromUtf8, hex } from '../../kernel/bytes.ts'
import { minute, second } from '../../kernel/time.ts'
import { type Actor, auditEvent, type Engine, unitContext } from '../../operations/index.ts'
import { entryPoint, operationIn, type UserOperation } from '../../ports/bundler.ts'
import { type AnyChain, ChainUnavailable, type TransactionStatus } from '../../ports/chain.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { release } from '../guardrails/index.ts'
import { closeOpen } from './complete.ts'
import { eventOf, type Transaction, transactionKind } from './records.ts'
import { broadcast } from './send.ts'
import { bundlerOf, operationSender } from './user-operations.ts'

/** Time after the end of the signature in which the chain settles and slow nodes catch up. */
const settlesWithinMs = 15 * minute

/** The outcome of an operation, as far as it is known now. */
export type OperationFate =
  | { readonly state: 'open' }
  /** The node says that the nonce is used, so the operation ran. Null: the bundler does not say in which transaction. */
  | { readonly state: 'ran'; readonly includedIn: string | null; readonly status: Included | null }
  | { readonly state: 'expired' }

type Included = Extract<TransactionStatus, { state: 'included' }>

/** The node decides whether an operation ran and whether its call succeeded. The bundler only names the transaction. */
export async function fateOf(
  engine: Engine,
  chain: RegisteredChain,
  nodes: AnyChain,
  one: Transaction,
): Promise<OperationFate> {
  const operation = operationIn(fromUtf8(bytesOfHex(one.raw ?? '')))
  // Before the nonce, so that the nonce is of this block or a later one.
  const { at } = await nodes.tip()
  if (await isUsed(nodes, operation)) return ranIn(engine, chain, nodes, one)
  const endsAt = validUntilOf(operation) * second + settlesWithinMs
  const isPast = at > endsAt && engine.records.now() > (one.signedAt ?? 0) + settlesWithinMs
  return { state: isPast ? 'expired' : 'open' }
}

async function isUsed(nodes: AnyChain, operation: UserOperation): Promise<boolean> {
  const call = { from: operation.sender, to: entryPoint, value: 0n, data: operationNonceData(operation) }
  const [result] = (await nodes.simulate?.([call])) ?? []
  if (!result?.succeeded || result.returned.length !== 32) {
    throw new ChainUnavailable('The node does not say whether the nonce of the operation is used.')
  }
  return BigInt(`0x${hex(result.returned)}`) > operation.nonce
}

const ranSomewhere: OperationFate = { state: 'ran', includedIn: null, status: null }

async function ranIn(
  engine: Engine,
  chain: RegisteredChain,
  nodes: AnyChain,
  { hash }: Transaction,
): Promise<OperationFate> {
  // A bundler that does not answer changes nothing: the operation ran.
  const receipt =
    (await bundlerOf(engine, chain)
      ?.receipt(hash ?? '')
      .catch(() => null)) ?? null
  if (!receipt) return ranSomewhere
  const includedIn = receipt.transactionId
  const succeeded = (await nodes.operationSucceeded?.(includedIn, hash ?? '')) ?? null
  if (succeeded === null) return ranSomewhere
  const status = await nodes.status(includedIn)
  return status.state === 'included' ? { state: 'ran', includedIn, status: { ...status, succeeded } } : ranSomewhere
}

/** Sends an operation again that is not on the chain yet. One that a bundler refused is left alone. */
export async function sendAgain(
  engine: Engine,
  sending: { readonly org: string; readonly by: Actor },
  chain: RegisteredChain,
  one: Transaction,
): Promise<void> {
  const bundler = bundlerOf(engine, chain)
  if (bundler && one.status !== 'failed') await broadcast(engine, sending, one, operationSender(bundler))
}

/** Stores that the signature of an operation has ended and its nonce is unused. So its budgets are free again. */
export async function expire(engine: Engine, { org, by }: { org: string; by: Actor }, id: string): Promise<void> {
  await engine.records.transactIn(org, (unit) => {
    const one = unit.get(transactionKind, id)
    closeOpen(unit, id)
    if (!one) return
    const reservation = one.reservation && release(unitContext(engine, unit), one.reservation)
    const error = one.error ?? 'No bundler put the operation on the chain in time. It can no longer happen.'
    unit.put(transactionKind, { ...one, status: 'failed', chainState: 'dropped', error, reservation })
    const { action, details } = eventOf(one, 'settle')
    const said = { ...details, state: 'dropped', hash: one.hash ?? '' }
    unit.audit(auditEvent(by, { action, resource: { type: 'transaction', id }, details: said }))
  })
}
