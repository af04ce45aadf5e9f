import * as z from 'zod'
import { AfterCommit, fields, operation, signedIn } from '../../../operations/index.ts'
import { accountOf } from '../account.ts'
import { billingFailed, billingNotConfigured } from '../errors.ts'
import { openCheckout, requireBilling, returnUrls } from '../provider.ts'
import { CheckoutBody } from '../schemas.ts'

export const topUp = operation({
  name: 'billing.topUp',
  summary: 'Open a page on which your organisation buys credits. They are added when they are paid, for twelve months.',
  http: { method: 'POST', path: '/v1/billing/credits/topup', status: 200, id: 'billingCreditTopup', tag: 'Billing' },
  command: { name: 'billing topup', positionals: ['amount_usd'] },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'billing.topup', resource: 'billing', about: ({ amount_usd }) => ({ amount_usd }) },
  input: z.object({ amount_usd: fields.count(1_000, 5).describe('Whole US dollars.') }),
  output: CheckoutBody,
  errors: [billingNotConfigured, billingFailed],
  run: (context, { amount_usd }) => {
    requireBilling(context)
    const { org } = signedIn(context)
    const { customer } = accountOf(context.unit, org)
    const wanted = { org, customer, idempotencyKey: context.newId(), ...returnUrls(context) }
    return new AfterCommit({}, (engine) =>
      openCheckout(engine, { ...wanted, buys: 'credits', cents: amount_usd * 100 }),
    )
  },
})
