import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { webhookNotFound } from '../errors.ts'
import { webhookKind } from '../records.ts'
import { WebhookBody, webhookBody, webhookRef } from '../schemas.ts'

export const getWebhook = operation({
  name: 'webhooks.get',
  summary: 'Read a webhook, without its secret.',
  http: { method: 'GET', path: '/v1/webhooks/{webhook_id}', status: 200, id: 'getWebhook', tag: 'Webhooks' },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'webhook.read', resource: 'webhook', about: ({ webhook_id }) => ({ id: webhook_id }) },
  input: z.object(webhookRef),
  output: WebhookBody,
  errors: [webhookNotFound],
  run: (context, { webhook_id: id }) =>
    webhookBody(context, signedIn(context).org, context.unit.require(webhookKind, id, webhookNotFound)),
})
