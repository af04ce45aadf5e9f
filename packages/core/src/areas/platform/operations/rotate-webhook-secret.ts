import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { rotateAppWebhookSecret } from '../../webhooks/index.ts'
import { appAt } from '../access.ts'
import { appHasNoWebhook, appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'

export const rotateWebhookSecret = operation({
  name: 'platform.rotateWebhookSecret',
  summary: 'Give the webhook of an app a new secret. The answer shows it once. The old one stops signing at once.',
  http: {
    method: 'POST',
    path: '/v1/platform/apps/{app_id}/rotate-webhook-secret',
    status: 200,
    id: 'rotatePlatformWebhookSecret',
    tag: 'Platform',
  },
  command: { name: 'app rotate-webhook-secret' },
  effect: 'write',
  access: { permission: 'own', resource: ({ app_id }) => appAt(app_id), signedIn: ['user'] },
  audit: {
    action: 'platform.webhook_secret_rotated',
    resource: 'platform_app',
    about: ({ app_id }) => aboutApp(app_id),
  },
  input: z.object({ app_id: fields.id() }),
  output: z.object({ webhook_secret: fields.shownSecret() }),
  reveals: ['webhook_secret'],
  errors: [appNotFound, appHasNoWebhook],
  run: (context, { app_id }) => {
    const secret = rotateAppWebhookSecret(context, app_id)
    if (!secret) throw appHasNoWebhook()
    return { webhook_secret: secret }
  },
})
