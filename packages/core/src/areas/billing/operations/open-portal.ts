import * as z from 'zod'
import { AfterCommit, operation, signedIn } from '../../../operations/index.ts'
import { accountOf } from '../account.ts'
import { billingFailed, billingNotConfigured, notACustomer } from '../errors.ts'
import { orFailed, requireBilling, returnUrls } from '../provider.ts'

export const openPortal = operation({
  name: 'billing.portal',
  summary: 'Open a page on which your organisation manages its subscription, cards and invoices.',
  http: { method: 'POST', path: '/v1/billing/portal', status: 200, id: 'billingPortal', tag: 'Billing' },
  command: { name: 'billing portal' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'billing.portal', resource: 'billing' },
  input: z.object({}),
  output: z.object({ portal_url: z.string().meta({ format: 'uri' }) }).meta({ id: 'PortalUrlResponse' }),
  errors: [billingNotConfigured, notACustomer, billingFailed],
  run: (context) => {
    requireBilling(context)
    const { customer } = accountOf(context.unit, signedIn(context).org)
    if (customer === null) throw notACustomer()
    const { returnUrl } = returnUrls(context)
    return new AfterCommit({}, async (engine) => ({
      portal_url: await orFailed(engine, requireBilling(engine).portal({ customer, returnUrl })),
    }))
  },
})
