import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { changeAccount } from '../account.ts'
import { overageMethods } from '../records.ts'

export const setOverageMethod = operation({
  name: 'billing.setOverageMethod',
  summary: 'Choose what pays for requests over the limit of the tier: credits, or x402 for each request.',
  http: {
    method: 'PATCH',
    path: '/v1/billing/overage-method',
    status: 200,
    id: 'billingOverageMethod',
    tag: 'Billing',
  },
  command: { name: 'billing overage', positionals: ['method'] },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'billing.overage_change', resource: 'billing', about: ({ method }) => ({ method }) },
  input: z.object({ method: z.enum(overageMethods, `must be ${overageMethods.join(' or ')}`) }),
  output: z.object({ overage_method: z.enum(overageMethods) }).meta({ id: 'OverageMethodResponse' }),
  errors: [],
  run: (context, { method }) => {
    changeAccount(context.unit, signedIn(context).org, { overageMethod: method })
    return { overage_method: method }
  },
})
