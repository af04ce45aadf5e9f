import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { webhookNotFound } from '../errors.ts'
import { webhookRef } from '../schemas.ts'
import { ownWebhook, removeWebhook } from '../webhook.ts'

export const deleteWebhook = operation({
  name: 'webhooks.delete',
  summary: 'Delete a webhook. Deliveries that wait are not sent.',
  http: { method: 'DELETE', path: '/v1/webhooks/{webhook_id}', status: 204, id: 'deleteWebhook', tag: 'Webhooks' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'webhook.delete', resource: 'webhook', about: ({ webhook_id }) => ({ id: webhook_id }) },
  input: z.object(webhookRef),
  output: z.undefined(),
  errors: [webhookNotFound],
  run: (context, { webhook_id: id }) => {
    removeWebhook(context, ownWebhook(context.unit, id))
    return undefined
  },
})
