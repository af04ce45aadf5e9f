import {
  type Billing,
  type BillingEvent,
  BillingEventRefused,
  BillingFailed,
  type Checkout,
  type Egress,
  EgressDenied,
  EgressFailed,
} from '@pawl/core/ports'
import type { Stripe } from 'stripe'

export interface StripeBillingOptions {
  /** The secret key of the account: `sk_live_…`, or a restricted key that can write checkout sessions and subscriptions. */
  readonly apiKey: string
  /** The signing secret of the webhook endpoint `/v1/billing/webhooks`: `whsec_…`. */
  readonly webhookSecret: string
  /** Allows `api.stripe.com`. */
  readonly egress: Egress
  /** Default: `https://api.stripe.com`. */
  readonly apiUrl?: string
}

const answerMsMax = 20_000
const answerBytesMax = 1024 * 1024
const signatureAgeSecondsMax = 300

/**
 * Takes money through Stripe: its hosted pages for subscriptions and top-ups, its customer portal, and its webhooks. Needs
 * the package `stripe`.
 *
 * @example
 * const billing = await stripeBilling({ apiKey, webhookSecret, egress: nodeEgress({ allow: ['api.stripe.com'] }) })
 */
export async function stripeBilling(options: StripeBillingOptions): Promise<Billing> {
  const { webhookSecret } = options
  const library = await driver()
  const stripe = newClient(library, options)
  const call = <T>(work: () => Promise<T>) => orFailed(library, work)
  return {
    checkout: (wanted) =>
      call(async () => {
        const { idempotencyKey } = wanted
        const { url } = await stripe.checkout.sessions.create(sessionOf(wanted), { idempotencyKey })
        if (!url) throw new BillingFailed('Stripe opened no page.')
        return url
      }),
    portal: ({ customer, returnUrl }) =>
      call(async () => (await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl })).url),
    cancel: (subscription) =>
      call(async () => {
        await stripe.subscriptions.cancel(subscription).catch((error: unknown) => {
          if (!isGone(library, error)) throw error
        })
      }),
    readEvent: (body, signature, nowMs) => {
      try {
        const { webhooks } = stripe
        return eventOf(
          webhooks.constructEvent(body, signature, webhookSecret, signatureAgeSecondsMax, undefined, nowMs),
        )
      } catch (error) {
        if (error instanceof library.errors.StripeSignatureVerificationError || error instanceof SyntaxError)
          throw new BillingEventRefused('Its signature does not match, or it is older than five minutes.')
        throw error
      }
    },
  }
}

/** Loaded on first use, so operators who sell nothing do not need the library. */
async function driver(): Promise<typeof Stripe> {
  const { default: library } = await import('stripe').catch(() => {
    throw new Error('The Stripe library is missing. Install the package stripe.')
  })
  return library
}

function newClient(
  library: typeof Stripe,
  { apiKey, egress, apiUrl = 'https://api.stripe.com' }: StripeBillingOptions,
) {
  const { protocol, hostname, port } = new URL(apiUrl)
  return new library(apiKey, {
    httpClient: library.createFetchHttpClient(fetchThrough(egress)),
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    timeout: answerMsMax,
    maxNetworkRetries: 2,
    // Telemetry would send Stripe the duration of earlier calls.
    telemetry: false,
  })
}

/** The calls of the library go only to hosts that the operator allows. */
function fetchThrough(egress: Egress): typeof fetch {
  return async (input, init = {}) => {
    const { status, headers, body } = await egress.fetch({
      purpose: 'billing',
      method: (init.method ?? 'GET') as 'GET' | 'POST' | 'DELETE',
      url: String(input),
      headers: Object.fromEntries(
        [...new Headers(init.headers)].filter(([name]) => !['content-length', 'connection', 'host'].includes(name)),
      ),
      ...(typeof init.body === 'string' && init.body !== '' && { body: Buffer.from(init.body) }),
      timeoutMs: answerMsMax,
      responseBytesMax: answerBytesMax,
    })
    return new Response(Buffer.from(body), { status, headers })
  }
}

function sessionOf(wanted: Checkout): Stripe.Checkout.SessionCreateParams {
  const { org, customer, successUrl, cancelUrl } = wanted
  const metadata = { pawl_org: org, pawl_buys: wanted.buys }
  const shared = {
    client_reference_id: org,
    metadata,
    success_url: successUrl,
    cancel_url: cancelUrl,
    ...(customer !== null && { customer }),
  }
  if (wanted.buys === 'credits') {
    const price = { currency: 'usd', unit_amount: wanted.cents, product_data: { name: 'Credits' } }
    return {
      ...shared,
      mode: 'payment',
      line_items: [{ price_data: price, quantity: 1 }],
      payment_intent_data: { metadata },
      ...(customer === null && { customer_creation: 'always' }),
    }
  }
  return {
    ...shared,
    mode: 'subscription',
    // The cost of a metered price follows from the reported usage, so it has no quantity.
    line_items: [wanted.buys === 'tier' ? { price: wanted.price, quantity: 1 } : { price: wanted.price }],
    subscription_data: { metadata, ...(wanted.trialDays > 0 && { trial_period_days: wanted.trialDays }) },
  }
}

/** Only what this server has sold counts: its purchases name the organisation in their metadata. */
function eventOf(event: Stripe.Event): BillingEvent {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return paymentOf(event, event.data.object)
    case 'customer.subscription.created':
    case 'customer.subscription.updated':
    case 'customer.subscription.deleted':
      return subscriptionOf(event, event.data.object)
    default:
      return { id: event.id, type: 'other' }
  }
}

function paymentOf({ id }: Stripe.Event, session: Stripe.Checkout.Session): BillingEvent {
  const { pawl_org: org, pawl_buys: buys } = session.metadata ?? {}
  const isPaid = session.mode === 'payment' && session.payment_status === 'paid' && session.currency === 'usd'
  if (org === undefined || buys !== 'credits' || !isPaid) return { id, type: 'other' }
  return {
    // Two types of event can report one purchase.
    id: `${session.id}.paid`,
    type: 'credits_paid',
    org,
    customer: idOf(session.customer),
    // Without taxes.
    cents: session.amount_subtotal ?? 0,
    reference: idOf(session.payment_intent) ?? session.id,
  }
}

/** A subscription with an open first payment gives no tier yet. */
const openStatuses = ['incomplete']
/** A subscription with a late payment stays active until Stripe cancels it. */
const activeStatuses = ['active', 'trialing', 'past_due']

function subscriptionOf({ id, created }: Stripe.Event, subscription: Stripe.Subscription): BillingEvent {
  const { pawl_org: org, pawl_buys: buys } = subscription.metadata
  const [item] = subscription.items.data
  const isOurs = org !== undefined && (buys === 'tier' || buys === 'model_tokens')
  if (!isOurs || !item || openStatuses.includes(subscription.status)) return { id, type: 'other' }
  return {
    id,
    type: 'subscription',
    at: created * 1_000,
    org,
    customer: idOf(subscription.customer) ?? '',
    buys,
    subscription: subscription.id,
    price: item.price.id,
    status: activeStatuses.includes(subscription.status) ? 'active' : 'ended',
    statusText: subscription.status,
    periodEndsAt: item.current_period_end * 1_000,
  }
}

function idOf(reference: string | { readonly id: string } | null): string | null {
  return typeof reference === 'object' ? (reference?.id ?? null) : reference
}

function isGone(library: typeof Stripe, error: unknown): boolean {
  return error instanceof library.errors.StripeInvalidRequestError && error.code === 'resource_missing'
}

/** The messages of the library can contain a part of the key, so only the type of the error is passed on. */
async function orFailed<T>({ errors }: typeof Stripe, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof errors.StripeConnectionError) {
      const { cause = error } = error as { cause?: unknown }
      throw new BillingFailed(
        cause instanceof EgressDenied || cause instanceof EgressFailed ? cause.message : 'Stripe does not answer.',
      )
    }
    if (!(error instanceof errors.StripeError)) throw error
    throw new BillingFailed(
      `Stripe answered ${error.statusCode ?? 'no status'}${error.code ? ` (${error.code})` : ''}.`,
    )
  }
}
