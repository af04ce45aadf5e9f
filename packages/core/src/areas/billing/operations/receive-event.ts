import * as z from 'zod'
import { fields, operation, rates } from '../../../operations/index.ts'
import { billingNotConfigured, webhookRefused } from '../errors.ts'
import { applyEvent } from '../events.ts'
import { verifiedEvent } from '../provider.ts'

const bodyCharactersMax = 256 * 1024

export const receiveEvent = operation({
  name: 'billing.receiveEvent',
  summary: 'Receive an event of the payment provider. Its signature proves where it is from.',
  http: {
    method: 'POST',
    path: '/v1/billing/webhooks',
    status: 200,
    id: 'billingWebhook',
    tag: 'Billing',
    rawBody: 'payload',
    headers: { signature: 'stripe-signature' },
  },
  command: null,
  effect: 'write',
  access: 'public',
  limits: [{ per: 'address', rate: rates.requests }],
  audit: { action: 'billing.event', resource: 'billing' },
  input: z.object({
    payload: fields.text(bodyCharactersMax, 1).describe('The body as it arrived.'),
    signature: fields.text(4_096, 1),
  }),
  output: z.object({ received: z.boolean() }).meta({ id: 'BillingEventReceived' }),
  errors: [billingNotConfigured, webhookRefused],
  run: (context, { payload, signature }) => {
    applyEvent(context, verifiedEvent(context, payload, signature, context.now))
    return { received: true }
  },
})
