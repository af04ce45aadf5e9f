// Written by tools/gen-client-types.ts.

import type { CallOptions, NoInput } from '../types.ts'

/** What your organisation uses, what its tier allows, and credits. */
export interface BillingClient {
  /** Show the requests of your organisation in the present month (UTC). */
  usage(input?: NoInput, options?: CallOptions): Promise<UsageSummaryResponse>

  /** List the metered requests of your organisation, newest first. Owners and admins see those of all principals. */
  history(input?: BillingHistoryInput, options?: CallOptions): Promise<UsageHistoryResponse>

  /** Show the tier of your organisation, what it has used of it, and its credits. */
  subscription(input?: NoInput, options?: CallOptions): Promise<SubscriptionResponse>

  /** Show the prepaid credits of your organisation, and which of them end soon. */
  balance(input?: NoInput, options?: CallOptions): Promise<CreditBalanceResponse>

  /** List what came and went of the credits of your organisation, newest first. Usage is one line per day. */
  transactions(input?: BillingCreditTransactionsInput, options?: CallOptions): Promise<CreditTransactionsListResponse>

  /**
   * Choose what pays for requests over the limit of the tier: credits, or x402 for each request.
   *
   * @example
   * await client.billing.setOverageMethod({ method: 'x402' })
   */
  setOverageMethod(input: BillingOverageMethodInput, options?: CallOptions): Promise<OverageMethodResponse>

  /**
   * Open a page on which your organisation subscribes to a tier. The tier changes when it is paid.
   *
   * @throws `billing_not_configured`: Billing is not configured on this server, so nothing can be bought. The
   * operator sets tiers and credits.
   * @throws `tier_not_for_sale`
   * @throws `billing_failed`: The payment provider refused, or does not answer.
   *
   * @example
   * await client.billing.subscribe({ tier: 'pro', interval: 'monthly' })
   */
  subscribe(input: BillingSubscribeInput, options?: CallOptions): Promise<CheckoutUrlResponse>

  /**
   * Open a page on which your organisation manages its subscription, cards and invoices.
   *
   * @throws `billing_not_configured`: Billing is not configured on this server, so nothing can be bought. The
   * operator sets tiers and credits.
   * @throws `not_a_customer`: The organisation has bought nothing yet. Start with a subscription or a top-up.
   * @throws `billing_failed`: The payment provider refused, or does not answer.
   */
  portal(input?: NoInput, options?: CallOptions): Promise<PortalUrlResponse>

  /**
   * Open a page on which your organisation buys credits. They are added when they are paid, for twelve months.
   *
   * @throws `billing_not_configured`: Billing is not configured on this server, so nothing can be bought. The
   * operator sets tiers and credits.
   * @throws `billing_failed`: The payment provider refused, or does not answer.
   *
   * @example
   * await client.billing.topUp({ amount_usd: 25 })
   */
  topUp(input: BillingCreditTopupInput, options?: CallOptions): Promise<CheckoutUrlResponse>

  /**
   * Receive an event of the payment provider. Its signature proves where it is from.
   *
   * @throws `billing_not_configured`: Billing is not configured on this server, so nothing can be bought. The
   * operator sets tiers and credits.
   * @throws `webhook_refused`: The signature of a webhook does not match its body.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.billing.receiveEvent({
   *   payload: '{"event":{"id":"evt_1","type":"credits_paid","org":"12986d7e-f349-484a-834a-e9297227c927","customer":"cus_1","cents":500,"reference":"pi_1"},"at":1767225600000}',
   *   signature: 'ce5792508852f3508effe2dc9aa3412c5003ae178273166396ec41617f22d3d8',
   * })
   */
  receiveEvent(input: BillingWebhookInput, options?: CallOptions): Promise<BillingEventReceived>

  /** Show what models have cost your organisation this month (UTC), as Shroud has counted it. */
  modelTokens(input?: NoInput, options?: CallOptions): Promise<LlmTokenBillingStatus>

  /**
   * Open a page on which your organisation subscribes to model tokens.
   *
   * @throws `billing_not_configured`: Billing is not configured on this server, so nothing can be bought. The
   * operator sets tiers and credits.
   * @throws `billing_failed`: The payment provider refused, or does not answer.
   */
  subscribeModelTokens(input?: NoInput, options?: CallOptions): Promise<LlmCheckoutResponse>

  /**
   * End the subscription of your organisation to model tokens at once.
   *
   * @throws `billing_failed`: The payment provider refused, or does not answer.
   */
  disableModelTokens(input?: NoInput, options?: CallOptions): Promise<LlmDisableResponse>
}

export interface UsageSummaryResponse {
  readonly billing_tier: string
  /** Requests per month without a payment. 2147483647: unlimited. */
  readonly free_tier_limit: number
  readonly current_month: UsageSummaryResponseCurrentMonth
  /** Requests of each principal this month, for owners and admins. They are added up every ten minutes. */
  readonly principals?: UsageSummaryResponsePrincipals[] | undefined
}

export interface UsageSummaryResponseCurrentMonth {
  readonly total_requests: number
  readonly paid_requests: number
  readonly free_requests: number
  /** US dollars, such as 0.50. */
  readonly total_cost_usd: string
}

export interface UsageSummaryResponsePrincipals {
  readonly principal_type: string
  readonly principal_id: string
  readonly requests: number
}

/** Input of `billing.history`. */
export interface BillingHistoryInput {
  /** Maximum number of requests. Default: 50. From 1 to 200. */
  readonly limit?: number | null | undefined
}

export interface UsageHistoryResponse {
  readonly events: UsageEvent[]
}

export interface UsageEvent {
  /** UUID. */
  readonly id: string
  readonly principal_type: string
  readonly principal_id: string
  readonly method: string
  readonly endpoint: string
  readonly status_code: number
  /** US dollars, such as 0.50. */
  readonly price_usd: string
  readonly is_paid: boolean
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface SubscriptionResponse {
  readonly tier: string
  readonly interval: string
  /** RFC 3339 time. */
  readonly period_end?: string | undefined
  readonly status: string
  readonly credit_balance_cents: number
  /** US dollars, such as 0.50. */
  readonly credit_balance_usd: string
  readonly overage_method: 'credits' | 'x402'
  readonly usage: SubscriptionResponseUsage
}

export interface SubscriptionResponseUsage {
  readonly requests: UsageMeter
  readonly secrets: UsageMeter
  readonly agents: UsageMeter
  readonly vaults: UsageMeter
  readonly team_members: UsageMeter
  readonly intent_transactions: UsageMeter
  readonly wallets: UsageMeter
  readonly shares: UsageMeter
}

export interface UsageMeter {
  readonly used: number
  readonly limit: number
}

export interface CreditBalanceResponse {
  readonly balance_cents: number
  /** US dollars, such as 0.50. */
  readonly balance_usd: string
  readonly expiring_within_30d_cents: number
  readonly expiring_within_90_days: CreditBalanceResponseExpiringWithin90Days
}

export interface CreditBalanceResponseExpiringWithin90Days {
  readonly amount_cents: number
  /** RFC 3339 time. */
  readonly earliest_expiry?: string | undefined
}

/** Input of `billing.transactions`. */
export interface BillingCreditTransactionsInput {
  /** Default: 1. From 1 to 100. */
  readonly page?: number | null | undefined
  /** Lines per page. Default: 50. From 1 to 200. */
  readonly limit?: number | null | undefined
}

export interface CreditTransactionsListResponse {
  readonly transactions: CreditTransaction[]
  readonly page: number
  readonly limit: number
}

export interface CreditTransaction {
  readonly id: string
  readonly type: string
  readonly amount_cents: number
  readonly balance_after_cents: number
  /** US dollars, such as 0.50. */
  readonly amount_usd: string
  readonly description: string
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `billing.setOverageMethod`. */
export interface BillingOverageMethodInput {
  readonly method: 'credits' | 'x402'
}

export interface OverageMethodResponse {
  readonly overage_method: 'credits' | 'x402'
}

/** Input of `billing.subscribe`. */
export interface BillingSubscribeInput {
  /** At most 64 characters. */
  readonly tier: string
  readonly interval: 'monthly' | 'yearly'
  /** Begin with 14 days without a payment. Default: true. */
  readonly trial?: boolean | null | undefined
}

export interface CheckoutUrlResponse {
  readonly checkout_url: string
}

export interface PortalUrlResponse {
  readonly portal_url: string
}

/** Input of `billing.topUp`. */
export interface BillingCreditTopupInput {
  /** Whole US dollars. From 5 to 1000. */
  readonly amount_usd: number
}

/** Input of `billing.receiveEvent`. */
export interface BillingWebhookInput {
  /** The body as it arrived. At most 262144 characters. */
  readonly payload: string
  /** At most 4096 characters. */
  readonly signature: string
}

export interface BillingEventReceived {
  readonly received: boolean
}

export interface LlmTokenBillingStatus {
  readonly enabled: boolean
  readonly subscription_status: 'active' | 'inactive'
  readonly billing_cycle_usage: LlmTokenBillingStatusBillingCycleUsage
  readonly active_subscription_count: number
  readonly subscription_ids: string[]
  readonly warning?: string | undefined
}

export interface LlmTokenBillingStatusBillingCycleUsage {
  /** RFC 3339 time. */
  readonly period_start: string | null
  /** RFC 3339 time. */
  readonly period_end: string | null
  readonly accrued_usage_cents: number
  readonly currency: string
  readonly metered_lines: LlmTokenBillingStatusBillingCycleUsageMeteredLines[]
}

export interface LlmTokenBillingStatusBillingCycleUsageMeteredLines {
  readonly description: string | null
  readonly amount_cents: number
  readonly quantity: number | null
  readonly price_nickname: string | null
}

export interface LlmCheckoutResponse {
  readonly checkout_url?: string | undefined
  readonly already_subscribed: boolean
  readonly subscription_id?: string | undefined
}

export interface LlmDisableResponse {
  readonly enabled: boolean
}
