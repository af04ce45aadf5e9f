import { defineError } from '../../kernel/errors.ts'
import type { LimitedThing } from '../../operations/index.ts'

/** The tier has no room for one more of these. */
export const tierLimitReached = defineError<{ what: LimitedThing; max: number; tier: string }>(
  'resource_limit_exceeded',
  'denied',
  ({ what, max, tier }) =>
    `The tier ${tier} allows at most ${max} ${what}. Delete one, or ask an owner to move the organisation to a larger tier.`,
)

/** The tier does not have this feature. */
export const featureNotInTier = defineError<{ feature: string; tier: string }>(
  'resource_limit_exceeded',
  'denied',
  ({ feature, tier }) =>
    `The tier ${tier} does not include ${feature}. Ask an owner to move the organisation to a larger tier.`,
)

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
  ({ tier, interval }) => `The tier ${tier} has no price per ${interval === 'yearly' ? 'year' : 'month'} on this server.`,
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
