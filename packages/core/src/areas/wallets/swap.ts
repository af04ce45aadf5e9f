import type { TransactionRequest } from '../../families/index.ts'
import type { PawlError } from '../../kernel/errors.ts'
import { type Engine, perEngine, serviceFailed, type UnitContext, unitContext } from '../../operations/index.ts'
import type { SwapQuote, SwapWanted } from '../../ports/money.ts'
import { requireRoom } from '../guardrails/index.ts'
import { chainOf, type Signing, type Transaction } from '../intents/index.ts'
import { accessLayers } from './access.ts'
import { walletNotFound } from './errors.ts'
import { judge, refusePayment } from './limits.ts'
import { type Payment, pay, paymentOf, stagePayment } from './pay.ts'
import { walletKind } from './records.ts'
import { askService } from './services.ts'

/** A swap with its quote, confirmed by the owner of the wallet. */
interface Swap {
  readonly walletId: string
  readonly accessId: string | undefined
  /** Name in the registry. */
  readonly chain: string
  readonly wanted: SwapWanted
  readonly quote: SwapQuote
}

const quotes = perEngine(
  (engine) => (wanted: SwapWanted) => askService(engine, 'swaps', (swaps) => swaps.quote(wanted)),
)

/** Requests a quote in the unit that decides. The quote must not move native currency beyond the sold amount. */
export function quoteFor(context: UnitContext, wanted: SwapWanted): SwapQuote {
  const quote = context.unit.waitFor(() => quotes(context)(wanted))
  if (!fits(quote, wanted)) throw serviceFailed({ service: 'swaps' })
  return quote
}

/** The refusal of a swap, with its record, or null. Spend policies judge all its transactions before Pawl signs the first one. */
export function refusalOf(context: UnitContext, { walletId, accessId, chain, wanted, quote }: Swap): PawlError | null {
  for (const request of requestsOf(quote, wanted)) {
    const { wallet, family, draft, chain: network } = loaded(context, walletId, chain, request)
    const layers = accessLayers(context, accessId, network)
    const decision = judge(context, wallet.userId, network, family.effects(draft), layers)
    if (decision.outcome !== 'allowed') return refusePayment(context, decision)
    requireRoom(context, decision)
  }
  return null
}

interface Swapped extends Pick<Transaction, 'hash' | 'status'> {
  readonly buyAmount: bigint
}

/**
 * Makes the transactions of a quote. For a token, the first transaction approves exactly the sold amount, and the second one is
 * the call.
 */
export async function swap(
  engine: Engine,
  signing: Signing,
  { walletId, accessId, chain, wanted, quote }: Swap,
): Promise<Swapped> {
  let last: Pick<Transaction, 'hash' | 'status'> = { hash: null, status: 'failed' }
  for (const request of requestsOf(quote, wanted)) {
    const { id } = await engine.records.transactIn(signing.org, (unit) => {
      const context = unitContext(engine, unit)
      return stagePayment(context, signing.org, loaded(context, walletId, chain, request), { unit: 'base', accessId })
    })
    last = await pay(engine, signing, id)
    if (last.status === 'failed') break
  }
  return { hash: last.hash, status: last.status, buyAmount: quote.buyAmount }
}

/** Whether a quote sells what was asked for and nothing else. */
function fits({ value, spender }: SwapQuote, { sellToken, sellAmount }: SwapWanted): boolean {
  return sellToken === null ? value === sellAmount && spender === null : value === 0n && spender !== null
}

function requestsOf({ to, data, value, gasLimit, spender }: SwapQuote, { sellToken, sellAmount }: SwapWanted) {
  const call: TransactionRequest = { to, value, fields: { data, gas_limit: gasLimit.toString() } }
  if (sellToken === null || spender === null) return [call]
  return [{ to: sellToken, value: 0n, fields: { data: approval(spender, sellAmount) } }, call]
}

/** `approve(address,uint256)` of ERC-20. */
function approval(spender: string, amount: bigint): string {
  const word = (digits: string) => digits.toLowerCase().padStart(64, '0')
  return `0x095ea7b3${word(spender.replace(/^0x/, ''))}${word(amount.toString(16))}`
}

function loaded(context: UnitContext, walletId: string, chain: string, request: TransactionRequest): Payment {
  const wallet = context.unit.get(walletKind, walletId)
  if (!wallet?.isActive) throw walletNotFound({ chain })
  return paymentOf(context, wallet, chainOf(context, { chain, chain_id: undefined }), request)
}
