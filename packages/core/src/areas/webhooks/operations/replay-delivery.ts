import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { deliveryNotFound, queueFull, webhookNotFound } from '../errors.ts'
import { enqueue } from '../queue.ts'
import { deliveryKind, webhookKind } from '../records.ts'
import { DeliveryBody, deliveryBody, webhookRef } from '../schemas.ts'

export const replayDelivery = operation({
  name: 'webhooks.replay',
  summary: 'Deliver an event again. It has the same event ID and body, and goes to the end of the queue.',
  http: {
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay',
    status: 201,
    id: 'replayWebhookDelivery',
    tag: 'Webhooks',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'webhook.replay',
    resource: 'webhook',
    about: ({ webhook_id, delivery_id }) => ({ id: webhook_id, delivery_id }),
  },
  input: z.object({ ...webhookRef, delivery_id: fields.id().describe('ID of the delivery to repeat.') }),
  output: DeliveryBody,
  errors: [webhookNotFound, deliveryNotFound, queueFull],
  run: ({ unit, now, newId }, { webhook_id: id, delivery_id }) => {
    const webhook = unit.require(webhookKind, id, webhookNotFound)
    const former = unit.require(deliveryKind, delivery_id, deliveryNotFound)
    if (former.webhookId !== id) throw deliveryNotFound()
    const { eventId, event, body } = former
    const delivery = enqueue(unit, now, webhook, { id: newId(), eventId, event, body })
    if (!delivery) throw queueFull()
    return deliveryBody(delivery)
  },
})
