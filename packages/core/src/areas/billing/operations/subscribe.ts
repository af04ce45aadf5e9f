import * as z from 'zod'
import { AfterCommit, fields, operation, signedIn } from '../../../operations/index.ts'
import { accountOf } from '../account.ts'
import { billingFailed, billingNotConfigured, tierNotForSale } from '../errors.ts'
import { openCheckout, requireBilling, returnUrls } from '../provider.ts'
import { CheckoutBody } from '../schemas.ts'

const trialDays = 14

export const subscribe = operation({
  name: 'billing.subscribe',
  summary: 'Open a page on which your organisation subscribes to a tier. The tier changes when it is paid.',
  http: { method: 'POST', path: '/v1/billing/subscribe', status: 200, id: 'billingSubscribe', tag: 'Billing' },
  command: { name: 'billing subscribe', positionals: ['tier', 'interval'] },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'billing.subscribe',
    resource: 'billing',
    about: ({ tier, interval }) => ({ tier, interval }),
  },
  input: z.object({
    tier: fields.text(64, 1),
    interval: z.enum(['monthly', 'yearly'], 'must be monthly or yearly'),
    trial: fields
      .optional(z.boolean('must be true or false'))
      .describe(`Begin with ${trialDays} days without a payment. Default: true.`),
  }),
  output: CheckoutBody,
  errors: [billingNotConfigured, tierNotForSale, billingFailed],
  run: (context, { tier, interval, trial = true }) => {
    requireBilling(context)
    const { org } = signedIn(context)
    const { tiers } = context.settings
    const price = tiers && Object.hasOwn(tiers.tiers, tier) ? tiers.tiers[tier]?.prices?.[interval] : undefined
    if (price === undefined) throw tierNotForSale({ tier, interval })
    const { customer, subscription } = accountOf(context.unit, org)
    // A trial is for organisations that had no subscription yet.
    const days = trial && subscription === null ? trialDays : 0
    const wanted = { org, customer, idempotencyKey: context.newId(), ...returnUrls(context) }
    return new AfterCommit({}, (engine) => openCheckout(engine, { ...wanted, buys: 'tier', price, trialDays: days }))
  },
})
