import type { Proof } from './caller.ts'
import type {
  CallPayment,
  CallPrice,
  Charge,
  Context,
  CountedSignature,
  MeteredOperation,
  PaidOperation,
  UnitContext,
} from './engine.ts'
import { paymentRequired } from './errors.ts'
import type { Feature } from './tiers.ts'

// A paid call runs on trial first, and the engine stores nothing. So a failed call costs nothing. Then the engine collects the
// payment and runs the call again. It stores the call and the use of the payment in one commit.

/**
 * What this call uses of the tier. Null: nothing is limited, and the event in the audit trail is the count. On a server without
 * tiers, a call without a delegation costs only this check.
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
    const usd = error.data.required_usd ?? null
    const payment = areas.payments?.(context, operation, input, { request: { usd }, feeUsd: null })
    if (!payment) throw error
    return paidCharge(context, operation, payment)
  }
}

/** The context of a call for whose request the caller has paid, so that it needs no room in the tier. */
export function paying(context: Context, { paid }: CallPayment): Context {
  return { ...context, origin: { ...context.origin, paid } }
}

/** The charge of a call that the payment pays. Using the payment and counting the call are one commit. */
function paidCharge(context: Context, operation: MeteredOperation, payment: CallPayment): Charge | null {
  const charge = context.areas.meter?.charge(paying(context, payment), operation)
  if (!charge) return null
  const stage = () => {
    if (!payment.use(context)) throw new MustCollect(payment)
    charge.stage()
  }
  return { countsHere: charge.countsHere, about: charge.about, stage }
}

/**
 * Runs a handler. If it needs a payment, such as the fee of a signature, and the caller shows one, the engine makes the call again
 * with it. Then the payment becomes credits of the organisation, which pay for what the handler needs. If the tier has no room for
 * the request either, the payment covers both, and only the rest of it becomes credits.
 */
export function runFunded<I, R>(
  context: Context,
  operation: MeteredOperation & PaidOperation & { run(context: Context, input: I): R },
  input: I,
  funding: CallPayment | null,
): R {
  if (funding) {
    if (!funding.use(context)) throw new MustCollect(funding)
    if (funding.funds) context.areas.meter?.fund(context, funding.funds)
  }
  try {
    return operation.run(context, input)
  } catch (error) {
    const feeUsd = paymentRequired.is(error) ? error.data.required_usd : undefined
    if (feeUsd === undefined || funding) throw error
    const request = requestOverLimit(context, operation)
    const payment = context.areas.payments?.(context, operation, input, { request, feeUsd })
    if (!payment) throw error
    throw new MustFund(payment)
  }
}

/** For a call that ends with an error, so that the engine discards credits that this spends. */
function requestOverLimit(context: Context, operation: MeteredOperation): CallPrice['request'] {
  try {
    context.areas.meter?.charge(context, operation)
    return null
  } catch (error) {
    if (!paymentRequired.is(error)) throw error
    return { usd: error.data.required_usd ?? null }
  }
}

/** Carries a payment for what a handler needs out of the unit. The engine discards the writes of the unit. */
export class MustFund extends Error {
  readonly payment: CallPayment

  constructor(payment: CallPayment) {
    super('the call must be made again with a payment')
    this.payment = payment
  }
}

/** Carries a payment out of the unit of a trial. The engine discards the writes of the trial. */
export class MustCollect extends Error {
  readonly payment: CallPayment
  /** The proof of possession of the call. */
  proof: Proof | null = null

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

/** Throws `payment_required` if a signature would have no room in the tier and nothing would pay for it. Stages nothing. */
export function requireSignature(context: UnitContext, signature: CountedSignature): void {
  context.areas.meter?.requireSignature(context, signature)
}

/** Counts a signature of an agent for its month. Throws `payment_required` if the tier has no room and nothing pays. */
export function countSignature(context: UnitContext, signature: CountedSignature): void {
  context.areas.meter?.countSignature(context, signature)
}
