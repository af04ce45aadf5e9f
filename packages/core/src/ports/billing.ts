/**
 * Takes money: pages on which people pay, and events about what they paid. The engine decides what was bought for; the
 * provider knows prices, cards and invoices. A call that fails rejects with `BillingFailed`.
 */
export interface Billing {
  /** Opens a page on which the organisation pays. Resolves to the URL of the page. */
  checkout(wanted: Checkout): Promise<string>
  /** Opens a page on which the organisation manages its subscription, cards and invoices. */
  portal(wanted: { readonly customer: string; readonly returnUrl: string }): Promise<string>
  /** Ends a subscription at once. One that has ended already is no error. */
  cancel(subscription: string): Promise<void>
  /**
   * Verifies that an event is from the provider and recent, and reads it. `body` is the text as it arrived, because the
   * signature covers its bytes. Throws `BillingEventRefused`. It makes no outgoing call.
   */
  readEvent(body: string, signature: string, nowMs: number): BillingEvent
}

export type Checkout = {
  /** The organisation. The provider names it in each event about this purchase. */
  readonly org: string
  /** What the provider calls the organisation, if it has bought something before. */
  readonly customer: string | null
  /** The same key never opens two purchases. */
  readonly idempotencyKey: string
  /** Where the person goes afterwards. */
  readonly successUrl: string
  readonly cancelUrl: string
} & (
  | { readonly buys: 'credits'; readonly cents: number }
  | {
      readonly buys: 'tier' | 'model_tokens'
      /** The ID of a price at the provider. */
      readonly price: string
      readonly trialDays: number
    }
)

/** What has happened at the provider. `id` names the event in each delivery of it. */
export type BillingEvent =
  | {
      readonly id: string
      readonly type: 'credits_paid'
      readonly org: string
      readonly customer: string | null
      readonly cents: number
      /** The payment, for the ledger. */
      readonly reference: string
    }
  | {
      readonly id: string
      readonly type: 'subscription'
      readonly at: number
      readonly org: string
      readonly customer: string
      readonly buys: 'tier' | 'model_tokens'
      readonly subscription: string
      readonly price: string
      readonly status: 'active' | 'ended'
      /** In the words of the provider. */
      readonly statusText: string
      readonly periodEndsAt: number | null
    }
  /** Nothing that changes what an organisation has. */
  | { readonly id: string; readonly type: 'other' }

/** The provider refused a call or did not answer. The reason names no secret. */
export class BillingFailed extends Error {
  override readonly name = 'BillingFailed'
}

/** The event is not from the provider, or too old. */
export class BillingEventRefused extends Error {
  override readonly name = 'BillingEventRefused'
}
