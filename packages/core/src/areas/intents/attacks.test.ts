import { memoryChain, memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { failingChain } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'
import { authorizationTypes } from '../../../../../tools/real-parts/eip-3009.ts'

// Goal: no way around a freeze, a budget or the one use of a key. Method: a whole engine in memory, with an EVM chain in memory. The
// freeze of another engine is in packages/testkit/test/guardrails, and that of a treasury beside the treasury.

const shop = '0x000000000000000000000000000000000000dEaD'
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const ether = 10n ** 18n
const switches = { message_signing_enabled: true, raw_signing_enabled: true, eip712_default_policy: 'allow' }

async function payingWorld(settings: object = {}, options: WorldOptions = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const now = { isGone: false }
  const node = failingChain(base, { every: 1, only: ({ method }) => now.isGone && method === 'broadcast' })
  const world = await testPawl({ chains: ({ name }) => (name === 'base' ? node : null), ...options })
  const payer = async (name: string) => {
    const { id: agent_id, as } = await world.agent({ name, intents_api_enabled: true, ...settings } as never)
    const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
    base.fund(address, 10n * ether)
    return { agent_id, as, address }
  }
  const pay = { agent_id: 'me', chain: 'base', to: shop, value: '0.5' }
  const later = async () => {
    world.clock.advance(60_000)
    await world.pawl.runJobs()
  }
  return { ...world, base, now, pay, payer, later, ...(await payer('payer')) }
}

const frozen = { code: 'guardrail_violated', data: { violation: { rule: 'frozen' } } }

/** What the exact scheme of x402 signs: a payment that its receiver sends to the chain. */
const x402Payment = {
  types: authorizationTypes,
  domain: { name: 'USD Coin', version: '2', chainId: 8_453, verifyingContract: usdc },
  primaryType: 'TransferWithAuthorization',
  message: {
    ...{ from: shop, to: shop, value: '1', validAfter: '0', validBefore: '2000000000' },
    nonce: `0x${'01'.repeat(32)}`,
  },
}

describe.each(['agent', 'org'] as const)('I7: a freeze of the %s', (scope) => {
  const freeze = ({ owner, agent_id }: Awaited<ReturnType<typeof payingWorld>>) =>
    scope === 'org' ? owner.guardrails.freezeOrg({}) : owner.guardrails.freeze({ agent_id })
  const unfreeze = ({ owner, agent_id }: Awaited<ReturnType<typeof payingWorld>>) =>
    scope === 'org' ? owner.guardrails.unfreezeOrg({}) : owner.guardrails.unfreeze({ agent_id })

  it('stops every kind of signature, also with a new key', async () => {
    await using world = await payingWorld(switches)
    const { as, pay, owner, agent_id } = world
    const sign = (intent: object) => as.intents.signIntent({ agent_id: 'me', chain: 'base', ...intent } as never)
    const ways = {
      submit: () => as.intents.submit(pay),
      sign: () => as.intents.sign(pay),
      personal: () => sign({ intent_type: 'personal_sign', message: '0x00' }),
      x402: () => sign({ intent_type: 'typed_data', typed_data: x402Payment }),
      digest: () => sign({ intent_type: 'digest', hash: `0x${'12'.repeat(32)}` }),
      transaction: () => sign({ intent_type: 'transaction', to: shop, value: '0.01' }),
    }
    await ways.digest()
    await freeze(world)
    for (const [name, way] of Object.entries(ways)) await expect(way(), name).rejects.toMatchObject(frozen)
    await owner.signers.rotate({ agent_id, chain: 'ethereum' })
    for (const [name, way] of Object.entries(ways)) await expect(way(), name).rejects.toMatchObject(frozen)
    expect(world.base.sent).toEqual([])
  })

  it('stops what a human approves after it', async () => {
    await using world = await payingWorld({ tx_approval_above: '0.1' })
    const { as, pay, owner } = world
    const { id: tx_id, approval_id = '' } = await as.intents.submit(pay)
    await freeze(world)
    await owner.approvals.approve({ approval_id })
    await world.later()
    expect(await as.intents.get({ agent_id: 'me', tx_id })).not.toMatchObject({ status: 'broadcast' })
    expect(world.base.sent).toEqual([])
  })

  it('holds back what was signed before it and no node has accepted, until its end', async () => {
    await using world = await payingWorld()
    const { as, pay, base } = world
    world.now.isGone = true
    expect(await as.intents.submit(pay)).toMatchObject({ status: 'signed' })
    await freeze(world)
    world.now.isGone = false
    await world.later()
    expect(base.sent).toEqual([])
    await unfreeze(world)
    await world.later()
    expect(base.sent).toHaveLength(1)
  })
})

describe('an Idempotency-Key', () => {
  it('of one agent says nothing about the calls of another', async () => {
    await using world = await payingWorld()
    const key = { idempotencyKey: 'order-7' }
    const other = await world.payer('other')
    const first = await world.as.intents.submit(world.pay, key)
    const second = await other.as.intents.submit(world.pay, key)
    expect([first.from, second.from]).toEqual([world.address, other.address])
    const changed = other.as.intents.submit({ ...world.pay, value: '0.6' }, key)
    await expect(changed).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    expect(world.base.sent).toHaveLength(2)
  })
})

describe('I8: what a refused transaction had reserved', () => {
  it('comes back once, however often its task runs', async () => {
    await using world = await payingWorld({ tx_daily_limit: '20' })
    const { as, pay } = world
    expect(await as.intents.submit({ ...pay, value: '12' })).toMatchObject({ status: 'failed' })
    for (let run = 0; run < 3; run++) await Promise.all([world.later(), world.pawl.runJobs()])
    await as.intents.sign({ ...pay, value: '20', nonce: 5 })
    const more = as.intents.sign({ ...pay, value: '0.000000000000000001', nonce: 6 })
    await expect(more).rejects.toMatchObject({ data: { violation: { rule: 'tx_daily_limit' } } })
  })
})

describe('a vault that was restored from a backup', () => {
  it('gives no nonce again that the chain has seen since, and sends nothing of before again', async () => {
    const [storage, copy, hsm] = [memoryStorage(), memoryStorage(), { ...memoryHsm(), close: async () => {} }]
    const key = { idempotencyKey: 'order-7' }
    const world = await payingWorld({}, { storage, hsm })
    const { base, pay, agent_id } = world
    const before = await world.as.intents.submit(pay, key)
    for await (const kept of storage.snapshot()) {
      await copy.commit(kept.map((one) => ({ op: 'put', ...one, expect: null }) as const))
    }
    expect(await world.as.intents.submit(pay)).toMatchObject({ nonce: 1 })
    await world.close()
    const chains: WorldOptions['chains'] = ({ name }) => (name === 'base' ? base : null)
    await using restored = await testPawl({ storage: copy, hsm, chains, seed: 'restored' })
    const { intents } = restored.pawl.as({ agent: agent_id })
    restored.clock.advance(60_000)
    await restored.pawl.runJobs()
    expect(await intents.submit(pay, key)).toMatchObject({ id: before.id })
    expect(base.sent).toHaveLength(2)
    expect(await intents.submit(pay)).toMatchObject({ status: 'broadcast', nonce: 2 })
  })
})
