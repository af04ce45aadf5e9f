import { type AnyChain, ChainUnavailable } from '@pawl/core/ports'
import { memoryChain, noChains } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: an agent that must simulate signs nothing that was not simulated. Method: a whole engine in memory, with nodes that simulate,
// cannot, or do not answer.

const shop = '0x000000000000000000000000000000000000dEaD'
const fixed = { nonce: 0, max_fee_per_gas: '3000000000', max_priority_fee_per_gas: '1' }
const pay = { agent_id: 'me', chain: 'base', to: shop, value: '0.5', ...fixed }
const required = { tx_require_simulation: true }

async function simulatingWorld(settings: object, change: (base: AnyChain) => AnyChain = (base) => base) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const node = change(base)
  const world = await testPawl({ chains: ({ name }) => (name === 'base' ? node : null) })
  const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true, ...settings } as never)
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, 10n ** 18n)
  return { ...world, base, as, agent_id }
}

/** A node without any method to simulate. */
function without({ simulate, ...base }: AnyChain): AnyChain {
  return base
}

const silent = (base: AnyChain): AnyChain => ({
  ...base,
  simulate: async () => {
    throw new ChainUnavailable('The node does not answer.')
  },
})

describe('tx_require_simulation', () => {
  it('simulates what the caller does not ask to simulate, and signs nothing that fails', async () => {
    await using world = await simulatingWorld(required)
    expect(await world.as.intents.submit(pay)).toMatchObject({ status: 'broadcast', simulation_status: 'success' })
    await expect(world.as.intents.sign({ ...pay, value: '11' })).rejects.toMatchObject({ code: 'simulation_reverted' })
    const unasked = { ...pay, nonce: 1, simulate_first: false, value: '11' }
    await expect(world.as.intents.submit(unasked)).rejects.toMatchObject({ code: 'simulation_reverted' })
    expect(world.base.sent).toHaveLength(1)
  })

  it.each([
    ['cannot simulate', without, 'simulation_unavailable'],
    ['does not answer', silent, 'chain_unavailable'],
  ])('signs nothing if the node %s', async (_, change, code) => {
    await using world = await simulatingWorld(required, change)
    for (const call of ['submit', 'sign'] as const) {
      await expect(world.as.intents[call](pay)).rejects.toMatchObject({ code, kind: 'unavailable' })
    }
    const { transactions } = await world.as.intents.list({ agent_id: 'me' })
    expect(transactions.map(({ status }) => status)).toEqual(['failed', 'failed'])
    expect(world.base.sent).toEqual([])
  })

  it('signs nothing if no node is configured, and names the setting', async () => {
    await using world = await testPawl({ chains: noChains })
    const { id: agent_id, as } = await world.agent({ intents_api_enabled: true, ...required } as never)
    await world.owner.signers.create({ agent_id, chain: 'ethereum' })
    const refused = { code: 'chain_not_configured', message: expect.stringContaining('PAWL_RPC_BASE') }
    await expect(as.intents.sign(pay)).rejects.toMatchObject(refused)
  })

  it('holds for simulate_first as well: what was asked for is never skipped', async () => {
    await using world = await simulatingWorld({}, without)
    expect(await world.as.intents.sign(pay)).toMatchObject({ status: 'sign_only' })
    const asked = world.as.intents.sign({ ...pay, simulate_first: true })
    await expect(asked).rejects.toMatchObject({ code: 'simulation_unavailable' })
  })

  it('is set for a whole organisation by the setting of the contract (web3.md 1.8)', async () => {
    await using world = await simulatingWorld({}, without)
    expect(await world.as.intents.sign(pay)).toMatchObject({ status: 'sign_only' })
    await world.owner.orgs.changeSetting({ key: 'intents_api.require_simulation', value: 'true' })
    await expect(world.as.intents.sign(pay)).rejects.toMatchObject({ code: 'simulation_unavailable' })
    await expect(
      world.owner.orgs.changeSetting({ key: 'intents_api.require_simulation', value: 'maybe' }),
    ).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('says nothing to chains that do not simulate', async () => {
    await using world = await simulatingWorld(required)
    await world.owner.signers.create({ agent_id: world.agent_id, chain: 'xrp' })
    const refused = world.as.intents.sign({
      agent_id: 'me',
      chain: 'xrp',
      to: 'rN7n7otQDd6FczFgLdSqtcsAUxDkw6fzRH',
      value: '1',
    })
    await expect(refused).rejects.toMatchObject({ data: { fields: expect.any(Object) } })
  })
})
