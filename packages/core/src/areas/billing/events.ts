import { day } from '../../kernel/time.ts'
import { auditEvent, type Context } from '../../operations/index.ts'
import type { BillingEvent } from '../../ports/billing.ts'
import { orgKind } from '../orgs/index.ts'
import { accountOf, changeAccount, changeLimit } from './account.ts'
import { addCredits } from './credits.ts'
import { microsPerCent } from './money.ts'
import { type BillingAccount, type ModelTokens, providerEventKind, type Subscription } from './records.ts'

/** Longer than a provider delivers an event again. */
const keptMs = 90 * day

/** Stages what an event of the provider changes. Another delivery of the same event changes nothing. */
export function applyEvent(context: Context, event: BillingEvent): void {
  const { unit, now } = context
  if (unit.get(providerEventKind, event.id)) return
  unit.put(providerEventKind, { id: event.id, endsAt: now + keptMs })
  // The organisation may be removed. The provider still gets the answer that the event arrived.
  if (event.type === 'other' || !unit.get(orgKind, event.org)) return
  unit.enter(event.org)
  if (event.type === 'credits_paid') applyPayment(context, event)
  else applySubscription(context, event)
}

function applyPayment(context: Context, event: BillingEvent & { type: 'credits_paid' }): void {
  const { org, customer, cents, reference } = event
  addCredits(context, org, { micros: cents * microsPerCent, type: 'topup', description: `Payment ${reference}.` })
  if (customer !== null) changeAccount(context.unit, org, { customer })
  tell(context, 'billing.credits_add', { cents, reference })
}

function applySubscription(context: Context, event: BillingEvent & { type: 'subscription' }): void {
  const { unit, settings } = context
  const { org, customer, subscription: id, buys, status, at } = event
  const account = accountOf(unit, org)
  if (buys === 'model_tokens') {
    const said = { subscription: id, at }
    if (isOutdated(account, said, status)) return
    const changes = status === 'ended' ? { modelTokens: null, endedModelTokens: said } : { modelTokens: said }
    changeAccount(unit, org, { customer, ...changes })
    tell(context, 'billing.model_tokens_change', { subscription: id, status: event.statusText })
    return
  }
  const known = account.subscription
  // Events can arrive in any order. An older subscription neither replaces a newer one nor ends it.
  if (known && (known.at > at || (known.id === id ? isUndone(event, account, known) : status === 'ended'))) return
  const sold = soldAs(settings.tiers, event.price)
  if (!sold && status === 'active') return
  const changed: Subscription = {
    ...{ id, at, status: event.statusText, periodEndsAt: event.periodEndsAt },
    ...(sold ?? { tier: known?.tier ?? '', interval: known?.interval ?? 'monthly' }),
  }
  const tier = status === 'active' ? changed.tier : null
  changeLimit(context, org, { tier, tierEndsAt: null })
  changeAccount(unit, org, { customer, subscription: changed })
  tell(context, 'billing.tier_change', { tier, subscription: id, status: event.statusText })
}

/** Events about model tokens can arrive in any order too. */
function isOutdated(
  { modelTokens: known, endedModelTokens: ended }: BillingAccount,
  { subscription, at }: Required<ModelTokens>,
  status: 'active' | 'ended',
): boolean {
  if ((known?.at ?? 0) > at || (ended?.at ?? 0) > at) return true
  if (status === 'ended') return known !== null && known.subscription !== subscription
  return ended?.subscription === subscription && ended.at === at
}

/** Providers count in seconds. Of two events of one second, the end is the later one. */
function isUndone(
  { at, status }: BillingEvent & { type: 'subscription' },
  account: BillingAccount,
  known: Subscription,
) {
  const hasEnded = account.tier !== known.tier
  return known.at === at && hasEnded && status === 'active'
}

/** The tier and interval that are sold at a price. */
function soldAs(tiers: Context['settings']['tiers'], price: string): Pick<Subscription, 'tier' | 'interval'> | null {
  for (const [tier, { prices = {} }] of Object.entries(tiers?.tiers ?? {}))
    for (const interval of ['monthly', 'yearly'] as const) if (prices[interval] === price) return { tier, interval }
  return null
}

function tell(context: Context, action: string, details: Readonly<Record<string, string | number | null>>): void {
  const resource = { type: 'billing', id: context.unit.org ?? '' }
  context.unit.audit(auditEvent({ type: 'system', id: 'billing', ip: null }, { action, resource, details }))
}
