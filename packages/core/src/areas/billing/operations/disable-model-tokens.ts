import * as z from 'zod'
import { AfterCommit, operation, signedIn } from '../../../operations/index.ts'
import { accountOf, changeAccount } from '../account.ts'
import { billingFailed } from '../errors.ts'
import { orFailed, requireBilling } from '../provider.ts'

export const disableModelTokens = operation({
  name: 'billing.disableModelTokens',
  summary: 'End the subscription of your organisation to model tokens at once.',
  http: {
    method: 'POST',
    path: '/v1/billing/llm-token-billing/disable',
    status: 200,
    id: 'disableLlmTokenBilling',
    tag: 'Billing',
  },
  command: { name: 'billing models-disable' },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'billing.model_tokens_disable', resource: 'billing' },
  input: z.object({}),
  output: z.object({ enabled: z.boolean() }).meta({ id: 'LlmDisableResponse' }),
  errors: [billingFailed],
  run: (context) => {
    const { org } = signedIn(context)
    const { modelTokens } = accountOf(context.unit, org)
    if (!modelTokens) return { enabled: false }
    const { subscription } = modelTokens
    return new AfterCommit({ subscription }, async (engine) => {
      await orFailed(engine, requireBilling(engine).cancel(subscription))
      await engine.records.transactIn(org, (unit) => {
        const { modelTokens: known } = accountOf(unit, org)
        if (known?.subscription === subscription)
          changeAccount(unit, org, { modelTokens: null, endedModelTokens: known })
      })
      return { enabled: false }
    })
  },
})
