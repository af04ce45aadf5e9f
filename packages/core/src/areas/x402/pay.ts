import { frame, hex, utf8 } from '../../kernel/bytes.ts'
import { revealingJson } from '../../kernel/secret.ts'
import type { CallPayment, Context, PaidOperation, Payments } from '../../operations/index.ts'
import type { PaymentRequirement } from '../../ports/facilitator.ts'
import { type Collection, collect } from './collect.ts'
import { refusal } from './errors.ts'
import { type Claim, claimKind, x402ConfigOf } from './records.ts'
import { atomic, requirementFor, sumOf } from './requirement.ts'
import { mismatch, paymentIn } from './shown-payment.ts'

/** The payment that a call shows. The price list comes before the price of the tier. The fee of a signature has no other price. */
export const x402Payment: Payments = (context, operation, input, { request, feeUsd }) => {
  const config = x402ConfigOf(context.unit)
  const requestUsd = request && (config.prices[operation.name] ?? request.usd)
  const hasPrice = request === null || requestUsd !== null
  const usd = requestUsd === null ? feeUsd : feeUsd === null ? requestUsd : sumOf(requestUsd, feeUsd)
  const requirement = hasPrice && usd !== null ? requirementFor(context, config, operation, input, usd) : null
  if (!requirement || config.facilitatorUrl === null) return null
  const refuse = (error: string) => refusal(requirement, error)
  const header = context.origin.payment ?? null
  if (header === null) throw refuse('The tier has no room for this call. Pay for it with the header X-PAYMENT.')
  const shown = paymentIn(context, header)
  if (!shown) throw refuse('The header X-PAYMENT is not a payment of x402, version 1, as JSON or base64.')
  const problem = mismatch(shown.payment, requirement)
  if (problem !== null) throw refuse(problem)
  const collection = {
    ...{ shown, requirement, refuse, facilitatorUrl: config.facilitatorUrl },
    ...{ call: callOf(context, operation, input, requirement), operation: operation.name },
    ...{ org: context.unit.org ?? '', by: context },
  }
  return callPayment(collection, requestUsd, feeUsd)
}

function callPayment(collection: Collection, requestUsd: string | null, feeUsd: string | null): CallPayment {
  const part = (usd: string) => ({ by: 'x402', micros: Number(atomic(usd)), reference: collection.shown.id })
  return {
    paid: requestUsd === null ? null : part(requestUsd),
    funds: feeUsd === null ? null : part(feeUsd),
    use: (context) => use(context, collection),
    collect: (engine) => collect(engine, collection),
  }
}

/** What a payment pays: this caller, this operation, this input, this price. */
function callOf(context: Context, { name }: PaidOperation, input: unknown, wanted: PaymentRequirement): string {
  const { caller, unit } = context
  const who = caller.kind === 'anonymous' ? [] : [caller.id]
  const { resource, maxAmountRequired, network } = wanted
  const parts = [unit.org ?? '', caller.kind, ...who, name, resource, maxAmountRequired, network, revealingJson(input)]
  return hex(context.crypto.sha256(frame(...parts.map(utf8))))
}

/** Marks a settled payment as used, in the unit of the call. So only one of several concurrent calls can use it. */
function use({ unit, origin }: Context, { shown, call, refuse, requirement }: Collection): boolean {
  const claim = unit.get(claimKind, shown.id)
  if (claim?.state === 'used') throw refuse('The payment was already used.')
  if (claim && claim.call !== call) throw refuse('The payment belongs to another call.')
  if (claim?.state !== 'settled') return false
  unit.put(claimKind, { ...claim, state: 'used' })
  origin.receipt?.(receiptOf(claim, requirement))
  return true
}

function receiptOf({ transaction, payer }: Claim, { network }: PaymentRequirement): string {
  return JSON.stringify({ success: true, transaction, network, payer })
}
