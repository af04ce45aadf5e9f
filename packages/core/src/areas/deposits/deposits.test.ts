import type { PawlOptions } from '@pawl/core'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { bytesOfHex } from '../../kernel/bytes.ts'
import { memoryChain, memoryHsm, memoryStorage } from '../../ports/reference/index.ts'

const ether = 10n ** 18n
const code = (wanted: string) => expect.objectContaining({ code: wanted })
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'

/** A shop with an account, an address on Base and somebody who pays. */
async function shop(world: World, more: { readonly chain?: string } = {}) {
  const { owner, pawl, clock } = world
  const name = more.chain ?? 'base'
  const { id: account_id } = await owner.ledger.createAccount({ name: 'Shop' })
  const destination = await owner.deposits.create({ chain: name, auto_credit_account_id: account_id })
  const chain = world.chain(name)
  const payer = chain.wallet('payer', 1_000n * ether)
  const look = async () => {
    clock.advance(15_000)
    while ((await pawl.runJobs()) > 0);
  }
  return {
    account_id,
    chain,
    look,
    destination_id: destination.id,
    pay: async (value: bigint, to = destination.address, data = new Uint8Array(0)) =>
      chain.broadcast(await payer.transfer({ to, value, data })),
    /** A transfer of a token to the address. */
    payToken: async (token: string, units: bigint) => {
      const [to, amount] = [destination.address.slice(2).toLowerCase(), units.toString(16)]
      const data = bytesOfHex(`a9059cbb${to.padStart(64, '0')}${amount.padStart(64, '0')}`)
      return chain.broadcast(await payer.transfer({ to: token, value: 0n, data }))
    },
    /** Makes blocks, and lets the server look at them. */
    mine: async (blocks: number) => {
      for (let mined = 0; mined < blocks; mined++) chain.mine()
      await look()
    },
    events: async () => (await owner.deposits.get({ destination_id: destination.id })).events,
    balances: async () => (await owner.ledger.getAccount({ account_id })).balances,
    told: async () => {
      const { events } = await owner.audit.events({ resource_type: 'deposit', limit: 100 })
      return events.map(({ action }) => action).reverse()
    },
  }
}

describe('a deposit', () => {
  it('is received in its block, credited under 12 blocks, and told of each time', async () => {
    await using world = await testPawl()
    const { pay, mine, events, balances, told } = await shop(world)
    const tx_hash = await pay(ether / 4n)
    await mine(1)
    expect(await events()).toMatchObject([
      { tx_hash, amount: '0.25', token_symbol: 'ETH', status: 'received', confirmations: 1, block_number: 1 },
    ])
    await mine(10)
    expect(await events()).toMatchObject([{ status: 'received', confirmations: 11 }])
    expect(await balances()).toEqual([])
    await mine(1)
    expect(await events()).toMatchObject([{ status: 'credited', confirmations: 12 }])
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '0.25' }])
    await mine(200)
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '0.25' }])
    expect(await told()).toEqual(['deposit.receive', 'deposit.confirm', 'deposit.credit'])
    expect((await world.owner.webhooks.eventTypes()).event_types.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['deposit.received', 'deposit.confirmed', 'deposit.credited', 'deposit.reversed']),
    )
  })

  it('of a known token is credited in the unit of the token, and one of an unknown token is no deposit', async () => {
    await using world = await testPawl()
    const { payToken, mine, events, balances } = await shop(world)
    await payToken(usdc, 2_500_000n)
    await payToken('0x000000000000000000000000000000000000dEaD', 9_000_000n)
    await mine(12)
    expect(await events()).toMatchObject([{ amount: '2.5', token_symbol: 'USDC', token_address: usdc }])
    expect(await balances()).toEqual([{ asset: 'USDC', balance: '2.5' }])
  })

  it('is credited once, however often the server looks at the same time', async () => {
    await using world = await testPawl()
    const { pay, mine, balances, told, look } = await shop(world)
    await pay(ether)
    await mine(12)
    await Promise.all([look(), look(), look()])
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '1' }])
    expect((await told()).filter((action) => action === 'deposit.credit')).toHaveLength(1)
  })

  it('that a reorganisation drops before it is confirmed is never credited', async () => {
    await using world = await testPawl()
    const { pay, mine, chain, events, balances, told } = await shop(world)
    await pay(ether)
    await mine(8)
    chain.reorganise(8, () => true)
    await mine(30)
    expect(await events()).toMatchObject([{ status: 'orphaned', confirmations: 0 }])
    expect(await balances()).toEqual([])
    expect(await told()).toEqual(['deposit.receive', 'deposit.orphan'])
  })

  it('that a reorganisation moves to another block needs its confirmations again', async () => {
    await using world = await testPawl()
    const { pay, mine, chain, events, balances, told } = await shop(world)
    await pay(ether)
    await mine(8)
    chain.reorganise(8)
    await mine(11)
    expect(await events()).toMatchObject([{ status: 'received', confirmations: 11 }])
    expect(await balances()).toEqual([])
    await mine(1)
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '1' }])
    expect((await told()).filter((action) => action === 'deposit.credit')).toHaveLength(1)
  })

  it('that leaves the chain after its credit is reversed, with a posting and an event', async () => {
    await using world = await testPawl()
    const { pay, mine, chain, events, balances, told, account_id } = await shop(world)
    await pay(ether)
    await mine(14)
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '1' }])
    chain.reorganise(14, () => true)
    await mine(20)
    expect(await events()).toMatchObject([{ status: 'reversed' }])
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '0' }])
    const { entries } = await world.owner.ledger.listEntries({ account_id })
    expect(entries).toMatchObject([
      { direction: 'debit', reference_type: 'deposit_reversal', amount: '1' },
      { direction: 'credit', reference_type: 'deposit', amount: '1' },
    ])
    expect(await told()).toContain('deposit.reverse')
  })

  it('that is reversed after its money was spent leaves the account at 0, and the rest is a loss', async () => {
    await using world = await testPawl()
    const { pay, mine, chain, balances, account_id } = await shop(world)
    const { ledger } = world.owner
    await pay(ether)
    await mine(12)
    const { id: other } = await ledger.createAccount({ name: 'Spent' })
    await ledger.transfer({ from_account_id: account_id, to_account_id: other, asset: 'ETH', amount: '0.75' })
    chain.reorganise(12, () => true)
    await mine(13)
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '0' }])
    const { entries } = await ledger.listEntries({ account_id })
    expect(entries[0]).toMatchObject({ reference_type: 'deposit_reversal', amount: '0.25' })
    const outside = await ledger.listEntries({ account_id: entries[0]?.counterpart_account_id ?? '' })
    const losses = outside.entries.find(({ counterpart_account_id }) => counterpart_account_id !== account_id)
    const loss = await ledger.getAccount({ account_id: losses?.counterpart_account_id ?? '' })
    expect(loss).toMatchObject({ name: 'Losses', balances: [{ asset: 'ETH', balance: '-0.75' }] })
  })

  it('that comes back after its reversal is credited again, and counts once', async () => {
    await using world = await testPawl()
    const { pay, mine, chain, balances, account_id } = await shop(world)
    await pay(ether)
    await mine(12)
    chain.reorganise(12)
    await mine(13)
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '1' }])
    expect((await world.owner.ledger.listEntries({ account_id })).total).toBe(3)
  })

  it('is seen however long the server did not look, and also in blocks that it reads in parts', async () => {
    await using world = await testPawl()
    const { pay, mine, look, events, balances } = await shop(world)
    await mine(1)
    for (let payments = 0; payments < 5; payments++) {
      await pay(ether)
      await mine(0)
      await mine(150)
    }
    await look()
    expect(await events()).toHaveLength(5)
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '5' }])
  })

  it('that a node knows later than its block is seen with one of the next 6 blocks', async () => {
    let isBehind = true
    const chain = memoryChain({ name: 'base', chainId: 8453n })
    const arrivals: typeof chain.arrivals = async (wanted) => {
      const answer = await chain.arrivals(wanted)
      return isBehind ? { ...answer, arrivals: [] } : answer
    }
    await using world = await testPawl({ chains: ({ name }) => (name === 'base' ? { ...chain, arrivals } : null) })
    const { address, id: destination_id } = await world.owner.deposits.create({ chain: 'base' })
    const look = async () => {
      chain.mine()
      world.clock.advance(15_000)
      while ((await world.pawl.runJobs()) > 0);
      return (await world.owner.deposits.get({ destination_id })).events
    }
    expect(await look()).toEqual([])
    const payer = chain.wallet('payer', 10n * ether)
    await chain.broadcast(await payer.transfer({ to: address, value: ether }))
    for (let blocks = 0; blocks < 6; blocks++) expect(await look()).toEqual([])
    isBehind = false
    expect(await look()).toMatchObject([{ amount: '1', status: 'received', confirmations: 7 }])
    expect(await look()).toHaveLength(1)
  })

  it('is read by one engine at a time, even if the node answers slowly', async () => {
    const chain = memoryChain({ name: 'base', chainId: 8453n })
    const asked: bigint[] = []
    const slowly: typeof chain.arrivals = async (wanted) => {
      asked.push(wanted.from)
      for (let minutes = 0; asked.length === 1 && minutes < 5; minutes++) {
        one.clock.advance(60_000)
        await wanted.onProgress?.()
        await two.pawl.runJobs()
      }
      return chain.arrivals(wanted)
    }
    const parts = { storage: memoryStorage(), hsm: memoryHsm() }
    const chains: PawlOptions['chains'] = ({ name }) => (name === 'base' ? { ...chain, arrivals: slowly } : null)
    await using one = await testPawl({ ...parts, chains })
    await using two = await testPawl({ ...parts, chains, clock: one.clock, seed: 'two' })
    await one.owner.deposits.create({ chain: 'base' })
    chain.mine()
    one.clock.advance(15_000)
    await one.pawl.runJobs()
    expect(asked).toEqual([1n])
  })

  it('of a test network, or of a currency that is no asset, is recorded and never credited', async () => {
    await using world = await testPawl()
    const { pay, mine, events, balances } = await shop(world, { chain: 'polygon' })
    await pay(ether)
    await mine(12)
    expect(await events()).toMatchObject([{ status: 'confirmed', token_symbol: 'POL' }])
    expect(await balances()).toEqual([])
    const { id } = await world.owner.ledger.createAccount({ name: 'Test' })
    const onTest = world.owner.deposits.create({ chain: 'sepolia', auto_credit_account_id: id })
    await expect(onTest).rejects.toMatchObject({ data: { fields: { auto_credit_account_id: expect.any(String) } } })
  })

  it('is not seen as a failed transaction, and a value of 0 is no deposit', async () => {
    await using world = await testPawl({
      chains: ({ name, chainId }) => chainOf(name, chainId ?? 0n),
    })
    const made = new Map<string, ReturnType<typeof memoryChain>>()
    const chainOf = (name: string, chainId: bigint) => {
      const chain = made.get(name) ?? memoryChain({ name, chainId, call: () => ({ succeeded: false, reason: 'no' }) })
      made.set(name, chain)
      return chain
    }
    const { address, id: destination_id } = await world.owner.deposits.create({ chain: 'base' })
    const chain = made.get('base') as ReturnType<typeof memoryChain>
    const payer = chain.wallet('payer', 10n * ether)
    for (const value of [ether, 0n]) await chain.broadcast(await payer.transfer({ to: address, value }))
    for (let blocks = 0; blocks < 12; blocks++) chain.mine()
    world.clock.advance(15_000)
    await world.pawl.runJobs()
    expect((await world.owner.deposits.get({ destination_id })).events).toEqual([])
  })
})

describe('a deposit destination', () => {
  it('that is paused records deposits, and they are credited when it is active again', async () => {
    await using world = await testPawl()
    const { pay, mine, look, events, balances, destination_id } = await shop(world)
    await world.owner.deposits.update({ destination_id, status: 'paused' })
    for (let payments = 0; payments < 3; payments++) await pay(ether)
    await mine(150)
    expect((await events()).map(({ status }) => status)).toEqual(['confirmed', 'confirmed', 'confirmed'])
    expect(await balances()).toEqual([])
    await world.owner.deposits.update({ destination_id, status: 'active' })
    // A job names them to the task, which runs after it.
    await look()
    await look()
    expect(await balances()).toEqual([{ asset: 'ETH', balance: '3' }])
  })

  it('that is archived is not watched', async () => {
    await using world = await testPawl()
    const { pay, mine, events, destination_id } = await shop(world)
    await world.owner.deposits.update({ destination_id, status: 'archived' })
    await pay(ether)
    await mine(20)
    expect(await events()).toEqual([])
    const { destinations } = await world.owner.deposits.list({ status: 'archived' })
    expect(destinations).toMatchObject([{ id: destination_id, status: 'archived' }])
    expect((await world.owner.deposits.list({ chain: 'polygon' })).destinations).toEqual([])
  })

  it('needs a node of its chain, and an adapter that sees what arrives', async () => {
    const chains = ({ name, chainId }: { name: string; chainId: bigint | null }) => {
      if (name === 'polygon') return null
      const { arrivals: _, ...chain } = memoryChain({ name, chainId: chainId ?? 1n })
      return chain
    }
    await using world = await testPawl({ chains })
    const { deposits } = world.owner
    await expect(deposits.create({ chain: 'polygon' })).rejects.toEqual(code('chain_not_configured'))
    await expect(deposits.create({ chain: 'base' })).rejects.toEqual(code('chain_not_watchable'))
    await expect(deposits.create({ chain: 'atlantis' })).rejects.toEqual(code('invalid_input'))
  })

  it('belongs to its user, credits only an own account, and passes on when its user is removed', async () => {
    await using world = await testPawl()
    const { destination_id, account_id } = await shop(world)
    const { id: user_id, as: member } = await world.member()
    const missing = code('deposit_destination_not_found')
    await expect(member.deposits.get({ destination_id })).rejects.toEqual(missing)
    await expect(member.deposits.update({ destination_id, status: 'paused' })).rejects.toEqual(missing)
    const wanted = { chain: 'base', auto_credit_account_id: account_id }
    await expect(member.deposits.create(wanted)).rejects.toEqual(code('internal_account_not_found'))
    const { id: hers } = await member.deposits.create({ chain: 'base' })
    await world.owner.orgs.removeMember({ user_id })
    await world.pawl.runJobs()
    const { destination } = await world.owner.deposits.get({ destination_id: hers })
    expect(destination.user_id).toBe(world.ownerId)
  })

  it('can have the address of a wallet of its user, and then has no key of its own', async () => {
    await using world = await testPawl()
    const { wallets, deposits } = world.owner
    const made = (await wallets.generate({ chains: ['ethereum', 'solana'] })).wallets
    const [evm, solana] = ['ethereum', 'solana'].map((chain) => made.find((one) => one.chain === chain)?.id ?? '')
    const destination = await deposits.create({ chain: 'base', treasury_wallet_id: evm ?? '' })
    expect(destination).toMatchObject({ address: made.find(({ id }) => id === evm)?.address, treasury_wallet_id: evm })
    const wrongChain = deposits.create({ chain: 'base', treasury_wallet_id: solana ?? '' })
    await expect(wrongChain).rejects.toMatchObject({ data: { fields: { treasury_wallet_id: expect.any(String) } } })
    const { as: member } = await world.member()
    const others = member.deposits.create({ chain: 'base', treasury_wallet_id: evm ?? '' })
    await expect(others).rejects.toEqual(code('deposit_wallet_not_found'))
    // What arrives there is told as money for the wallet too.
    await world.owner.webhooks.create({ url: 'https://example.com/hook', events: ['wallet.transfer.received'] })
    const base = world.chain('base')
    const payer = base.wallet('payer', ether)
    await base.broadcast(await payer.transfer({ to: destination.address, value: 5n }))
    base.mine()
    for (let look = 0; look < 2; look++) {
      world.clock.advance(15_000)
      while ((await world.pawl.runJobs()) > 0);
    }
    const { events } = await world.owner.audit.events({ action: 'treasury_wallet.receive' })
    expect(events).toMatchObject([{ details: { wallet_id: evm, units: '5', destination_id: destination.id } }])
    const [hook] = (await world.owner.webhooks.list()).webhooks
    const { deliveries } = await world.owner.webhooks.deliveries({ webhook_id: hook?.id ?? '' })
    expect(deliveries.map(({ event }) => event)).toEqual(['wallet.transfer.received'])
  })

  it('gives its key only to its owner, who proves who they are', async () => {
    await using world = await testPawl()
    const password = 'Correct-Horse-7'
    const { id: user } = await world.owner.orgs.addMember({ email: 'ann@example.com', password, role: 'admin' })
    const ann = world.pawl.as({ user })
    const { id: destination_id, address } = await ann.deposits.create({ chain: 'base' })
    const wrong = ann.deposits.export({ destination_id, auth_confirm: 'wrong' })
    await expect(wrong).rejects.toMatchObject({ kind: 'denied' })
    const shown = await ann.deposits.export({ destination_id, auth_confirm: password })
    expect(shown).toMatchObject({ chain: 'base', address })
    expect(shown.private_key.reveal()).toMatch(/^[0-9a-f]{64}$/)
    await expect(world.owner.deposits.get({ destination_id })).rejects.toEqual(code('deposit_destination_not_found'))
  })
})
