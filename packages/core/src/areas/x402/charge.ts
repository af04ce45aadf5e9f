import { frame, hex, utf8 } from '../../kernel/bytes.ts'
import { revealingJson } from '../../kernel/secret.ts'
import { type Charge, type Charged, type Context, signedIn } from '../../operations/index.ts'
import type { PaymentRequirement } from '../../ports/facilitator.ts'
import { type Collection, collect } from './collect.ts'
import { refusal } from './errors.ts'
import { mismatch, paymentIn } from './payment.ts'
import { type Claim, claimKind, x402ConfigOf } from './records.ts'
import { requirementFor } from './requirement.ts'

/**
 * The charge of a call with a price in US dollars. Null: payments are not set up. Throws `payment_required` if the call shows
 * no payment, or one that cannot pay for it.
 */
export function x402Charge(context: Context, operation: Charged, input: unknown, usd: string): Charge | null {
  const config = x402ConfigOf(context.unit)
  const requirement = requirementFor(context, config, operation, input, usd)
  if (!requirement || config.facilitatorUrl === null) return null
  const refuse = (error: string) => refusal(requirement, error)
  const header = context.origin.payment ?? null
  if (header === null) throw refuse('This call costs a payment. Send it in the header X-PAYMENT.')
  const shown = paymentIn(context, header)
  if (!shown) throw refuse('The header X-PAYMENT is not a payment of x402, version 1, as JSON or base64.')
  const problem = mismatch(shown.payment, requirement)
  if (problem !== null) throw refuse(problem)
  const call = callOf(context, operation, input, requirement)
  const collection: Collection = {
    ...{ shown, requirement, refuse, call, facilitatorUrl: config.facilitatorUrl },
    ...{ org: signedIn(context).org, operation: operation.name, by: context },
  }
  return { take: (within) => take(within, collection), collect: (engine) => collect(engine, collection) }
}

/** What a payment pays: this caller, this operation, this input, this price. */
function callOf(context: Context, { name }: Charged, input: unknown, wanted: PaymentRequirement): string {
  const { kind, id, org } = signedIn(context)
  const { resource, maxAmountRequired, network } = wanted
  const parts = [org, kind, id, name, resource, maxAmountRequired, network, revealingJson(input) ?? '']
  return hex(context.crypto.sha256(frame(...parts.map(utf8))))
}

/** In the unit of the call: one call makes a settled payment a used one, whatever comes at the same time. */
function take({ unit, origin }: Context, { shown, call, refuse, requirement }: Collection): boolean {
  const claim = unit.get(claimKind, shown.id)
  if (claim?.state === 'used') throw refuse('The payment was already used.')
  if (claim && claim.call !== call) throw refuse('The payment belongs to another call.')
  if (claim?.state !== 'settled') return false
  unit.put(claimKind, { ...claim, state: 'used' })
  origin.paid?.(receiptOf(claim, requirement))
  return true
}

function receiptOf({ transaction, payer }: Claim, { network }: PaymentRequirement): string {
  return JSON.stringify({ success: true, transaction, network, payer })
}
