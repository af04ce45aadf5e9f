import { testPawl, type World } from '@pawl/testkit/world'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testSeed, tries } from '../../../../../tools/test-run/index.ts'
import { day } from '../../kernel/time.ts'

// Goal: credits are spent oldest first, end on time, and are never negative, whatever happens at once. Method: random
// histories of top-ups, bursts of calls and waiting, against a model that is a list of amounts.

const tiers = { default: 'free', tiers: { free: { limits: { requests: 0 }, request_usd: '0.01' } } } as const

/** The provider tells of a payment. */
async function pay({ pawl, billing, clock, org }: World, id: string, cents: number): Promise<void> {
  const event = { id, type: 'credits_paid', org, customer: 'cus_1', cents, reference: id } as const
  const { body, signature } = billing.deliver(event, clock.now())
  await pawl.as({}).billing.receiveEvent({ payload: body, signature })
}

/** Metered calls at once. Returns how many were answered. */
async function burst({ owner }: World, count: number): Promise<number> {
  const calls = await Promise.allSettled(Array.from({ length: count }, () => owner.vaults.list({})))
  return calls.filter(({ status }) => status === 'fulfilled').length
}

const act = fc.oneof(
  fc.record({ act: fc.constant('pay' as const), cents: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ act: fc.constant('burst' as const), calls: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ act: fc.constant('wait' as const), days: fc.integer({ min: 60, max: 250 }) }),
)

describe('credits', () => {
  it('follow the model: oldest first, twelve months, never negative', async () => {
    let ended = 0
    const history = fc.array(act, { minLength: 5, maxLength: 14 })
    const property = fc.asyncProperty(history, async (acts) => {
      await using world = await testPawl({ tiers })
      let credits: { cents: number; endsAt: number }[] = []
      for (const [at, one] of acts.entries()) {
        const now = world.clock.now()
        ended += credits.filter(({ endsAt }) => endsAt <= now).length
        credits = credits.filter(({ endsAt }) => endsAt > now)
        if (one.act === 'pay') {
          await pay(world, `evt_${at}`, one.cents)
          credits.push({ cents: one.cents, endsAt: now + 365 * day })
        } else if (one.act === 'wait') world.clock.advance(one.days * day)
        else {
          const held = credits.reduce((sum, { cents }) => sum + cents, 0)
          expect(await burst(world, one.calls)).toBe(Math.min(held, one.calls))
          let open = Math.min(held, one.calls)
          for (const credit of credits) {
            const spent = Math.min(open, credit.cents)
            credit.cents -= spent
            open -= spent
          }
        }
        const left = credits.filter(({ endsAt }) => endsAt > world.clock.now())
        const { balance_cents } = await world.owner.billing.balance({})
        expect(balance_cents).toBe(left.reduce((sum, { cents }) => sum + cents, 0))
      }
      const { transactions } = await world.owner.billing.transactions({ limit: 200 })
      for (const { balance_after_cents } of transactions) expect(balance_after_cents).toBeGreaterThanOrEqual(0)
    })
    await fc.assert(property, { numRuns: tries(60, 5), seed: testSeed })
    expect(ended).toBeGreaterThan(0)
  })

  it('that end soon are told of once for 30 days and once for 7, by mail and in the trail, and end with a line', async () => {
    await using world = await testPawl({ tiers })
    await pay(world, 'evt_1', 500)
    const told = async () => {
      await world.pawl.runJobs()
      return world.mail.sent.filter(({ subject }) => subject === 'Credits end soon').length
    }
    const later = (days: number) => world.clock.advance(days * day)
    expect(await told()).toBe(0)
    later(336)
    expect([await told(), await told()]).toEqual([1, 1])
    later(23)
    expect([await told(), await told()]).toEqual([2, 2])
    const { events } = await world.owner.audit.events({ action: 'billing.credits_expiring' })
    expect(events).toHaveLength(2)
    later(7)
    await told()
    const [last] = (await world.owner.billing.transactions({})).transactions
    expect(last).toMatchObject({ type: 'expiry', amount_cents: -500, balance_after_cents: 0 })
  })

  it('are added once for each event of the provider, and not for one that is not from there', async () => {
    await using world = await testPawl({ tiers })
    await Promise.all(Array.from({ length: 5 }, () => pay(world, 'evt_1', 500)))
    expect(await world.owner.billing.balance({})).toMatchObject({ balance_cents: 500 })
    const forged = world.pawl.as({}).billing.receiveEvent({ payload: '{}', signature: 'forged' })
    await expect(forged).rejects.toMatchObject({ code: 'webhook_refused' })
  })
})

describe('a subscription', () => {
  const event = (world: World, more: object) => {
    const known = { type: 'subscription', org: world.org, customer: 'cus_1', buys: 'tier', subscription: 'sub_1' }
    const state = { price: 'price_pro_monthly', status: 'active', statusText: 'active', periodEndsAt: null }
    const { body, signature } = world.billing.deliver({ ...known, ...state, ...more } as never, world.clock.now())
    return world.pawl.as({}).billing.receiveEvent({ payload: body, signature })
  }

  it('moves the organisation to its tier, and back when it ends, in whatever order events arrive', async () => {
    await using world = await testPawl()
    const tier = async () => (await world.owner.billing.subscription({})).tier
    await event(world, { id: 'evt_1', at: 10 })
    expect(await tier()).toBe('pro')
    await event(world, { id: 'evt_3', at: 30, status: 'ended', statusText: 'canceled' })
    expect(await tier()).toBe('enterprise')
    await event(world, { id: 'evt_2', at: 20 })
    expect(await tier()).toBe('enterprise')
    await event(world, { id: 'evt_4', at: 40, subscription: 'sub_2' })
    await event(world, { id: 'evt_5', at: 50, status: 'ended', statusText: 'canceled' })
    expect(await tier()).toBe('pro')
  })

  it('that is older does not replace a newer one, when its event arrives late', async () => {
    const tiers = { free: {}, pro: { prices: { monthly: 'p' } }, team: { prices: { monthly: 't' } } }
    await using world = await testPawl({ tiers: { default: 'free', tiers } })
    const tier = async () => (await world.owner.billing.subscription({})).tier
    await event(world, { id: 'evt_2', at: 20, subscription: 'sub_2', price: 'p' })
    await event(world, { id: 'evt_1', at: 10, subscription: 'sub_1', price: 't' })
    expect(await tier()).toBe('pro')
    await event(world, { id: 'evt_3', at: 30, subscription: 'sub_1', price: 't', status: 'ended' })
    expect(await tier()).toBe('pro')
    await event(world, { id: 'evt_4', at: 40, subscription: 'sub_2', price: 'p', status: 'ended' })
    await event(world, { id: 'evt_5', at: 25, subscription: 'sub_1', price: 't' })
    expect(await tier()).toBe('free')
    await event(world, { id: 'evt_6', at: 50, subscription: 'sub_3', price: 't' })
    expect(await tier()).toBe('team')
  })

  it('to model tokens counts as its latest event says, in whatever order events arrive', async () => {
    await using world = await testPawl()
    const at = (seconds: number, more = {}) =>
      event(world, { id: `evt_${seconds}`, at: seconds, buys: 'model_tokens', price: 'p', ...more })
    const over = { status: 'ended', statusText: 'canceled' }
    const subscribed = async () => (await world.owner.billing.modelTokens({})).subscription_ids
    await at(20)
    await at(10, over)
    expect(await subscribed()).toEqual(['sub_1'])
    await at(40, over)
    await at(30)
    expect(await subscribed()).toEqual([])
    await at(25, { subscription: 'sub_0' })
    expect(await subscribed()).toEqual([])
    await at(50, { subscription: 'sub_2' })
    await at(60, over)
    await at(45, { subscription: 'sub_0' })
    expect(await subscribed()).toEqual(['sub_2'])
  })

  it('to model tokens is ended at the provider when it is disabled', async () => {
    await using world = await testPawl()
    await event(world, { id: 'evt_1', at: 10, buys: 'model_tokens', price: 'price_model_tokens' })
    expect(await world.owner.billing.modelTokens({})).toMatchObject({ enabled: true, subscription_ids: ['sub_1'] })
    expect(await world.owner.billing.subscribeModelTokens({})).toEqual({
      already_subscribed: true,
      subscription_id: 'sub_1',
    })
    expect(await world.owner.billing.disableModelTokens({})).toEqual({ enabled: false })
    expect(world.billing.cancelled).toEqual(['sub_1'])
    expect(await world.owner.billing.modelTokens({})).toMatchObject({ enabled: false })
  })

  it('can be bought by owners and admins only (D9)', async () => {
    await using world = await testPawl()
    const member = await world.member()
    const agent = await world.agent()
    for (const { as } of [member, agent]) {
      await expect(as.billing.subscribe({ tier: 'pro', interval: 'monthly' })).rejects.toMatchObject({ code: 'denied' })
      await expect(as.billing.setOverageMethod({ method: 'x402' })).rejects.toMatchObject({ code: 'denied' })
      await expect(as.billing.topUp({ amount_usd: 5 })).rejects.toMatchObject({ code: 'denied' })
    }
  })
})

it('without a provider, buying is refused with 400 that says so', async () => {
  await using world = await testPawl({ billing: undefined as never })
  const { billing } = world.owner
  const refusal = { code: 'billing_not_configured', kind: 'invalid' }
  await expect(billing.subscribe({ tier: 'pro', interval: 'monthly' })).rejects.toMatchObject(refusal)
  await expect(billing.portal({})).rejects.toMatchObject(refusal)
  await expect(billing.topUp({ amount_usd: 5 })).rejects.toMatchObject(refusal)
  await expect(billing.subscribeModelTokens({})).rejects.toMatchObject(refusal)
  expect(await billing.disableModelTokens({})).toEqual({ enabled: false })
})
