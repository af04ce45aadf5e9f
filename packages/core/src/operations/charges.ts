import type { Charge, Charged, Context } from './engine.ts'

// A call that costs something first runs on trial, and nothing of it is stored. So a call that fails costs nothing. Then the
// payment is collected, and the call runs again and is stored together with the fact that its payment is used.

/** Carries a charge out of the unit of a trial, whose writes are dropped. */
export class MustCollect extends Error {
  readonly charge: Charge

  constructor(charge: Charge) {
    super('a payment must be collected first')
    this.charge = charge
  }
}

/** What the call costs. Callers without a credential pay for nothing. */
export function chargeFor(context: Context, operation: Charged, input: unknown): Charge | null {
  if (context.caller.kind === 'anonymous' || context.unit.org === null) return null
  for (const charges of context.areas.charges) {
    const charge = charges(context, operation, input)
    if (charge) return charge
  }
  return null
}

/** Uses the payment of a call whose handler has succeeded. */
export function takeCharge(context: Context, charge: Charge | null): void {
  if (charge && !charge.take(context)) throw new MustCollect(charge)
}
