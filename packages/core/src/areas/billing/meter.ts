import { day, monthOf } from '../../kernel/time.ts'
import { microsOf } from '../../kernel/usd.ts'
import {
  type Charge,
  type Context,
  type Feature,
  type Meter,
  type MeteredOperation,
  type Payment,
  paymentRequired,
  type Tier,
  tierLimitReached,
  type UnitContext,
} from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { accountOf, countingsOf, tierOf } from './account.ts'
import { takeRequest } from './allowance.ts'
import { addCredits, balanceOf, endingBefore, spendCredits } from './credits.ts'
import { centsOf, usdText } from './money.ts'
import { payersOf } from './payer.ts'
import { type BillingAccount, monthKind, platformUsageKind } from './records.ts'
import { countSignature, requireSignature } from './signatures.ts'
import { monthFor } from './usage.ts'

const soonMs = 30 * day

const featureNames: Readonly<Record<Feature, string>> = {
  cmek: 'keys of customers (CMEK)',
  key_stores: 'key stores of organisations',
  platform_apps: 'platform apps',
}

/** Decides what a call takes of the tier: room, credits or a payment. Without any of them it does not happen. */
export const meter: Meter = {
  charge,
  countSignature,
  requireSignature,
  fund,
  requireFeature: (context, feature) => {
    const { name, tier } = tierOf(context, accountOf(context.unit, context.unit.org ?? ''))
    if (tier.features && !tier.features.includes(feature)) {
      throw tierLimitReached({ reason: `The tier ${name} does not include ${featureNames[feature]}.` })
    }
  },
}

function charge(context: Context, { metered, name }: MeteredOperation): Charge | null {
  const { unit, caller } = context
  const { org } = unit
  if (!metered || org === null) return null
  const { payer, overage, connectionId } = payersOf(unit, caller, org)
  const own = roomOf(context, payer)
  const takesOther = overage !== payer && own.isFull
  const taken = takesOther ? roomOf(context, overage) : own
  const payment = taken.isFull && !takesAccess(context, name) ? paymentFor(context, taken) : null
  tell(context, taken)
  const isElsewhere = taken.org !== org
  // The tier has got room since the caller paid.
  const unneeded = payment ? null : context.origin.paid
  return {
    countsHere: !isElsewhere,
    about: payment ? { price_usd: usdText(payment.micros), paid_by: payment.by } : {},
    stage: () => {
      if (unneeded) fund(context, unneeded)
      if (payment) stagePaid(context, taken.org, payment.micros)
      if (isElsewhere && connectionId !== null) countElsewhere(context, taken.org, connectionId)
    },
  }
}

/** So the ledger shows the payment and what it paid for. What a failed call leaves stays with the organisation. */
function fund(context: UnitContext, { by, micros }: Payment): void {
  addCredits(context, context.unit.org ?? '', { micros, type: 'topup', description: `Payment by ${by} for one call.` })
}

/** A call that deletes or revokes is never refused for want of a payment: the caller may have to end an access at once. */
function takesAccess({ areas }: Context, name: string): boolean {
  return areas.routes.get(name)?.method === 'DELETE'
}

/** What the tier of an organisation has left this month. */
interface Room {
  readonly org: string
  readonly account: BillingAccount
  readonly name: string
  readonly tier: Tier
  /** Null: unlimited. */
  readonly limit: number | null
  /** Includes this call if there is room. */
  readonly used: number
  readonly isFull: boolean
}

/** Takes a request from the room of the tier, if there is any. */
function roomOf(context: Context, org: string): Room {
  const { unit, now } = context
  const account = accountOf(unit, org)
  const { name, tier } = tierOf(context, account)
  const limit = tier.limits?.requests ?? null
  if (limit === null) return { org, account, name, tier, limit, used: 0, isFull: false }
  const used = takeRequest(context, { org, limit, month: monthOf(now), countings: countingsOf(account) })
  return { org, account, name, tier, limit, used: used ?? limit, isFull: used === null }
}

/** What pays for a request over the limit: what the caller has sent, or prepaid credits. */
function paymentFor(context: Context, { org, account, tier, name, limit }: Room) {
  const price = tier.request_usd === undefined ? null : microsOf(tier.request_usd)
  const { paid } = context.origin
  // The area that takes payments has checked the price. It can differ from the price of the tier.
  if (paid) return { micros: paid.micros, by: paid.by }
  if (price !== null && account.overageMethod === 'credits' && spendCredits(context, org, price))
    return { micros: price, by: 'credits' }
  const used = `The organisation has used the ${limit} requests per month of the tier ${name}.`
  throw paymentRequired({
    x402Version: 1,
    accepts: [],
    description: used,
    ...(price !== null && { required_usd: usdText(price) }),
    message: `${used} Add credits (POST /v1/billing/credits/topup), or move to a larger tier (POST /v1/billing/subscribe).`,
  })
}

function stagePaid({ unit, now }: Context, org: string, micros: number): void {
  const before = monthFor(unit, org, monthOf(now))
  unit.put(monthKind, {
    ...before,
    paidRequests: before.paidRequests + 1,
    paidMicros: before.paidMicros + micros,
  })
}

function countElsewhere({ unit, now }: { unit: Unit; now: number }, payer: string, connectionId: string): void {
  const month = monthOf(now)
  const id = `${connectionId}.${month}`
  const requests = (unit.get(platformUsageKind, id)?.requests ?? 0) + 1
  unit.put(platformUsageKind, { id, payer, month, connectionId, requests })
}

/** What the headers of the answer say (§2.5). */
function tell({ origin, now, unit }: Context, { org, limit, used, isFull }: Room): void {
  if (limit === null || !origin.charged) return
  const account = accountOf(unit, org)
  origin.charged({
    ...{
      used: isFull ? used + monthFor(unit, org, monthOf(now)).paidRequests + 1 : used,
      limit,
      overageMethod: account.overageMethod,
    },
    creditCents: centsOf(balanceOf(account, now)),
    creditsExpireSoon: endingBefore(account, now, now + soonMs).micros > 0,
  })
}
