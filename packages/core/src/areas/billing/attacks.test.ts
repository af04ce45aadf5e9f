import { registry } from '@pawl/core'
import type { PaymentRequirement } from '@pawl/core/ports'
import { memoryFacilitator } from '@pawl/core/ports/reference'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { operationsOf } from '../../operations/index.ts'

// Goal: no caller gets usage, credits or a tier that nobody paid for or the operator did not give. Method: the attacks by their
// numbers, each as the caller who would gain from it.

const denied = expect.objectContaining({ kind: 'denied' })
const invalid = expect.objectContaining({ code: 'invalid_input' })
const payable = expect.objectContaining({ code: 'payment_required' })
const tiersOf = (requests: number, more = {}) => ({
  default: 'free',
  tiers: {
    free: { limits: { requests }, request_usd: '0.01', ...more },
    pro: { limits: { requests: 1_000 } },
    open: {},
  },
})
const answered = (calls: readonly PromiseSettledResult<unknown>[]) =>
  calls.filter(({ status }) => status === 'fulfilled').length
const used = async ({ owner }: World) => (await owner.billing.usage({})).current_month.total_requests

describe('callers of the organisation', () => {
  it('D7: with an API key for reading change nothing of billing', async () => {
    await using world = await testPawl({ tiers: tiersOf(100) })
    const { api_key } = await world.owner.auth.createApiKey({ name: 'reader', scopes: ['billing:read'] })
    const { billing, admin, x402 } = world.pawl.as(api_key.reveal())
    await billing.usage({})
    const changes = [
      () => billing.setOverageMethod({ method: 'x402' }),
      () => billing.topUp({ amount_usd: 5 }),
      () => billing.subscribe({ tier: 'pro', interval: 'monthly' }),
      () => billing.disableModelTokens({}),
      () => admin.addCredits({ org_id: world.org, amount_usd: 5 }),
      () => x402.update({ free_tier_limit: 1_000 }),
    ]
    for (const change of changes) await expect(change()).rejects.toEqual(denied)
  })

  it('D8: set no other field of their account than the one that a route is for', async () => {
    await using world = await testPawl({ tiers: tiersOf(100) })
    const more = {
      tier: 'open',
      is_sponsored: true,
      requestsMax: 1_000,
      credits: [{ id: 'x', micros: 1, expiresAt: 9e12 }],
    }
    const before = await world.owner.billing.subscription({})
    await world.owner.billing.setOverageMethod({ method: 'credits', ...more } as never).catch(() => {})
    await world.owner.auth.updateMe({ display_name: 'Ada', ...more } as never).catch(() => {})
    expect(await world.owner.billing.subscription({})).toEqual(before)
  })

  it('D9: only owners and admins change anything of billing, on every route', () => {
    const changes = operationsOf(registry).filter(
      ({ name, effect }) => name.startsWith('billing.') && effect === 'write',
    )
    expect(changes.length).toBeGreaterThan(5)
    for (const { name, access } of changes) {
      // The signature of the provider is the credential of its events.
      if (name === 'billing.receiveEvent') expect(access).toBe('public')
      else expect([name, access]).toEqual([name, { signedIn: ['user'], admin: true }])
    }
  })

  it('D10: a member and an agent see their own calls, and no sums of others', async () => {
    await using world = await testPawl({ tiers: tiersOf(100) })
    await world.owner.vaults.list()
    const { as: member } = await world.member()
    const { as: agent } = await world.agent()
    for (const as of [member, agent]) {
      expect(await as.billing.usage({})).not.toHaveProperty('principals')
      expect((await as.billing.history({})).events).toEqual([])
      await expect(as.admin.getOrgLimits({ org_id: world.org })).rejects.toEqual(denied)
    }
  })
})

describe('an owner of another organisation', () => {
  it('D9: gives nothing to an organisation, not to their own either', async () => {
    await using world = await testPawl({ tiers: tiersOf(100) })
    const { owner: tenant, org } = await world.otherOrg()
    const { email } = await tenant.auth.me()
    for (const org_id of [org, world.org]) {
      const gifts = [
        () => tenant.admin.addCredits({ org_id, amount_usd: 5 }),
        () => tenant.admin.setBillingTier({ org_id, tier: 'open' }),
        () => tenant.admin.updateOrgLimits({ org_id, is_sponsored: true }),
        () => tenant.admin.resetUserUsage({ email }),
        () => tenant.admin.resetUsage({}),
        () => tenant.x402.update({ pay_to: '0x000000000000000000000000000000000000dEaD' }),
      ]
      for (const gift of gifts) await expect(gift()).rejects.toEqual(denied)
    }
    expect(await tenant.billing.balance({})).toMatchObject({ balance_cents: 0 })
  })
})

describe('amounts', () => {
  it('that are negative, zero, fractions, text or too large are refused, and change nothing', async () => {
    await using world = await testPawl({ tiers: tiersOf(100) })
    const { owner, org } = world
    for (const amount_usd of [-5, 0, 5.5, 1e9, 1e21, Number.NaN, Number.POSITIVE_INFINITY, '25', null] as never[]) {
      await expect(owner.billing.topUp({ amount_usd })).rejects.toEqual(invalid)
      await expect(owner.admin.addCredits({ org_id: org, amount_usd })).rejects.toEqual(invalid)
      await expect(owner.admin.updateOrgLimits({ org_id: org, free_tier_override: -1 })).rejects.toEqual(invalid)
    }
    expect(await owner.billing.transactions({})).toMatchObject({ transactions: [] })
  })

  it('stay exact when an operator gives the most many times', async () => {
    await using world = await testPawl({ tiers: tiersOf(0) })
    const { owner, org } = world
    const give = () => owner.admin.addCredits({ org_id: org, amount_usd: 100_000 })
    await Promise.all(Array.from({ length: 12 }, give))
    await owner.vaults.list()
    expect(await owner.billing.balance({})).toMatchObject({ balance_usd: '1199999.99', balance_cents: 119_999_999 })
  })
})

describe('a change of the tier', () => {
  it('does not forget calls: those of a time without a limit count when the limit is back', async () => {
    await using world = await testPawl({ tiers: tiersOf(6) })
    const { owner, org } = world
    const burst = async (count: number) =>
      answered(await Promise.allSettled(Array.from({ length: count }, () => owner.vaults.list())))
    expect(await burst(2)).toBe(2)
    const sponsor = (is_sponsored: boolean) => owner.admin.updateOrgLimits({ org_id: org, is_sponsored })
    const give = (tier: string) => owner.admin.setBillingTier({ org_id: org, tier })
    const changes = [
      [() => sponsor(true), () => sponsor(false)],
      [() => give('open'), () => give('free')],
    ] as const
    for (const [lift, limit] of changes) {
      await lift()
      expect(await burst(5)).toBe(5)
      await limit()
      expect(await burst(3)).toBe(0)
    }
    expect(await used(world)).toBe(12)
  })

  it('to a smaller one, in the middle of creations, lets no more succeed than its limit', async () => {
    const limits = { requests: 1_000, vaults: 3 }
    await using world = await testPawl({ tiers: { default: 'free', tiers: { free: { limits }, open: {} } } })
    const { owner, org } = world
    await owner.admin.setBillingTier({ org_id: org, tier: 'open' })
    const create = (_: unknown, at: number) => owner.vaults.create({ name: `vault ${at}` })
    const creations = Promise.allSettled(Array.from({ length: 10 }, create))
    await owner.admin.setBillingTier({ org_id: org, tier: 'free' })
    await creations
    await expect(owner.vaults.create({ name: 'more' })).rejects.toMatchObject({ code: 'resource_limit_exceeded' })
    const { vaults } = await owner.vaults.list()
    for (const { id: vault_id } of vaults.slice(2)) await owner.vaults.delete({ vault_id })
    expect(answered(await Promise.allSettled(Array.from({ length: 10 }, create)))).toBe(1)
  })

  it('by an event of the same second does not bring a cancelled subscription back', async () => {
    await using world = await testPawl()
    const known = { type: 'subscription', org: world.org, customer: 'cus_1', buys: 'tier', subscription: 'sub_1' }
    const event = (id: string, more: object) => {
      const state = { price: 'price_pro_monthly', statusText: 'active', status: 'active', periodEndsAt: null, at: 10 }
      const { body, signature } = world.billing.deliver({ ...known, ...state, id, ...more } as never, world.clock.now())
      return world.pawl.as({}).billing.receiveEvent({ payload: body, signature })
    }
    await event('evt_1', {})
    await event('evt_3', { status: 'ended', statusText: 'canceled' })
    await event('evt_2', {})
    expect((await world.owner.billing.subscription({})).tier).toBe('enterprise')
  })
})

describe('a payment by x402', () => {
  async function started(requests: number) {
    const facilitator = memoryFacilitator()
    const world = await testPawl({ tiers: tiersOf(requests), facilitators: () => facilitator })
    const { owner, ownerId } = world
    await owner.x402.update({
      pay_to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      facilitator_url: 'http://127.0.0.1:4020',
    })
    const paying = (payment: object) =>
      world.pawl.as({ trusted: { user: ownerId }, payment: JSON.stringify(payment) }).vaults.list()
    const wanted = async () => {
      const refused = await owner.vaults.list().catch((error) => error)
      return (refused.data.accepts as [PaymentRequirement])[0]
    }
    return { world, facilitator, paying, wanted }
  }

  it('that is shown where the tier has room takes no money, and can be shown later', async () => {
    const { world, facilitator, paying, wanted } = await started(0)
    await using _ = world
    const payment = facilitator.pay(await wanted())
    await world.owner.admin.updateOrgLimits({ org_id: world.org, free_tier_override: 1 })
    await paying(payment)
    expect(facilitator.settled).toEqual([])
    await paying(payment)
    expect(facilitator.settled).toHaveLength(1)
  })

  it('I17: in two spellings at the same time answers one call, and counts once', async () => {
    const { world, facilitator, paying, wanted } = await started(0)
    await using _ = world
    const payment = facilitator.pay(await wanted())
    const respelled = { ...payment, payload: JSON.stringify(payment.payload), extra: 1 }
    const calls = Array.from({ length: 20 }, (_, at) => paying(at % 2 === 0 ? payment : respelled))
    const outcomes = await Promise.allSettled(calls)
    expect(answered(outcomes)).toBe(1)
    const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refusals).toEqual(Array.from({ length: 19 }, () => payable))
    expect(await used(world)).toBe(1)
    expect((await world.owner.billing.usage({})).current_month).toMatchObject({
      paid_requests: 1,
      total_cost_usd: '0.01',
    })
  })
})
