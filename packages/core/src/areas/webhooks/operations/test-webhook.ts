import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { AfterCommit, fields, operation, quotas, signedIn } from '../../../operations/index.ts'
import { webhookNotFound } from '../errors.ts'
import { bodyOf } from '../message.ts'
import { webhookKind } from '../records.ts'
import { webhookRef } from '../schemas.ts'
import { attempt } from '../send.ts'

const event = 'webhook.ping'

export const testWebhook = operation({
  name: 'webhooks.test',
  summary: 'Send the event webhook.ping to a webhook now, once, and tell what it answered.',
  http: { method: 'POST', path: '/v1/webhooks/{webhook_id}/test', status: 200, id: 'testWebhook', tag: 'Webhooks' },
  command: { succeeds: { delivered: true } },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'webhook.test', resource: 'webhook', about: ({ webhook_id }) => ({ id: webhook_id }) },
  input: z.object(webhookRef),
  output: z
    .object({
      delivered: z.boolean(),
      http_status: z.int().nullable(),
      error: z.string().nullable(),
      duration_ms: fields.count(),
    })
    .meta({ id: 'WebhookTested' }),
  limits: [{ per: 'org', quota: quotas.webhookTests }],
  errors: [webhookNotFound],
  run: (context, { webhook_id: id }) => {
    const { unit, now, newId } = context
    const webhook = unit.require(webhookKind, id, webhookNotFound)
    const [eventId, deliveryId] = [newId(), newId()]
    const data = { webhook_id: id }
    const body = bodyOf({ id: eventId, type: event, created_at: rfc3339(now), org_id: signedIn(context).org, data })
    return new AfterCommit({ id }, async (engine) => {
      const begin = engine.records.now()
      const tried = await attempt(engine, webhook, { id: eventId, deliveryId, event, body })
      const duration_ms = Math.max(0, Math.floor(engine.records.now() - begin))
      return { delivered: tried.isDelivered, http_status: tried.httpStatus, error: tried.error, duration_ms }
    })
  },
})
