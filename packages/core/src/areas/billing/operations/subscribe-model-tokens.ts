import * as z from 'zod'
import { AfterCommit, operation, signedIn } from '../../../operations/index.ts'
import { accountOf } from '../account.ts'
import { billingFailed, billingNotConfigured } from '../errors.ts'
import { openCheckout, requireBilling, returnUrls } from '../provider.ts'

const Answer = z
  .object({
    checkout_url: z.string().meta({ format: 'uri' }).optional(),
    already_subscribed: z.boolean(),
    subscription_id: z.string().optional(),
  })
  .meta({ id: 'LlmCheckoutResponse' })

type Answer = z.infer<typeof Answer>

export const subscribeModelTokens = operation({
  name: 'billing.subscribeModelTokens',
  summary: 'Open a page on which your organisation subscribes to model tokens.',
  http: {
    method: 'POST',
    path: '/v1/billing/llm-token-billing/subscribe',
    status: 200,
    id: 'subscribeLlmTokenBilling',
    tag: 'Billing',
  },
  command: { name: 'billing models-subscribe' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'billing.model_tokens_subscribe', resource: 'billing' },
  input: z.object({}),
  output: Answer,
  errors: [billingNotConfigured, billingFailed],
  run: (context) => {
    requireBilling(context)
    const { org } = signedIn(context)
    const { customer, modelTokens } = accountOf(context.unit, org)
    if (modelTokens) return { already_subscribed: true, subscription_id: modelTokens.subscription }
    const price = context.settings.tiers?.model_tokens_price
    if (price === undefined) throw billingNotConfigured()
    const wanted = { org, customer, idempotencyKey: context.newId(), ...returnUrls(context) }
    return new AfterCommit<Answer>({}, async (engine) => ({
      ...(await openCheckout(engine, { ...wanted, buys: 'model_tokens', price, trialDays: 0 })),
      already_subscribed: false,
    }))
  },
})
