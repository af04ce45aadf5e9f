import * as z from 'zod'
import { monthOf } from '../../../kernel/time.ts'
import { isAdmin, operation, signedIn } from '../../../operations/index.ts'
import { accountOf, tierOf } from '../account.ts'
import { usdText } from '../money.ts'
import { principalUsageKind } from '../records.ts'
import { noLimit, UsageBody } from '../schemas.ts'
import { monthFor, requestsIn } from '../usage.ts'

export const getUsage = operation({
  name: 'billing.usage',
  summary: 'Show the requests of your organisation in the present month (UTC).',
  http: { method: 'GET', path: '/v1/billing/usage', status: 200, id: 'billingUsage', tag: 'Billing' },
  command: { name: 'billing usage' },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'billing.usage', resource: 'billing' },
  input: z.object({}),
  output: UsageBody,
  errors: [],
  run: (context) => {
    const { unit, now, caller } = context
    const { org } = signedIn(context)
    const { name, tier } = tierOf(context, accountOf(unit, org))
    const month = monthOf(now)
    const total = requestsIn(unit, org, month)
    const { paidRequests, paidMicros } = monthFor(unit, org, month)
    return {
      billing_tier: name,
      free_tier_limit: tier.limits?.requests ?? noLimit,
      current_month: {
        total_requests: total,
        paid_requests: paidRequests,
        free_requests: Math.max(0, total - paidRequests),
        total_cost_usd: usdText(paidMicros),
      },
      ...(isAdmin(caller) && {
        principals: unit.list(principalUsageKind, 'month', month).map(({ principalType, principalId, requests }) => ({
          principal_type: principalType,
          principal_id: principalId,
          requests,
        })),
      }),
    }
  },
})
