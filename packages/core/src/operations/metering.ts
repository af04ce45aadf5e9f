import type {
  CallPayment,
  Charge,
  Context,
  CountedSignature,
  MeteredOperation,
  PaidOperation,
  UnitContext,
} from './engine.ts'
import { paymentRequired } from './errors.ts'
import type { Feature } from './tiers.ts'

// A call that is paid runs on trial first, and nothing of it is stored. So a call that fails costs nothing. Then the payment
// is collected, and the call runs again and is stored together with the fact that its payment is used.

/**
 * What this call takes of the tier, or null where nothing is limited: the event in the audit trail is then the count. On a
 * server without tiers, a call without a delegation costs no more than this check.
 */
export function chargeFor(
  context: Context,
  operation: MeteredOperation & PaidOperation,
  input: unknown,
): Charge | null {
  const { caller, settings, areas } = context
  const isForApp = caller.kind === 'user' && caller.delegation !== null
  if (settings.tiers === null && !isForApp) return null
  try {
    return areas.meter?.charge(context, operation) ?? null
  } catch (error) {
    if (!paymentRequired.is(error)) throw error
    const payment = areas.payments?.(context, operation, input, error.data.required_usd ?? null)
    if (!payment) throw error
    return paidCharge(context, operation, payment)
  }
}

/** The charge of a call that the payment pays. Using the payment and counting the call are one commit. */
function paidCharge(context: Context, operation: MeteredOperation, payment: CallPayment): Charge | null {
  const paying = { ...context, origin: { ...context.origin, paid: payment.paid } }
  const charge = context.areas.meter?.charge(paying, operation)
  if (!charge) return null
  const stage = () => {
    if (!payment.use(context)) throw new MustCollect(payment)
    charge.stage()
  }
  return { countsHere: charge.countsHere, about: charge.about, stage }
}

/** Carries a payment out of the unit of a trial, whose writes are dropped. */
export class MustCollect extends Error {
  readonly payment: CallPayment

  constructor(payment: CallPayment) {
    super('a payment must be collected first')
    this.payment = payment
  }
}

/**
 * Throws `resource_limit_exceeded` if the tier of the organisation does not have the feature.
 *
 * @example
 * requireFeature(context, 'cmek')
 */
export function requireFeature(context: UnitContext, feature: Feature): void {
  if (context.settings.tiers !== null) context.areas.meter?.requireFeature(context, feature)
}

/** Counts a signature of an agent for its month. Throws `payment_required` if the tier has no room and nothing pays. */
export function countSignature(context: UnitContext, signature: CountedSignature): void {
  context.areas.meter?.countSignature(context, signature)
}
