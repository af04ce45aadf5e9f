import type { Facilitator, PaymentRequirement } from '@pawl/core/ports'
import { memoryChain, memoryFacilitator } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: usage counts for the organisation that answers for it, and what is over a limit costs what the tier says. Method: an app
// that calls for a user of another organisation, an agent that signs, and the models that Shroud has counted.

type BillingModel = 'platform_pays' | 'user_pays' | 'hybrid'

async function linked(billing_model: BillingModel, requests: number) {
  const limits = { free: { limits: { requests } }, pro: {} }
  const world = await testPawl({ tiers: { default: 'free', tiers: limits } })
  const redirect_uri = 'https://myapp.com/callback'
  const made = { name: 'My DeFi', slug: 'my-defi', redirect_uris: [redirect_uri], billing_model }
  const { api_key } = await world.owner.platform.createApp(made)
  const { owner: user } = await world.otherOrg()
  await user.oauth.decide({ client_id: 'my-defi', redirect_uri, scope: 'link', state: 'x', approve: true })
  const [connection] = (await user.platform.listConnectedApps({})).apps
  const connection_id = connection?.connection_id ?? ''
  await user.platform.updateDelegation({ connection_id, delegation_enabled: true, delegation_scopes: ['vaults:read'] })
  const acting = world.pawl.as({ bearer: api_key.reveal(), platformConnection: connection_id })
  const used = async () => {
    const sums = [world.owner, user].map(async (as) => (await as.billing.usage({})).current_month.total_requests)
    const [ofApp = 0, ofUser = 0] = await Promise.all(sums)
    return { ofApp, ofUser }
  }
  const before = await used()
  const counted = async () => {
    const { ofApp, ofUser } = await used()
    return { ofApp: ofApp - before.ofApp, ofUser: ofUser - before.ofUser }
  }
  /** How many of so many calls of the app at once are answered. */
  const burst = async (count: number) => {
    const calls = await Promise.allSettled(Array.from({ length: count }, () => acting.vaults.list()))
    return calls.filter(({ status }) => status === 'fulfilled').length
  }
  return { burst, counted, before }
}

describe('calls of a platform app for a user of another organisation', () => {
  it('are usage of the app where the platform pays, and end with its tier', async () => {
    const { burst, counted, before } = await linked('platform_pays', 8)
    const room = 8 - before.ofApp
    expect(await burst(20)).toBe(room)
    expect(await counted()).toEqual({ ofApp: room, ofUser: 0 })
  })

  it('are usage of the user where users pay', async () => {
    const { burst, counted, before } = await linked('user_pays', 8)
    const room = 8 - before.ofUser
    expect(await burst(20)).toBe(room)
    expect(await counted()).toEqual({ ofApp: 0, ofUser: room })
  })

  it('are usage of the app as long as its tier has room, and of the user after that, where both pay', async () => {
    const { burst, counted, before } = await linked('hybrid', 8)
    const [ofApp, ofUser] = [8 - before.ofApp, 8 - before.ofUser]
    expect(await burst(30)).toBe(ofApp + ofUser)
    expect(await counted()).toEqual({ ofApp, ofUser })
  })
})

const shop = '0x000000000000000000000000000000000000dEaD'

async function signing(more: { readonly signature_percent?: string; readonly request_usd?: string }) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const facilitator = memoryFacilitator()
  const during = { settle: async () => {} }
  const settle: Facilitator['settle'] = async (...asked) => {
    await during.settle()
    return facilitator.settle(...asked)
  }
  const verify: Facilitator['verify'] = (...asked) => facilitator.verify(...asked)
  const world = await testPawl({
    facilitators: () => ({ verify, settle }),
    chains: ({ name }) => (name === 'base' ? base : null),
    usdPrices: { ETH: '2000' },
    tiers: { default: 'free', tiers: { free: { limits: { signatures: 2 }, ...more } } },
  })
  const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true })
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, 10n ** 20n)
  const payment = { agent_id: 'me', chain: 'base', to: shop, value: '0.01' } as const
  const pay = () => as.intents.submit(payment)
  const payWith = (given: string) =>
    world.pawl.as({ trusted: { agent: agent_id }, payment: given }).intents.submit(payment)
  return { ...world, world, base, facilitator, during, agent_id, pay, payWith }
}

describe('signatures over the limit of a tier', () => {
  it('are refused where the tier sells none', async () => {
    const { pay, base, owner, agent_id } = await signing({})
    await pay()
    await pay()
    const { transactions } = await owner.intents.list({ agent_id })
    await expect(pay()).rejects.toMatchObject({ code: 'payment_required' })
    expect(base.sent).toHaveLength(2)
    // Nothing was staged for what was refused.
    expect(await owner.intents.list({ agent_id })).toEqual({ transactions })
    const { usage } = await owner.billing.subscription({})
    expect(usage.intent_transactions).toEqual({ used: 2, limit: 2 })
  })

  it('cost a percentage of the value, which the refusal names and credits pay', async () => {
    const { pay, base, owner, billing, pawl, clock, org } = await signing({ signature_percent: '0.25' })
    await pay()
    await pay()
    // 0.25 % of 0.01 ETH at 2000 US dollars.
    await expect(pay()).rejects.toMatchObject({ code: 'payment_required', data: { required_usd: '0.05' } })
    const event = { id: 'evt', type: 'credits_paid', org, customer: null, cents: 7, reference: 'r' } as const
    const { body, signature } = billing.deliver(event, clock.now())
    await pawl.as({}).billing.receiveEvent({ payload: body, signature })
    await pay()
    await expect(pay()).rejects.toMatchObject({ code: 'payment_required' })
    expect(base.sent).toHaveLength(3)
    expect((await owner.billing.balance({})).balance_cents).toBe(2)
  })

  it('count those of a time without a limit when the limit is back', async () => {
    const { pay, owner, org } = await signing({})
    await pay()
    await owner.admin.updateOrgLimits({ org_id: org, is_sponsored: true })
    await pay()
    await owner.admin.updateOrgLimits({ org_id: org, is_sponsored: false })
    await expect(pay()).rejects.toMatchObject({ code: 'payment_required' })
  })

  it('can be paid by x402: the refusal says how, and one payment pays one signature', async () => {
    const { pay, payWith, base, owner, facilitator } = await signing({ signature_percent: '0.25' })
    await owner.x402.update({
      pay_to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      facilitator_url: 'http://127.0.0.1:4020',
      // The fee follows from the value, and not from the price of the operation.
      prices: { 'intents.submit': '0.001' },
    })
    await pay()
    await pay()
    const refused = await pay().catch((error) => error)
    expect(refused).toMatchObject({ code: 'payment_required', data: { required_usd: '0.05' } })
    const [wanted] = refused.data.accepts as [PaymentRequirement]
    expect(wanted).toMatchObject({ maxAmountRequired: '50000', price: '0.05', description: 'intents.submit' })
    const payment = JSON.stringify(facilitator.pay(wanted))
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => payWith(payment)))
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(facilitator.settled).toMatchObject([{ value: '50000' }])
    expect(base.sent).toHaveLength(3)
    await expect(payWith(payment)).rejects.toMatchObject({ code: 'payment_required' })
    const { transactions } = await owner.billing.transactions({})
    expect(transactions.map(({ type, amount_cents }) => [type, amount_cents])).toEqual([
      ['usage', -5],
      ['topup', 5],
    ])
    expect(base.sent).toHaveLength(3)
  })
})

describe('a signature over the limit in a request over the limit', () => {
  const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'

  async function full(prices: Readonly<Record<string, string>> = {}) {
    const world = await signing({ signature_percent: '0.25', request_usd: '0.001' })
    const { owner, org, pay } = world
    await owner.x402.update({ pay_to: payTo, facilitator_url: 'http://127.0.0.1:4020', prices })
    await pay()
    await pay()
    const limit = (free_tier_override: number) => owner.admin.updateOrgLimits({ org_id: org, free_tier_override })
    await limit(0)
    const refused = await pay().catch((error) => error)
    const [wanted] = refused.data.accepts as [PaymentRequirement]
    const sums = async () => {
      const { transactions, balance } = {
        ...(await owner.billing.transactions({})),
        balance: await owner.billing.balance({}),
      }
      return { lines: transactions.map(({ type, amount_usd }) => [type, amount_usd]), left: balance.balance_usd }
    }
    return { ...world, limit, wanted, sums }
  }

  it('costs both prices, and each part of the payment counts once', async () => {
    const { world, wanted, payWith, facilitator, base, owner, sums } = await full()
    await using _ = world
    expect(wanted).toMatchObject({ maxAmountRequired: '51000', price: '0.051' })
    await payWith(JSON.stringify(facilitator.pay(wanted)))
    expect(facilitator.settled).toMatchObject([{ value: '51000' }])
    expect(base.sent).toHaveLength(3)
    expect(await sums()).toEqual({
      lines: [
        ['usage', '-0.05'],
        ['topup', '0.05'],
      ],
      left: '0.00',
    })
    const { events } = await owner.audit.events({ limit: 5 })
    expect(events).toContainEqual(
      expect.objectContaining({ details: expect.objectContaining({ paid_by: 'x402', price_usd: '0.001' }) }),
    )
    const { current_month } = await owner.billing.usage({})
    expect(current_month).toMatchObject({ paid_requests: 1, total_cost_usd: '0.001' })
  })

  it('has the price of the operation from the list of the operator', async () => {
    const { world, wanted } = await full({ 'intents.submit': '0.5' })
    await using _ = world
    expect(wanted).toMatchObject({ maxAmountRequired: '550000', price: '0.55' })
  })

  it('is refused for a payment of the fee alone, which takes no money', async () => {
    const { world, wanted, payWith, facilitator, base } = await full()
    await using _ = world
    const fee = facilitator.pay({ ...wanted, maxAmountRequired: '50000', price: '0.05' })
    await expect(payWith(JSON.stringify(fee))).rejects.toMatchObject({ code: 'payment_required' })
    expect(facilitator.settled).toEqual([])
    expect(base.sent).toHaveLength(2)
  })

  it('leaves the price of the request as credits, where the tier gets room while the payment is collected', async () => {
    const { world, wanted, payWith, facilitator, base, during, limit, sums } = await full()
    await using _ = world
    during.settle = async () => void (await limit(1_000))
    await payWith(JSON.stringify(facilitator.pay(wanted)))
    expect(base.sent).toHaveLength(3)
    expect((await sums()).left).toBe('0.001')
  })
})

it('model tokens are those that Shroud has counted, at the prices of the operator', async () => {
  await using world = await testPawl({ modelPrices: { small: { input: 1, output: 10 } } })
  const { id: agent_id } = await world.agent()
  const record = (model: string, request_tokens: number, response_tokens: number) =>
    world.owner.shroud.recordActivity({
      ...{ agent_id, action: 'allowed', provider: 'openai', model },
      ...{ request_tokens, response_tokens },
    })
  await record('small', 20_000, 1_000)
  await record('small', 20_000, 1_000)
  await record('local', 5, 5)
  const status = await world.owner.billing.modelTokens({})
  expect(status).toMatchObject({
    enabled: false,
    subscription_status: 'inactive',
    billing_cycle_usage: {
      period_start: '2026-01-01T00:00:00.000Z',
      period_end: '2026-02-01T00:00:00.000Z',
      accrued_usage_cents: 6,
      metered_lines: [
        { description: 'small', amount_cents: 6, quantity: 42_000 },
        { description: 'local', amount_cents: 0, quantity: 10 },
      ],
    },
    warning: expect.stringContaining('local'),
  })
})
