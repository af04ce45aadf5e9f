import { ChainRejected, type TransactionStatus } from '@pawl/core/ports'
import { memoryChain, noChains } from '@pawl/core/ports/reference'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { failingChain } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'

// Goal: an agent signs and sends with a key that it never sees, each transaction has one nonce and one outcome, and what
// is not known is never made up. Method: a whole engine in memory, with EVM chains in memory.

const shop = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n

async function signingWorld(options: WorldOptions = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const world = await testPawl({ chains: ({ name }) => (name === 'base' ? base : null), ...options })
  const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true })
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, 10n * ether)
  const pay = { agent_id: 'me', chain: 'base', to: shop, value: '0.5' }
  return { ...world, newAgent: world.agent, base, agent: as, agent_id, address, pay }
}

describe('a transaction', () => {
  it('is signed and sent in the fields of the contract (web3.md 1.1)', async () => {
    await using world = await signingWorld()
    const { agent, agent_id, address, base, pay } = world
    const sent = await agent.intents.submit(pay)
    expect(sent).toEqual({
      id: expect.any(String),
      agent_id,
      chain: 'base',
      chain_id: 8_453,
      from: address,
      to: shop,
      ...{ value_wei: '500000000000000000', value: '0.5 ETH' },
      status: 'broadcast',
      chain_state: 'pending',
      nonce: 0,
      signed_tx: expect.stringMatching(/^0x02/),
      tx_hash: base.sent[0]?.id,
      created_at: '2026-01-01T00:00:00.000Z',
      signed_at: '2026-01-01T00:00:00.000Z',
      max_fee_per_gas: '3000000000',
      max_priority_fee_per_gas: '1000000000',
    })
    base.mine()
    expect(await base.balance(shop)).toBe(ether / 2n)
  })

  it.each([
    ['0.01', 10n ** 16n],
    ['1000000000000000', 10n ** 15n],
    ['0x10', 16n],
  ])('moves what %s means, in ether or in wei (web3.md 0.2)', async (value, wei) => {
    await using world = await signingWorld()
    expect((await world.agent.intents.submit({ ...world.pay, value })).value_wei).toBe(`${wei}`)
  })

  it('shows its signed bytes to the caller who submits it, and to readers only on request (web3.md 1.3)', async () => {
    await using world = await signingWorld()
    const { agent, pay } = world
    const { id, signed_tx } = await agent.intents.submit(pay)
    const ref = { agent_id: 'me', tx_id: id }
    expect(await agent.intents.get(ref)).not.toHaveProperty('signed_tx')
    expect(await agent.intents.get({ ...ref, include_signed_tx: 'yes' })).not.toHaveProperty('signed_tx')
    for (const include_signed_tx of ['true', '1']) {
      expect(await agent.intents.get({ ...ref, include_signed_tx })).toMatchObject({ signed_tx })
    }
    const { transactions } = await agent.intents.list({ agent_id: 'me' })
    expect(transactions).toMatchObject([{ id }])
    expect(transactions[0]).not.toHaveProperty('signed_tx')
  })

  it('of many at once gets a nonce of its own, and no nonce is left out', async () => {
    await using world = await signingWorld()
    const { agent, base, pay } = world
    const many = Array.from({ length: 20 }, () => agent.intents.submit({ ...pay, value: '0.001' }))
    const nonces = (await Promise.all(many)).map(({ nonce }) => nonce)
    expect(nonces.sort((one, other) => (one ?? 0) - (other ?? 0))).toEqual([...Array(20).keys()])
    base.mine()
    expect(base.sent.every(({ included }) => included?.succeeded)).toBe(true)
  })

  it('is made once for one Idempotency-Key, and another request with the key is refused (web3.md 1.5)', async () => {
    await using world = await signingWorld()
    const { agent, base, pay } = world
    const key = { idempotencyKey: 'order-42' }
    const first = await agent.intents.submit(pay, key)
    expect(await agent.intents.submit(pay, key)).toEqual(first)
    await expect(agent.intents.submit({ ...pay, value: '1' }, key)).rejects.toMatchObject({ kind: 'conflict' })
    expect(base.sent).toHaveLength(1)
  })

  it('that was refused leaves its Idempotency-Key free', async () => {
    await using world = await signingWorld()
    const { agent, base, pay } = world
    const key = { idempotencyKey: 'order-43' }
    const tooMuch = { ...pay, value: '11', simulate_first: true }
    await expect(agent.intents.submit(tooMuch, key)).rejects.toMatchObject({ code: 'simulation_reverted' })
    await expect(agent.intents.submit({ ...pay, value: 'many' }, key)).rejects.toMatchObject({ kind: 'invalid' })
    expect((await agent.intents.submit(pay, key)).status).toBe('broadcast')
    expect(base.sent).toHaveLength(1)
  })

  it('that is only signed is not sent, and the next one has the same nonce', async () => {
    await using world = await signingWorld()
    const { agent, base, pay } = world
    const signed = await agent.intents.sign(pay)
    expect(signed).toMatchObject({ status: 'sign_only', nonce: 0, signed_tx: expect.stringMatching(/^0x02/) })
    expect(base.sent).toEqual([])
    expect((await agent.intents.submit(pay)).nonce).toBe(0)
  })

  it('without a node is signed if the request says nonce and fees, and refused if not', async () => {
    await using world = await signingWorld({ chains: noChains })
    const { agent, pay } = world
    const fees = { max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1' }
    const signed = await agent.intents.submit({ ...pay, nonce: 7, ...fees })
    expect(signed).toMatchObject({ status: 'signed', nonce: 7, signed_tx: expect.any(String) })
    const { nonce } = await agent.intents.submit({ ...pay, ...fees, nonce: '8' as never })
    expect(nonce).toBe(8)
    await expect(agent.intents.submit({ ...pay, nonce: 9 })).rejects.toMatchObject({
      data: { fields: { max_fee_per_gas: expect.any(String) } },
    })
    await expect(agent.intents.submit({ ...pay, ...fees, simulate_first: true })).rejects.toMatchObject({
      message: expect.stringContaining('PAWL_RPC_BASE'),
    })
  })

  it('is refused by the name of the field', async () => {
    await using world = await signingWorld()
    const { agent, pay } = world
    for (const [field, wrong] of [
      ['chain', { chain: 'nowhere' }],
      ['chain', { chain: 'bitcoin-regtest' }],
      ['chain_id', { chain_id: 1 }],
      ['value', { value: '1e-19' }],
      ['value', { value: '-1' }],
      ['to', { to: 'bob' }],
      ['gas_price', { gas_price: '1', max_fee_per_gas: '1' }],
      ['signing_key_path', { signing_key_path: 'db/password' }],
      ['signing_key_path', { signing_key_path: 'keys/../db' }],
      ['signing_key_path', { signing_key_path: `agents/${world.ownerId}/keys/x` }],
    ] as const) {
      const refused = agent.intents.submit({ ...pay, ...wrong })
      await expect(refused, field).rejects.toMatchObject({ data: { fields: { [field]: expect.any(String) } } })
    }
  })

  it('is signed only for agents whose human turned that on, and not after it was turned off', async () => {
    await using world = await signingWorld()
    const { agent, owner, agent_id, pay } = world
    await owner.agents.update({ agent_id, intents_api_enabled: false })
    await expect(agent.intents.submit(pay)).rejects.toMatchObject({ code: 'intents_disabled' })
  })

  it('does not exist for others', async () => {
    await using world = await signingWorld()
    const { agent, agent_id, pay } = world
    const { id: tx_id } = await agent.intents.submit(pay)
    for (const stranger of [(await world.newAgent()).as, (await world.member()).as, (await world.otherOrg()).owner]) {
      await expect(stranger.intents.submit({ ...pay, agent_id })).rejects.toMatchObject({ code: 'agent_not_found' })
      await expect(stranger.intents.get({ agent_id, tx_id })).rejects.toMatchObject({ code: 'agent_not_found' })
    }
    const other = await world.newAgent()
    await expect(other.as.intents.get({ agent_id: 'me', tx_id })).rejects.toMatchObject({
      code: 'transaction_not_found',
    })
  })
})

describe('a key in an ordinary vault', () => {
  const private_key = `0x${'01'.repeat(32)}`
  const address = '0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1'

  it('signs under the policies of the agent, and the agent cannot read it (point 0)', async () => {
    await using world = await testPawl()
    const vault = await world.owner.vaults.create({ name: 'prod' })
    const ref = { vault_id: vault.id, path: 'keys/base-signer' }
    await world.owner.secrets.put({ ...ref, value: private_key, type: 'private_key' })
    const policies = [{ vault_id: vault.id, pattern: 'keys/**' }]
    const { as } = await world.agent({ intents_api_enabled: true, policies })
    const fixed = { nonce: 0, gas_price: '1' }
    const pay = { agent_id: 'me', chain: 'base', to: shop, value: '1', ...fixed }
    expect(await as.intents.sign(pay)).toMatchObject({ from: address })
    expect(await as.intents.sign({ ...pay, signing_key_path: ref.path })).toMatchObject({ from: address })
    await expect(as.secrets.get(ref)).rejects.toMatchObject({ code: 'key_material_denied' })
    const other = await world.agent({ intents_api_enabled: true })
    await expect(other.as.intents.sign(pay)).rejects.toMatchObject({ code: 'signing_key_not_found' })
  })
})

describe('a node', () => {
  it('that is gone costs an answer: the transaction waits as signed, and is sent later', async () => {
    const base = memoryChain({ name: 'base', chainId: 8_453n })
    let isGone = true
    const gone = failingChain(base, { every: 1, only: ({ method }) => isGone && method === 'broadcast' })
    await using world = await signingWorld({ chains: ({ name }) => (name === 'base' ? gone : null) })
    base.fund(world.address, ether)
    const { id, status } = await world.agent.intents.submit(world.pay)
    expect(status).toBe('signed')
    isGone = false
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    expect(base.sent).toHaveLength(1)
    expect(await world.agent.intents.get({ agent_id: 'me', tx_id: id })).toMatchObject({ status: 'broadcast' })
  })

  it('that took the transaction and did not say so has it once', async () => {
    const base = memoryChain({ name: 'base', chainId: 8_453n })
    const lying = failingChain(base, { at: 1, after: true, only: ({ method }) => method === 'broadcast' })
    await using world = await signingWorld({ chains: ({ name }) => (name === 'base' ? lying : null) })
    base.fund(world.address, ether)
    expect((await world.agent.intents.submit(world.pay)).status).toBe('signed')
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    expect(base.sent).toHaveLength(1)
    expect((await world.agent.intents.submit({ ...world.pay, value: '0' })).nonce).toBe(1)
  })

  it('that refuses for good gives the nonce back, and the bytes are worthless (I19)', async () => {
    await using world = await signingWorld()
    const { agent, base, pay } = world
    const refused = await agent.intents.submit({ ...pay, value: '1000' })
    expect(refused).toMatchObject({ status: 'failed', chain_state: 'refused', error_message: expect.any(String) })
    expect(refused).not.toHaveProperty('signed_tx')
    expect(await agent.intents.submit(pay)).toMatchObject({ status: 'broadcast', nonce: 0 })
    base.mine()
    expect(base.sent).toHaveLength(1)
  })
})

describe('nonces', () => {
  it('of a transaction that never reached the chain are a gap, which is shown and repaired (I19)', async () => {
    await using world = await signingWorld()
    const { agent, agent_id, owner, base, pay } = world
    await agent.intents.submit({ ...pay, nonce: 2 })
    const { nonces } = await agent.intents.nonces({ agent_id: 'me' })
    expect(nonces).toEqual([{ chain: 'base', address: world.address, next: 3, pending: 0, gaps: [0, 1] }])
    expect(await owner.intents.repairNonces({ agent_id, chain: 'base' })).toEqual({ reset: [], filled: [0, 1] })
    base.mine()
    expect(base.sent.filter(({ included }) => included?.succeeded)).toHaveLength(3)
    expect((await agent.intents.nonces({ agent_id: 'me' })).nonces).toMatchObject([{ next: 3, pending: 3, gaps: [] }])
  })

  it('of a lane that is ahead of its chain begin again where the chain is', async () => {
    await using world = await signingWorld()
    const { agent, agent_id, owner, pay } = world
    await agent.intents.submit({ ...pay, value: '1000', nonce: 5 })
    await agent.intents.submit({ ...pay, value: '1000', nonce: 6 })
    expect(await owner.intents.repairNonces({ agent_id, chain: 'base' })).toEqual({
      reset: [world.address],
      filled: [],
    })
    expect(await agent.intents.submit(pay)).toMatchObject({ nonce: 0, status: 'broadcast' })
  })
})

describe('what became of a transaction', () => {
  const later = async (world: Awaited<ReturnType<typeof signingWorld>>, blocks: number) => {
    for (let at = 0; at < blocks; at++) world.base.mine()
    world.clock.advance(10 * 60_000)
    await world.pawl.runJobs()
  }

  it('is seen on the chain: included, then confirmed', async () => {
    await using world = await signingWorld()
    const { id: tx_id } = await world.agent.intents.submit(world.pay)
    const now = () => world.agent.intents.get({ agent_id: 'me', tx_id })
    await later(world, 0)
    expect(await now()).toMatchObject({ status: 'broadcast', chain_state: 'pending' })
    await later(world, 1)
    expect(await now()).toMatchObject({ status: 'broadcast', chain_state: 'included', block: 1 })
    await later(world, 12)
    expect(await now()).toMatchObject({ chain_state: 'confirmed', block: 1 })
  })

  it('is failed if the contract reverts', async () => {
    const call = () => ({ succeeded: false, reason: 'closed' }) as const
    const base = memoryChain({ name: 'base', chainId: 8_453n, call })
    await using world = await signingWorld({ chains: ({ name }) => (name === 'base' ? base : null) })
    base.fund(world.address, ether)
    const { id: tx_id } = await world.agent.intents.submit({ ...world.pay, gas_limit: 50_000 })
    await later({ ...world, base }, 1)
    const seen = await world.agent.intents.get({ agent_id: 'me', tx_id })
    expect(seen).toMatchObject({
      status: 'failed',
      chain_state: 'reverted',
      error_message: expect.stringContaining('block 1'),
    })
  })
})

describe('a chain that changes its mind', () => {
  /** A chain whose answers about a transaction, and whose refusals, the test sets. */
  async function moodyWorld() {
    const base = memoryChain({ name: 'base', chainId: 8_453n })
    const mood: { status: TransactionStatus | null; refusal: ChainRejected | null; sent: number } = {
      ...{ status: null, refusal: null, sent: 0 },
    }
    const moody = {
      ...base,
      status: async (id: string) => mood.status ?? base.status(id),
      broadcast: async (bytes: Uint8Array) => {
        mood.sent++
        if (mood.refusal) throw mood.refusal
        return base.broadcast(bytes)
      },
    }
    const world = await signingWorld({ chains: ({ name }) => (name === 'base' ? moody : null) })
    base.fund(world.address, 10n * ether)
    const { id: tx_id } = await world.agent.intents.submit(world.pay)
    const seen = async (status: TransactionStatus) => {
      mood.status = status
      world.clock.advance(10 * 60_000)
      await world.pawl.runJobs()
      return world.agent.intents.get({ agent_id: 'me', tx_id })
    }
    return { ...world, mood, seen }
  }

  const included = (height: bigint, confirmations: bigint) =>
    ({ state: 'included', succeeded: true, height, confirmations }) as const

  it('shows a transaction that a reorganisation took out of its block as pending, and then in its new block', async () => {
    await using world = await moodyWorld()
    expect(await world.seen(included(5n, 2n))).toMatchObject({ chain_state: 'included', block: 5 })
    const taken = await world.seen({ state: 'pending' })
    expect(taken).toMatchObject({ status: 'broadcast', chain_state: 'pending' })
    expect(taken).not.toHaveProperty('block')
    expect(await world.seen(included(7n, 12n))).toMatchObject({ chain_state: 'confirmed', block: 7 })
  })

  it('gets the same bytes again when it has dropped a transaction', async () => {
    await using world = await moodyWorld()
    const before = world.mood.sent
    expect(await world.seen({ state: 'unknown' })).toMatchObject({ status: 'broadcast', chain_state: 'dropped' })
    expect(world.mood.sent).toBe(before + 1)
    expect(await world.seen(included(3n, 1n))).toMatchObject({ chain_state: 'included', block: 3 })
  })

  it('ends a transaction whose nonce another program used: replaced', async () => {
    await using world = await moodyWorld()
    world.mood.refusal = new ChainRejected('nonce_used', 'The nonce is already used.')
    const seen = await world.seen({ state: 'unknown' })
    expect(seen).toMatchObject({ status: 'failed', chain_state: 'replaced', error_message: expect.any(String) })
  })
})

describe('a simulation', () => {
  it('says what would change, and nothing is signed', async () => {
    await using world = await signingWorld()
    const { agent, address, base, pay } = world
    const simulation = await agent.intents.simulate(pay)
    expect(simulation).toMatchObject({
      status: 'success',
      gas_used: 21_000,
      balance_changes: [
        {
          ...{ address, before: '10000000000000000000', after: '9500000000000000000' },
          ...{ change: '-500000000000000000', amount: '-0.5 ETH' },
        },
        { address: shop, before: '0', change: '500000000000000000', amount: '0.5 ETH' },
      ],
    })
    expect(base.sent).toEqual([])
  })

  it('of a bundle runs each transaction on what the ones before it left', async () => {
    await using world = await signingWorld()
    const { agent, pay } = world
    const six = { chain: 'base', to: shop, value: '6' }
    const { simulations } = await agent.intents.simulateBundle({ agent_id: 'me', transactions: [six, six] })
    expect(simulations).toMatchObject([{ status: 'success' }, { status: 'reverted', balance_changes: [] }])
    expect((await agent.intents.simulate({ ...pay, value: '6' })).status).toBe('success')
  })

  it('that fails keeps simulate_first from signing, and answers with the transaction (web3.md 1.8)', async () => {
    await using world = await signingWorld()
    const { agent, base, pay } = world
    const refused = agent.intents.submit({ ...pay, value: '11', simulate_first: true })
    await expect(refused).rejects.toMatchObject({
      code: 'simulation_reverted',
      data: { transaction: { status: 'simulation_failed', simulation_status: 'reverted' } },
    })
    expect(base.sent).toEqual([])
    const { transactions } = await agent.intents.list({ agent_id: 'me' })
    expect(transactions).toMatchObject([{ status: 'simulation_failed' }])
    expect(await agent.intents.submit({ ...pay, simulate_first: true })).toMatchObject({
      ...{ status: 'broadcast', simulation_status: 'success', nonce: 0 },
    })
  })
})
