import { type Engine, perEngine, type Services } from '../../operations/index.ts'
import { type Billing, BillingEventRefused, BillingFailed, type Checkout } from '../../ports/billing.ts'
import { billingFailed, billingNotConfigured, webhookRefused } from './errors.ts'

const ports = perEngine(({ billing }) => ({ billing }))

/** Throws if the operator has configured no payment provider. */
export function requireBilling(services: Pick<Services, 'handle'>): Billing {
  const { billing } = ports(services)
  if (!billing) throw billingNotConfigured()
  return billing
}

/** Opens a page on which the organisation pays, after the commit. Returns the answer with its URL. */
export async function openCheckout(engine: Engine, wanted: Checkout): Promise<{ checkout_url: string }> {
  return { checkout_url: await orFailed(engine, requireBilling(engine).checkout(wanted)) }
}

/** The URLs to which the provider sends people back. */
export function returnUrls({ settings }: Pick<Services, 'settings'>) {
  const page = `${settings.publicUrl}/settings/billing`
  return { successUrl: `${page}?checkout=success`, cancelUrl: `${page}?checkout=cancelled`, returnUrl: page }
}

/** The log gets what the provider says. The caller gets to know that it failed. */
export async function orFailed<T>({ log }: Pick<Engine, 'log'>, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof BillingFailed)) throw error
    log('error', 'the payment provider failed', { error })
    throw billingFailed({ reason: error.message })
  }
}

/** Reads an event of the provider, or throws that it is not from there. */
export function verifiedEvent(services: Pick<Services, 'handle'>, body: string, signature: string, now: number) {
  try {
    return requireBilling(services).readEvent(body, signature, now)
  } catch (error) {
    if (error instanceof BillingEventRefused) throw webhookRefused({ reason: error.message })
    throw error
  }
}
