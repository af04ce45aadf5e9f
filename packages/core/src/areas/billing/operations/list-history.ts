import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { meteredEvents } from '../history.ts'
import { UsageEventBody } from '../schemas.ts'

const eventsMax = 200

export const listHistory = operation({
  name: 'billing.history',
  summary:
    'List the metered requests of your organisation, newest first. Owners and admins see those of all principals.',
  http: { method: 'GET', path: '/v1/billing/history', status: 200, id: 'billingHistory', tag: 'Billing' },
  command: { name: 'billing history', columns: ['created_at', 'principal_id', 'method', 'endpoint', 'price_usd'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'billing.history', resource: 'billing' },
  input: z.object({
    limit: fields.optional(fields.count(eventsMax, 1)).describe('Maximum number of requests. Default: 50.'),
  }),
  output: z.object({ events: z.array(UsageEventBody) }).meta({ id: 'UsageHistoryResponse' }),
  errors: [],
  run: (context, { limit = 50 }) => ({ events: meteredEvents(context, limit) }),
})
