import { defineError } from '../../kernel/errors.ts'

export const billingNotConfigured = defineError(
  'billing_not_configured',
  'invalid',
  'Billing is not configured on this server, so nothing can be bought. The operator sets tiers and credits.',
)

/** The payment provider refused, or does not answer. */
export const billingFailed = defineError<{ reason: string }>(
  'billing_failed',
  'unavailable',
  ({ reason }) => `The payment provider did not answer as expected: ${reason}`,
)

export const tierNotForSale = defineError<{ tier: string; interval: string }>(
  'tier_not_for_sale',
  'invalid',
  ({ tier, interval }) =>
    `The tier ${tier} has no price per ${interval === 'yearly' ? 'year' : 'month'} on this server.`,
)

export const notACustomer = defineError(
  'not_a_customer',
  'invalid',
  'The organisation has bought nothing yet. Start with a subscription or a top-up.',
)

/** The signature of a webhook does not match its body. */
export const webhookRefused = defineError<{ reason: string }>(
  'webhook_refused',
  'invalid',
  ({ reason }) => `The event is not from the payment provider: ${reason}`,
)
