import { defineError } from '../../kernel/errors.ts'
import { paymentRequired } from '../../operations/index.ts'
import type { PaymentRequirement } from '../../ports/facilitator.ts'

/** Says why the call is not answered, and how it can be paid. */
export function refusal(requirement: PaymentRequirement, error: string): Error {
  const { description, price, maxTimeoutSeconds } = requirement
  // The older form of the protocol has another name for the time, so the answer has both.
  const accepts = [{ ...requirement, requiredDeadlineSeconds: maxTimeoutSeconds }]
  return paymentRequired({ x402Version: 1, error, accepts, description, required_usd: price, message: error })
}

export const noTiers = defineError(
  'no_tiers',
  'conflict',
  'This server has no tiers, so no request is over a limit. Set PAWL_TIERS first.',
)
