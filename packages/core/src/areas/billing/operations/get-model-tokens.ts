import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { accountOf } from '../account.ts'
import { tokenUsage } from '../model-tokens.ts'
import { ModelTokensBody } from '../schemas.ts'

export const getModelTokens = operation({
  name: 'billing.modelTokens',
  summary: 'Show what models have cost your organisation this month (UTC), as Shroud has counted it.',
  http: { method: 'GET', path: '/v1/billing/llm-token-billing', status: 200, id: 'getLlmTokenBilling', tag: 'Billing' },
  command: { name: 'billing models' },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'billing.model_tokens', resource: 'billing' },
  input: z.object({}),
  output: ModelTokensBody,
  errors: [],
  run: (context) => {
    const { modelTokens } = accountOf(context.unit, signedIn(context).org)
    const { usage, unpriced } = tokenUsage(context)
    return {
      enabled: modelTokens !== null,
      subscription_status: modelTokens === null ? ('inactive' as const) : ('active' as const),
      billing_cycle_usage: usage,
      active_subscription_count: modelTokens === null ? 0 : 1,
      subscription_ids: modelTokens === null ? [] : [modelTokens.subscription],
      ...(unpriced.length > 0 && {
        warning: `No price is configured for ${unpriced.join(', ')} (PAWL_SHROUD_PRICES), so the sum does not contain them.`,
      }),
    }
  },
})
