import { MoneyServiceFailed } from '@pawl/core/ports'
import { memoryChain } from '@pawl/core/ports/reference'
import { type FakeMoneyOptions, fakeMoney } from '@pawl/testkit/fakes'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: a swap pays exactly what its owner confirmed, at a quote that sells nothing else. Method: a whole engine in memory, with an
// EVM chain and a service of quotes in memory.

const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const ether = 10n ** 18n
const swap = { chain: 'base', sell_token: 'native', buy_token: usdc, sell_amount: '500000000000000000' }

async function withWallet(fake: FakeMoneyOptions = {}, options: WorldOptions = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const money = fakeMoney(fake)
  const chains: WorldOptions['chains'] = ({ name }) => (name === 'base' ? base : null)
  const world = await testPawl({ chains, moneyServices: money.services, ...options })
  const { wallets } = await world.owner.wallets.generate({ chains: ['ethereum'] })
  const wallet = wallets[0]?.address ?? ''
  base.fund(wallet, 10n * ether)
  return { ...world, base, money, wallet }
}

describe('a swap', () => {
  it('of the native currency pays the quote in one transaction', async () => {
    await using world = await withWallet()
    const done = await world.owner.wallets.swap({ ...swap, slippage_percentage: '0.5' })
    expect(done).toEqual({
      ...{ tx_hash: world.base.sent[0]?.id, sell_token: 'native', buy_token: usdc, chain: 'base', status: 'broadcast' },
      ...{ sell_amount: '500000000000000000', buy_amount: '500000000000000000' },
    })
    expect(world.money.asked.swaps).toEqual([
      {
        ...{ chainId: 8_453, wallet: world.wallet, sellToken: null, buyToken: usdc },
        ...{ sellAmount: ether / 2n, slippageBps: 50 },
      },
    ])
    expect(world.base.sent).toHaveLength(1)
  })

  it('of a token first gives the right to exactly the sold amount', async () => {
    await using world = await withWallet()
    const native = `0x${'Ee'.repeat(20)}`
    const done = await world.owner.wallets.swap({ ...swap, sell_token: usdc, buy_token: native, sell_amount: '5' })
    expect(done.status).toBe('broadcast')
    expect(world.base.sent).toHaveLength(2)
  })

  it.each([
    ['moves more than is sold', { value: ether }],
    ['wants a token as well', { spender: usdc }],
  ])('is not paid at a quote that %s', async (_, changed) => {
    await using world = await withWallet({ quote: (quote) => ({ ...quote, ...changed }) })
    await expect(world.owner.wallets.swap(swap)).rejects.toMatchObject({ code: 'service_failed' })
    expect(world.base.sent).toEqual([])
  })

  it('is refused by the name of the field', async () => {
    await using world = await withWallet()
    for (const [field, wrong] of [
      ['chain', { chain: 'solana' }],
      ['buy_token', { buy_token: 'native' }],
      ['sell_amount', { sell_amount: '0' }],
      ['sell_amount', { sell_amount: '20000.0' }],
      ['slippage_percentage', { slippage_percentage: '100' }],
    ] as const) {
      await expect(world.owner.wallets.swap({ ...swap, ...wrong }), field).rejects.toMatchObject({
        data: { fields: { [field]: expect.any(String) } },
      })
    }
  })

  it('answers with the setting where no service is configured, and keeps what a service says of its failure', async () => {
    await using world = await withWallet({}, { moneyServices: {} })
    await expect(world.owner.wallets.swap(swap)).rejects.toMatchObject({
      code: 'service_not_configured',
      data: { service: 'swaps', setting: 'PAWL_MONEY_SERVICES' },
    })
    const lines: unknown[] = []
    await using failing = await withWallet({}, { log: (...line) => void lines.push(line) })
    failing.money.failWith = new MoneyServiceFailed('the aggregator has no liquidity')
    await expect(failing.owner.wallets.swap(swap)).rejects.toMatchObject({ code: 'service_failed' })
    expect(JSON.stringify(lines)).toContain('no liquidity')
  })

  it('of which the server cannot read the call is refused by a spend policy, before anything is signed', async () => {
    const base = memoryChain({ name: 'base', chainId: 8_453n })
    const money = fakeMoney({ quote: (quote) => ({ ...quote, data: '0x12345678' }) })
    await using world = await testPawl({ chains: () => base, moneyServices: money.services })
    const { id: app_id, api_key } = await world.owner.platform.createApp({ name: 'x', slug: 'my-defi' })
    const { platform } = world.pawl.as(api_key.reveal())
    const { user_handle } = await platform.upsertUser({ email: 'user@example.com' })
    await platform.createSpendPolicy({ app_id, max_value_per_tx_eth: '1' })
    const user = world.pawl.as({ user: user_handle })
    const { wallets } = await user.wallets.generate({ chains: ['ethereum'] })
    base.fund(wallets[0]?.address ?? '', ether)
    const used = async () => (await world.owner.billing.usage({})).current_month.total_requests
    const before = await used()
    for (const sell_token of ['native', usdc]) {
      const buy_token = sell_token === 'native' ? usdc : 'native'
      const refused = user.wallets.swap({ ...swap, sell_token, buy_token })
      await expect(refused).rejects.toMatchObject({ code: 'payment_refused', data: { rule: 'tx_unchecked_calls' } })
    }
    expect(base.sent).toEqual([])
    // What is refused is not usage.
    expect(await used()).toBe(before)
  })
})

describe('a page that sells or buys coins', () => {
  it('gets the address of the wallet on that chain, or the given one', async () => {
    await using world = await withWallet()
    const { owner, money, wallet } = world
    expect(await owner.wallets.startOnramp({ chain: 'base', amount_usd: '50' })).toEqual({
      ...{ session_url: 'https://ramp.example/buy/1', provider: 'fake', destination_address: wallet },
      ...{ chain: 'base', asset: 'ETH' },
    })
    await owner.wallets.startOnramp({ chain: 'base', destination_address: usdc.toLowerCase(), asset: 'USDC' })
    expect(money.asked.onramps).toMatchObject([
      { amountUsd: '50', destination: wallet },
      { amountUsd: null, destination: usdc, asset: 'USDC' },
    ])
    expect(await owner.wallets.startOfframp({ chain: 'base', asset: 'ETH', amount: '0.5' })).toEqual({
      ...{ id: 'offramp-1', provider: 'fake', widget_url: 'https://ramp.example/sell/offramp-1', status: 'pending' },
      ...{ chain: 'base', asset: 'ETH', amount: '0.5' },
    })
    expect(money.asked.offramps).toMatchObject([{ source: wallet }])
    // No coins move: the person sends them.
    expect(world.base.sent).toEqual([])
  })

  it('is for people, and names the setting where no service is configured', async () => {
    await using world = await withWallet({}, { moneyServices: {} })
    const agent = await world.agent({})
    await expect(agent.as.wallets.startOnramp({ chain: 'base' })).rejects.toMatchObject({ kind: 'denied' })
    const missing = { code: 'service_not_configured', data: { service: 'fiatRamp', setting: 'PAWL_MONEY_SERVICES' } }
    await expect(world.owner.wallets.startOnramp({ chain: 'base' })).rejects.toMatchObject(missing)
    const sale = { chain: 'base', asset: 'ETH', amount: '0.5' }
    await expect(world.owner.wallets.startOfframp(sale)).rejects.toMatchObject(missing)
  })
})
