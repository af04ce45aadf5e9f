import type { AmountUnit, Family, TransactionRequest } from '../../families/index.ts'
import { invalidField, PawlError } from '../../kernel/errors.ts'
import { type Context, type Engine, type UnitContext, unitContext } from '../../operations/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { reserve } from '../guardrails/index.ts'
import {
  askNodes,
  broadcast,
  build,
  chainOf,
  closeOpen,
  fail,
  pending,
  type Signing,
  signBuilt,
  stagePending,
  type Transaction,
  transactionKind,
} from '../intents/index.ts'
import { orInvalid, requireNodes, type Signer } from '../signers/index.ts'
import { accessLayers } from './access.ts'
import { walletNotFound } from './errors.ts'
import { signerOf } from './keys.ts'
import { judge, refusePayment } from './limits.ts'
import { type Wallet, walletKind } from './records.ts'

/** A payment that was read: who signs what, on which chain. */
export interface Payment {
  readonly wallet: Wallet
  readonly chain: RegisteredChain
  readonly family: Family
  readonly signer: Signer
  readonly from: string
  readonly request: TransactionRequest
  readonly draft: unknown
}

/** Reads a payment and checks all of it that needs no node. */
export function paymentOf(
  { unit }: Pick<UnitContext, 'unit'>,
  wallet: Wallet,
  { chain, family }: Pick<Payment, 'chain' | 'family'>,
  request: TransactionRequest,
): Payment {
  const signer = signerOf(unit, wallet)
  const from = family.address(signer.publicKey, chain)
  return { wallet, chain, family, signer, from, request, draft: orInvalid(() => family.draft(request, chain, from)) }
}

/** More is surely a mistake of units (web3.md 7.4). */
const etherMax = 10_000n

/** Refuses an amount of native currency on an EVM chain that is surely a mistake. */
export function checkEther({ family, decimals, currency }: RegisteredChain, amount: bigint, field: string): void {
  if (family === 'evm' && amount > etherMax * 10n ** BigInt(decimals)) {
    throw invalidField(field, `must be at most ${etherMax} ${currency}`)
  }
}

/** Stages a payment as `pending`. What needs a node happens after the commit, in `pay`. */
export function stagePayment(
  context: Pick<Context, 'unit' | 'now' | 'newId'>,
  org: string,
  payment: Payment,
  { unit, accessId }: { readonly unit: AmountUnit; readonly accessId: string | undefined },
): Transaction {
  const agent = { id: '' }
  const one = {
    ...pending(context, { ...payment, agent, unit }, {}, 'submit'),
    walletId: payment.wallet.id,
    ...(accessId !== undefined && { accessId }),
  }
  stagePending(context, org, one)
  return one
}

/**
 * Asks the nodes, signs in a unit of its own, and sends. Each step stores its outcome before the next one begins, as for the
 * transactions of agents.
 */
export async function pay(engine: Engine, signing: Signing, id: string): Promise<Transaction> {
  const { org } = signing
  try {
    const payment = await engine.records.transactIn(org, (unit) => loaded(unitContext(engine, unit), id))
    const nodes = requireNodes(engine, payment.chain)
    const asked = await askNodes(engine, payment, nodes, false)
    const signed = await sign(engine, signing, id, asked)
    return signed.status === 'signed' ? await broadcast(engine, signing, signed, nodes) : signed
  } catch (error) {
    if (error instanceof PawlError) await fail(engine, org, id, error.message)
    throw error
  }
}

function loaded(context: UnitContext, id: string): Payment & { readonly one: Transaction } {
  const { unit } = context
  const one = unit.get(transactionKind, id)
  const wallet = unit.get(walletKind, one?.walletId ?? '')
  if (!one || !wallet?.isActive) throw walletNotFound({ chain: one?.chain ?? 'this chain' })
  const { to, value, fields } = one.request
  const network = chainOf(context, { chain: one.chain, chain_id: undefined })
  return { ...paymentOf(context, wallet, network, { to, value: BigInt(value), fields }), one }
}

type Asked = Awaited<ReturnType<typeof askNodes>>

/**
 * The unit that signs. It takes budgets and the nonce in the commit that stores the signature. So each of several concurrent
 * payments sees what the others took, or runs again.
 */
async function sign(engine: Engine, signing: Signing, id: string, asked: Asked): Promise<Transaction> {
  const outcome = await engine.records.transactIn(signing.org, (unit) => {
    const context = unitContext(engine, unit)
    const { one, ...payment } = loaded(context, id)
    if (one.status !== 'pending') return { one }
    const built = build(context, payment, asked)
    const layers = accessLayers(context, one.accessId, payment.chain)
    const decision = judge(context, payment.wallet.userId, payment.chain, built.unsigned.effects, layers)
    if (decision.outcome !== 'allowed') {
      const error = refusePayment(context, decision)
      closeOpen(unit, id)
      unit.put(transactionKind, { ...one, status: 'failed', error: error.message })
      return { refused: error }
    }
    const reservation = reserve(context, decision)
    return {
      one: signBuilt(context, signing, {
        ...payment,
        ...built,
        one,
        asked,
        reservation,
        decision,
        hasNodes: true,
        simulates: false,
      }),
    }
  })
  if ('refused' in outcome) throw outcome.refused
  return outcome.one
}
