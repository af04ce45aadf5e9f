import * as z from 'zod'
import { checkOutgoingUrl, fields, operation, signedIn } from '../../../operations/index.ts'
import { webhooksFull } from '../errors.ts'
import { webhookKind } from '../records.ts'
import { signingSecretField, WebhookCreatedBody, webhookBody, webhookFields } from '../schemas.ts'
import { newSecret, newWebhook } from '../webhook.ts'

const webhooksMax = 50

export const createWebhook = operation({
  name: 'webhooks.create',
  summary: 'Send events of your organisation to a URL. The answer has the signing secret, which is not shown again.',
  http: { method: 'POST', path: '/v1/webhooks', status: 201, id: 'createWebhook', tag: 'Webhooks' },
  command: { positionals: ['url'] },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'webhook.create',
    resource: 'webhook',
    about: ({ url, events }, webhook) => ({ id: webhook?.id, host: hostOf(url), events }),
  },
  input: z.object({
    ...webhookFields,
    secret: fields
      .optional(signingSecretField())
      .describe('Signing secret. Default: a new one, whsec_ with 32 random bytes in base64.'),
  }),
  output: WebhookCreatedBody,
  reveals: ['secret'],
  errors: [webhooksFull],
  run: (context, { url, events, description, secret = newSecret(context) }) => {
    const { unit } = context
    if (unit.list(webhookKind, 'created').filter(({ appId }) => appId === null).length >= webhooksMax)
      throw webhooksFull({ max: webhooksMax })
    const { id: createdBy, org } = signedIn(context)
    const checked = checkOutgoingUrl(context, 'url', url)
    const wanted = { url: checked, events, description: description ?? null, appId: null, createdBy, secret }
    return { ...webhookBody(context, org, newWebhook(context, wanted)), secret }
  },
})

/** The path of a URL can hold a token of the receiver. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : ''
}
