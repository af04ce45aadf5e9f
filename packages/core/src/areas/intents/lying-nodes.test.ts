import { type AnyChain, ChainRejected, ChainUnavailable } from '@pawl/core/ports'
import { memoryChain } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: whatever a node says or does not say, each transaction has a clear status, nothing is signed on what is not known, and no nonce
// and no budget is lost. The adapters turn garbage, silence and a wrong chain number into `ChainUnavailable`, which their own tests show.
// Method: a whole engine in memory, with a node that the test bends.

const shop = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n

type Bend = Partial<AnyChain>

async function bentWorld() {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const bent: { now: Bend } = { now: {} }
  const chain = new Proxy(base, { get: (target, name) => Reflect.get(bent.now, name) ?? Reflect.get(target, name) })
  const world = await testPawl({ chains: ({ name }) => (name === 'base' ? chain : null) })
  const { id: agent_id, as } = await world.agent({
    ...{ name: 'payer', intents_api_enabled: true, tx_daily_limit: '1' },
  } as never)
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, 10n * ether)
  const pay = { agent_id: 'me', chain: 'base', to: shop, value: '0.6' }
  const later = async (ms = 600_000) => {
    world.clock.advance(ms)
    await world.pawl.runJobs()
  }
  return { ...world, base, bent, as, pay, later }
}

const silent = async (): Promise<never> => {
  throw new ChainUnavailable('A node of base answered without JSON.')
}

describe('before the signature, a node that gives no valid answer', () => {
  it.each<[string, Bend]>([
    ['about the nonce', { account: silent }],
    ['about fees', { fees: silent }],
    ['about a simulation', { simulate: silent }],
  ])('%s costs the transaction, and neither a nonce nor the budget', async (_, bend) => {
    await using world = await bentWorld()
    world.bent.now = bend
    const asked = { ...world.pay, simulate_first: true }
    await expect(world.as.intents.submit(asked)).rejects.toMatchObject({ code: 'chain_unavailable' })
    const { transactions } = await world.as.intents.list({ agent_id: 'me' })
    expect(transactions).toMatchObject([{ status: 'failed', error_message: expect.stringMatching(/No node of base/) }])
    expect(transactions[0]).not.toHaveProperty('tx_hash')
    world.bent.now = {}
    expect(await world.as.intents.submit(asked)).toMatchObject({ status: 'broadcast', nonce: 0 })
  })

  it('asks for absurd fees gets no signature', async () => {
    await using world = await bentWorld()
    world.bent.now = { fees: async () => ({ model: 'gas', base: 10n ** 18n, priority: 1n }) }
    await expect(world.as.intents.submit(world.pay)).rejects.toMatchObject({
      data: { fields: { max_fee_per_gas: expect.stringMatching(/more than 1/) } },
    })
  })

  it('tells of a nonce far too high leaves a gap that is shown', async () => {
    await using world = await bentWorld()
    world.bent.now = { account: async () => ({ model: 'counter', next: 3n }) }
    expect(await world.as.intents.submit(world.pay)).toMatchObject({ nonce: 3 })
    world.bent.now = {}
    const { nonces } = await world.as.intents.nonces({ agent_id: 'me' })
    expect(nonces).toMatchObject([{ next: 4, pending: 0, gaps: [0, 1, 2] }])
  })

  it('tells of a nonce that was used already never gets the same nonce twice from Pawl', async () => {
    await using world = await bentWorld()
    world.bent.now = { account: async () => ({ model: 'counter', next: 0n }) }
    const nonces: (number | undefined)[] = []
    for (let at = 0; at < 3; at++) nonces.push((await world.as.intents.submit({ ...world.pay, value: '0.1' })).nonce)
    expect(nonces).toEqual([0, 1, 2])
  })
})

describe('after the signature, a node that', () => {
  it('took the transaction under another ID is not believed: the same bytes are sent until one agrees', async () => {
    await using world = await bentWorld()
    world.bent.now = { broadcast: async () => `0x${'1'.repeat(64)}` }
    const { id: tx_id, ...sent } = await world.as.intents.submit(world.pay)
    expect(sent).toMatchObject({ status: 'signed', chain_state: 'sending' })
    await expect(world.as.intents.submit(world.pay)).rejects.toMatchObject({ code: 'guardrail_violated' })
    world.bent.now = {}
    await world.later()
    expect(await world.as.intents.get({ agent_id: 'me', tx_id })).toMatchObject({ status: 'broadcast' })
    expect(world.base.sent).toHaveLength(1)
  })

  it('no longer answers leaves the transaction as it was, until the chain says more', async () => {
    await using world = await bentWorld()
    const { id: tx_id } = await world.as.intents.submit(world.pay)
    world.bent.now = { status: silent }
    await world.later()
    expect(await world.as.intents.get({ agent_id: 'me', tx_id })).toMatchObject({ status: 'broadcast' })
    world.bent.now = {}
    world.base.mine()
    await world.later()
    expect(await world.as.intents.get({ agent_id: 'me', tx_id })).toMatchObject({ chain_state: 'included', block: 1 })
  })

  it('refuses bytes that others have seen does not free their budget, because anyone can send them', async () => {
    await using world = await bentWorld()
    world.bent.now = { broadcast: silent }
    const { signed_tx } = await world.as.intents.submit(world.pay)
    expect(signed_tx).toMatch(/^0x02/)
    world.bent.now = {
      broadcast: async () => {
        throw new ChainRejected('insufficient_funds', 'The balance is too low.')
      },
    }
    await world.later()
    const { transactions } = await world.as.intents.list({ agent_id: 'me' })
    expect(transactions).toMatchObject([{ status: 'failed', chain_state: 'refused' }])
    await expect(world.as.intents.submit(world.pay)).rejects.toMatchObject({ code: 'guardrail_violated' })
  })
})
