import * as z from 'zod'
import { day, rfc3339, second } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { webhookNotFound } from '../errors.ts'
import { webhookKind } from '../records.ts'
import { signingSecretField, webhookRef } from '../schemas.ts'
import { newSecret, ownWebhook, withSecret } from '../webhook.ts'

const overlapSecondsMax = (7 * day) / second
const overlapSecondsDefault = day / second

export const rotateSecret = operation({
  name: 'webhooks.rotateSecret',
  summary: 'Replace the signing secret of a webhook. The former one signs beside it until the overlap ends.',
  http: {
    method: 'POST',
    path: '/v1/webhooks/{webhook_id}/rotate-secret',
    status: 200,
    id: 'rotateWebhookSecret',
    tag: 'Webhooks',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'webhook.rotate_secret',
    resource: 'webhook',
    about: ({ webhook_id, overlap_seconds }) => ({ id: webhook_id, overlap_seconds }),
  },
  input: z.object({
    ...webhookRef,
    secret: fields.optional(signingSecretField()).describe('The new secret. Default: a random one.'),
    overlap_seconds: fields
      .optional(fields.count(overlapSecondsMax))
      .describe('How long webhook-signature also has a signature with the former secret. Default: 86400.'),
  }),
  output: z
    .object({ secret: fields.shownSecret(), former_valid_until: fields.shownTime() })
    .meta({ id: 'WebhookSecretRotated' }),
  reveals: ['secret'],
  errors: [webhookNotFound],
  run: (context, { webhook_id: id, secret = newSecret(context), overlap_seconds = overlapSecondsDefault }) => {
    const { unit, now } = context
    const webhook = ownWebhook(unit, id)
    const secrets = withSecret(webhook, secret, now, overlap_seconds * second)
    unit.put(webhookKind, { ...webhook, secrets, updatedAt: now })
    return { secret, former_valid_until: rfc3339(now + overlap_seconds * second) }
  },
})
