import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { webhookNotFound } from '../errors.ts'
import { deliveryKind, webhookKind } from '../records.ts'
import { DeliveryBody, deliveryBody, webhookRef } from '../schemas.ts'

const deliveriesMax = 200
const deliveriesDefault = 50

export const listDeliveries = operation({
  name: 'webhooks.deliveries',
  summary: 'List the deliveries of a webhook, the newest first. The last 1,000 are kept.',
  http: {
    method: 'GET',
    path: '/v1/webhooks/{webhook_id}/deliveries',
    status: 200,
    id: 'listWebhookDeliveries',
    tag: 'Webhooks',
  },
  command: { columns: ['id', 'event', 'status', 'attempts', 'http_status', 'error', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'webhook.deliveries', resource: 'webhook', about: ({ webhook_id }) => ({ id: webhook_id }) },
  input: z.object({
    ...webhookRef,
    limit: fields.optional(fields.count(deliveriesMax, 1)).describe('Maximum number of entries. Default: 50.'),
    before: fields.optional(fields.id()).describe('Only deliveries older than the one with this ID.'),
  }),
  output: z.object({ deliveries: z.array(DeliveryBody) }),
  errors: [webhookNotFound],
  run: ({ unit }, { webhook_id: id, limit = deliveriesDefault, before }) => {
    unit.require(webhookKind, id, webhookNotFound)
    const last = before === undefined ? null : unit.get(deliveryKind, before)
    const end = last?.webhookId === id ? { to: [id, last.number] } : {}
    const found = unit.page(deliveryKind, 'place', { tuple: [id], ...end, reverse: true, limit })
    return { deliveries: found.map(deliveryBody) }
  },
})
