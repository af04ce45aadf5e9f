import type { AnyChain, ChainFees } from '@pawl/core/ports'
import { memoryChain } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: what a human approves is what is signed. Pawl chooses the nonce, the fees and the gas after the approval, and none of them
// exceeds what the human saw. Method: a whole engine in memory, and a chain that changes while the human decides.

const shop = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n
const gwei = 10n ** 9n
const day = 86_400_000

async function waitingWorld(asked: object = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const now: { base: bigint; isGone: boolean } = { base: gwei, isGone: false }
  const changing: AnyChain = {
    ...base,
    fees: async (): Promise<ChainFees> => ({ model: 'gas', base: now.base, priority: gwei }),
    simulate: async (calls) => (now.isGone ? calls.map(() => failing) : base.simulate(calls)),
  }
  const failing = { succeeded: false, fuel: null, reason: 'closed' } as const
  const world = await testPawl({ chains: ({ name }) => (['base', 'local'].includes(name) ? changing : null) })
  await world.owner.chains.create({ name: 'local', display_name: 'Local', chain_id: 31_337 })
  const { id: agent_id, as } = await world.agent({
    ...{ name: 'payer', intents_api_enabled: true, tx_approval_above: '1' },
  } as never)
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, 100n * ether)
  const pay = { agent_id: 'me', chain: 'base', to: shop, value: '2.0', ...asked }
  const { id: tx_id, approval_id = '' } = await as.intents.submit(pay)
  const { summary } = await world.owner.approvals.get({ approval_id })
  const approve = async () => {
    await world.owner.approvals.approve({ approval_id })
    await world.pawl.runJobs().catch(() => {})
    return as.intents.get({ agent_id: 'me', tx_id })
  }
  const ref = { agent_id, chain: 'ethereum' } as const
  return { ...world, as, base, now, pay, tx_id, approval_id, approve, summary, ref, address }
}

const nothingSigned = (error: RegExp) => ({ status: 'failed', error_message: expect.stringMatching(error) })

describe('I9: an approval', () => {
  it('shows who pays whom, on which chain, and twice the fees of the moment, because fees change', async () => {
    await using world = await waitingWorld()
    expect(world.summary).toEqual({
      ...{ chain: 'Base', from: world.address, to: shop, transfers: [`2 ETH to ${shop}`] },
      fees_at_most: '0.000126 ETH',
      ...{ rule: 'tx_approval_above', because: expect.any(String) },
    })
  })

  it('shows the fees that the request itself says as they are', async () => {
    await using world = await waitingWorld({ max_fee_per_gas: String(9n * gwei), gas_limit: 30_000 })
    expect(world.summary.fees_at_most).toBe('0.00027 ETH')
  })

  it('shows which functions are called', async () => {
    const data = `0xa9059cbb${shop.slice(2).padStart(64, '0')}${'1'.padStart(64, '0')}`
    await using world = await waitingWorld({ data, gas_limit: 90_000 })
    expect(world.summary).toMatchObject({ calls: [`transfer(address,uint256) of ${shop}`] })
  })

  it('covers fees that rise up to what it says, and no more', async () => {
    await using risen = await waitingWorld()
    risen.now.base = 2n * gwei
    expect(await risen.approve()).toMatchObject({ status: 'broadcast', max_fee_per_gas: String(5n * gwei) })
    await using doubled = await waitingWorld()
    doubled.now.base = 3n * gwei
    expect(await doubled.approve()).toEqual(expect.objectContaining(nothingSigned(/its fees/)))
    expect(doubled.base.sent).toEqual([])
  })

  it('is for the nonce that the caller chose, or for the next one if the caller chose none', async () => {
    await using open = await waitingWorld()
    await open.as.intents.submit({ ...open.pay, value: '0.1' })
    expect(await open.approve()).toMatchObject({ status: 'broadcast', nonce: 1 })
    await using chosen = await waitingWorld({ nonce: 0 })
    await chosen.as.intents.submit({ ...chosen.pay, value: '0.1' })
    expect(await chosen.approve()).toMatchObject({ status: 'failed', nonce: 0 })
    expect(chosen.base.sent).toHaveLength(1)
  })

  it('is for the key of that time: after a rotation, nothing is signed', async () => {
    await using world = await waitingWorld()
    const { address } = await world.owner.signers.rotate(world.ref)
    world.base.fund(address, 100n * ether)
    expect(await world.approve()).toEqual(expect.objectContaining(nothingSigned(/another key/)))
    expect(world.base.sent).toEqual([])
  })

  it('is for the chain of that time: not for another one with its name', async () => {
    await using world = await waitingWorld({ chain: 'local' })
    const { id: chain_id } = await world.owner.chains.get({ identifier: 'local' })
    await world.owner.chains.delete({ chain_id })
    await world.owner.chains.create({ name: 'local', display_name: 'Other', chain_id: 999 })
    expect(await world.approve()).toEqual(expect.objectContaining(nothingSigned(/what it does/)))
    expect(world.base.sent).toEqual([])
  })

  it('is not signed if the simulation that the request asks for fails at that time', async () => {
    await using world = await waitingWorld({ simulate_first: true })
    world.now.isGone = true
    expect(await world.approve()).toMatchObject({ status: 'simulation_failed', error_message: 'closed' })
    expect(world.base.sent).toEqual([])
  })

  it('that no human gives in time ends its transaction', async () => {
    await using world = await waitingWorld()
    world.clock.advance(day)
    await world.pawl.runJobs()
    const { as, tx_id } = world
    expect(await as.intents.get({ agent_id: 'me', tx_id })).toEqual(expect.objectContaining(nothingSigned(/in time/)))
  })

  it('signs once, also if it is carried out many times at once', async () => {
    await using world = await waitingWorld()
    await world.owner.approvals.approve({ approval_id: world.approval_id })
    await Promise.allSettled(Array.from({ length: 5 }, () => world.pawl.runJobs()))
    expect(world.base.sent).toHaveLength(1)
  })
})
