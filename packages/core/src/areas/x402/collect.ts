import { minute } from '../../kernel/time.ts'
import { auditEvent, type Context, type Engine } from '../../operations/index.ts'
import { type Facilitator, FacilitatorUnavailable, type PaymentRequirement } from '../../ports/facilitator.ts'
import type { Unit } from '../../records/index.ts'
import { type Claim, claimKind } from './records.ts'
import type { ShownPayment } from './shown-payment.ts'

/** Longer than a facilitator may take, so a claim is taken over only from a call that was cut off. */
const leaseMs = 2 * minute

/** A payment and the one call that it is to pay. */
export interface Collection {
  readonly shown: ShownPayment
  readonly requirement: PaymentRequirement
  /** A hash of the call. */
  readonly call: string
  readonly facilitatorUrl: string
  readonly org: string
  readonly operation: string
  readonly by: Pick<Context, 'caller' | 'origin'>
  refuse(error: string): Error
}

/**
 * Claims the payment first, so that only one of many calls with the same payment asks the facilitator. Then verifies and settles
 * the payment. After that, the engine can answer the call. A failure of the facilitator refuses the call with `payment_required`.
 */
export async function collect(engine: Engine, collection: Collection): Promise<void> {
  const hold = await claim(engine, collection)
  if (hold.found === 'settled') return
  const held = { ...collection, ...hold }
  const facilitator = engine.facilitators(collection.facilitatorUrl)
  // The money of an earlier attempt can have moved. Then the payment is not valid any more, and only `settle` can tell.
  if (hold.found === 'new') await verify(engine, facilitator, held)
  await settle(engine, facilitator, held)
}

/** A claim that this call has until its lease ends. */
interface Hold {
  /** `again`: an earlier attempt for the same call has an unknown outcome. */
  readonly found: 'new' | 'again' | 'settled'
  readonly leaseEndsAt: number
}

type Held = Collection & Hold

/** Throws if another call has the payment. */
async function claim({ records }: Engine, { shown, call, refuse }: Collection): Promise<Hold> {
  return records.transact((unit) => {
    const old = unit.get(claimKind, shown.id)
    const now = records.now()
    if (old?.state === 'used') throw refuse('The payment was already used.')
    if (old && old.call !== call) throw refuse('The payment belongs to another call.')
    if (old?.state === 'settled') return { found: 'settled', leaseEndsAt: old.leaseEndsAt }
    if (old?.state === 'collecting' && old.leaseEndsAt > now) throw refuse('The payment is used by a call right now.')
    const leaseEndsAt = now + leaseMs
    unit.put(claimKind, { id: shown.id, call, state: 'collecting', leaseEndsAt, transaction: null, payer: null })
    return { found: old ? 'again' : 'new', leaseEndsAt }
  })
}

async function verify(engine: Engine, facilitator: Facilitator, collection: Held): Promise<void> {
  const { shown, requirement, refuse } = collection
  const verdict = await facilitator.verify(shown.payment, requirement).catch((error) => {
    tell(engine, collection, error)
    return null
  })
  if (verdict?.isValid) return
  await release(engine, collection, verdict?.reason ?? 'unavailable')
  if (verdict) throw refuse(`The payment is not valid: ${verdict.reason}.`)
  throw refuse('The facilitator does not answer, so the payment was not checked. No money has moved. Try again later.')
}

async function settle(engine: Engine, facilitator: Facilitator, collection: Held): Promise<void> {
  const { shown, requirement, refuse, found } = collection
  const settlement = await facilitator.settle(shown.payment, requirement).catch((error) => {
    tell(engine, collection, error)
    return null
  })
  if (settlement?.success) {
    const { transaction, payer } = settlement
    return change(engine, collection, { state: 'settled', transaction, payer }, { transaction, payer })
  }
  if (settlement && found === 'new') {
    await release(engine, collection, settlement.reason)
    throw refuse(`The payment was not settled: ${settlement.reason}.`)
  }
  if (settlement) {
    await change(engine, collection, { state: 'unknown' }, { outcome: 'unknown', reason: settlement.reason })
    throw refuse(`The payment was not settled now: ${settlement.reason}. The operator knows whether it was before.`)
  }
  await change(engine, collection, { state: 'unknown' }, { outcome: 'unknown' })
  throw refuse('The facilitator does not say whether money has moved. Send the same payment for the same call again.')
}

type Told = Readonly<Record<string, string | null>>

/** Stores how far the payment is. The trail of the caller's organisation tells about it. */
async function change(engine: Engine, collection: Held, more: Partial<Claim>, told: Told): Promise<void> {
  await engine.records.transact((unit) => {
    const claimed = ownClaim(unit, collection)
    if (claimed) unit.put(claimKind, { ...claimed, ...more })
    unit.audit(eventOf(collection, told), collection.org)
  })
}

/** No money has moved, so the payment can be shown again. */
async function release(engine: Engine, collection: Held, reason: string): Promise<void> {
  await engine.records.transact((unit) => {
    const claimed = ownClaim(unit, collection)
    if (claimed) unit.delete(claimKind, claimed)
    unit.audit(eventOf(collection, { outcome: 'failed', reason }), collection.org)
  })
}

/** Null: another call has taken it over since, because this one took too long. */
function ownClaim(unit: Unit, { shown, leaseEndsAt }: Held): Claim | null {
  const claimed = unit.get(claimKind, shown.id)
  return claimed?.state === 'collecting' && claimed.leaseEndsAt === leaseEndsAt ? claimed : null
}

function eventOf({ by, operation, requirement, shown }: Collection, told: Told) {
  const { price, network } = requirement
  const details = { operation, usd: price, network, ...told }
  return auditEvent(by, { action: 'payment.settle', resource: { type: 'payment', id: shown.id }, details })
}

/** The reason names a host of the server, so callers do not get it. */
function tell({ log }: Engine, { operation }: Collection, error: unknown): void {
  const isKnown = error instanceof FacilitatorUnavailable
  log(isKnown ? 'warn' : 'error', 'the facilitator of payments does not answer', {
    operation,
    ...(isKnown ? { reason: error.message } : { error }),
  })
}
