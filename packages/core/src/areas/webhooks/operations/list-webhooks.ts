import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { webhookKind } from '../records.ts'
import { WebhookBody, webhookBody } from '../schemas.ts'

export const listWebhooks = operation({
  name: 'webhooks.list',
  summary: 'List the webhooks of your organisation.',
  http: { method: 'GET', path: '/v1/webhooks', status: 200, id: 'listWebhooks', tag: 'Webhooks' },
  command: { columns: ['id', 'url', 'events', 'is_active', 'disabled_reason'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'webhook.list', resource: 'webhook' },
  input: z.object({}),
  output: z.object({ webhooks: z.array(WebhookBody) }).meta({ id: 'WebhookListResponse' }),
  errors: [],
  run: (context) => {
    const { org } = signedIn(context)
    const own = context.unit.list(webhookKind, 'created').filter(({ appId }) => appId === null)
    return { webhooks: own.map((webhook) => webhookBody(context, org, webhook)) }
  },
})
