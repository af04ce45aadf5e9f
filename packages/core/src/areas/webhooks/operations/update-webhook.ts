import * as z from 'zod'
import { checkOutgoingUrl, fields, operation, signedIn } from '../../../operations/index.ts'
import { webhookNotFound } from '../errors.ts'
import { webhookKind } from '../records.ts'
import { WebhookBody, webhookBody, webhookFields, webhookRef } from '../schemas.ts'
import { activated, ownWebhook } from '../webhook.ts'

export const updateWebhook = operation({
  name: 'webhooks.update',
  summary: 'Change a webhook. Deliveries that wait go to the new URL.',
  http: { method: 'PATCH', path: '/v1/webhooks/{webhook_id}', status: 200, id: 'updateWebhook', tag: 'Webhooks' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'webhook.update',
    resource: 'webhook',
    about: ({ webhook_id, events, is_active }) => ({ id: webhook_id, events, is_active }),
  },
  input: z.object({
    ...webhookRef,
    url: fields.optional(webhookFields.url).describe('HTTPS URL that gets the events.'),
    events: fields.optional(webhookFields.events).describe('Names of events, or patterns such as policy.* or *.'),
    description: fields.clearable(fields.plainText(1_024)).describe('Note for the people of your organisation.'),
    is_active: fields
      .optional(z.boolean('must be true or false'))
      .describe('false: no events are sent, and new ones do not wait. true also resets what disabled the webhook.'),
  }),
  output: WebhookBody,
  errors: [webhookNotFound],
  run: (context, { webhook_id: id, url, events, description, is_active }) => {
    const { unit, now } = context
    const old = ownWebhook(unit, id)
    const webhook = {
      ...activated(context, old, is_active ?? old.isActive),
      url: url === undefined ? old.url : checkOutgoingUrl(context, 'url', url),
      events: events ?? old.events,
      description: description === undefined ? old.description : description,
      updatedAt: now,
    }
    unit.put(webhookKind, webhook)
    return webhookBody(context, signedIn(context).org, webhook)
  },
})
