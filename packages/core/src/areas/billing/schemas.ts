import * as z from 'zod'
import { fields } from '../../operations/index.ts'
import { overageMethods } from './records.ts'

/** Stands for no limit, because clients read whole numbers of 32 bits (§16.1). */
export const noLimit = 2 ** 31 - 1

const usd = () => z.string().describe('US dollars, such as 0.50.')

export const UsageBody = z
  .object({
    billing_tier: z.string(),
    free_tier_limit: z.int().describe(`Requests per month without a payment. ${noLimit}: unlimited.`),
    current_month: z.object({
      total_requests: z.int(),
      paid_requests: z.int(),
      free_requests: z.int(),
      total_cost_usd: usd(),
    }),
    principals: z
      .array(z.object({ principal_type: z.string(), principal_id: z.string(), requests: z.int() }))
      .optional()
      .describe('Requests of each principal this month, for owners and admins. They are added up every ten minutes.'),
  })
  .meta({ id: 'UsageSummaryResponse' })

export const UsageEventBody = z
  .object({
    id: fields.id(),
    principal_type: z.string(),
    principal_id: z.string(),
    method: z.string(),
    endpoint: z.string(),
    status_code: z.int(),
    price_usd: usd(),
    is_paid: z.boolean(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'UsageEvent' })

const UsageMeter = z.object({ used: z.int(), limit: z.int() }).meta({ id: 'UsageMeter' })

export const SubscriptionBody = z
  .object({
    tier: z.string(),
    interval: z.string(),
    period_end: fields.shownTime().optional(),
    status: z.string(),
    credit_balance_cents: z.int(),
    credit_balance_usd: usd(),
    overage_method: z.enum(overageMethods),
    usage: z.object({
      requests: UsageMeter,
      secrets: UsageMeter,
      agents: UsageMeter,
      vaults: UsageMeter,
      team_members: UsageMeter,
      intent_transactions: UsageMeter,
      wallets: UsageMeter,
      shares: UsageMeter,
    }),
  })
  .meta({ id: 'SubscriptionResponse' })

export const BalanceBody = z
  .object({
    balance_cents: z.int(),
    balance_usd: usd(),
    expiring_within_30d_cents: z.int(),
    expiring_within_90_days: z.object({
      amount_cents: z.int(),
      earliest_expiry: fields.shownTime().optional(),
    }),
  })
  .meta({ id: 'CreditBalanceResponse' })

export const TransactionBody = z
  .object({
    id: z.string(),
    type: z.string(),
    amount_cents: z.int(),
    balance_after_cents: z.int(),
    amount_usd: usd(),
    description: z.string(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'CreditTransaction' })

export const CheckoutBody = z.object({ checkout_url: z.string().meta({ format: 'uri' }) }).meta({
  id: 'CheckoutUrlResponse',
})

export const ModelTokensBody = z
  .object({
    enabled: z.boolean(),
    subscription_status: z.enum(['active', 'inactive']),
    billing_cycle_usage: z.object({
      period_start: fields.shownTime().nullable(),
      period_end: fields.shownTime().nullable(),
      accrued_usage_cents: z.int(),
      currency: z.string(),
      metered_lines: z.array(
        z.object({
          description: z.string().nullable(),
          amount_cents: z.int(),
          quantity: z.number().nullable(),
          price_nickname: z.string().nullable(),
        }),
      ),
    }),
    active_subscription_count: z.int(),
    subscription_ids: z.array(z.string()),
    warning: z.string().optional(),
  })
  .meta({ id: 'LlmTokenBillingStatus' })
