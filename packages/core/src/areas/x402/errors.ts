import { defineError } from '../../kernel/errors.ts'
import type { PaymentRequirement } from '../../ports/facilitator.ts'

/** What the caller can pay, as the x402 protocol has it, and why a payment that was shown did not pay. */
export interface PaymentWanted {
  readonly x402Version: 1
  readonly error: string
  readonly accepts: readonly (PaymentRequirement & { readonly requiredDeadlineSeconds: number })[]
  readonly description: string
  readonly required_usd: string
  readonly message: string
}

export const paymentRequired = defineError<PaymentWanted>('payment_required', 'limited', ({ message }) => message)

export function refusal(requirement: PaymentRequirement, error: string): Error {
  const { description, price, maxTimeoutSeconds } = requirement
  return paymentRequired({
    x402Version: 1,
    error,
    accepts: [{ ...requirement, requiredDeadlineSeconds: maxTimeoutSeconds }],
    description,
    required_usd: price,
    message: error,
  })
}
