import { memoryChain } from '@pawl/core/ports/reference'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { recoverMessageAddress } from 'viem'
import { describe, expect, it } from 'vitest'

// Goal: nothing is signed without the guardrails, and what waits for a human is signed once and exactly as approved. Method:
// a whole engine in memory, with an EVM chain in memory.

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

describe('guardrails', () => {
  it('refuse a payment over the limit of a day, and tell limit and current sum', async () => {
    await using world = await signingWorld()
    const { owner, agent, agent_id, base, pay } = world
    await owner.agents.update({ agent_id, tx_daily_limit: '1' } as never)
    await agent.intents.submit({ ...pay, value: '0.6' })
    await expect(agent.intents.submit({ ...pay, value: '0.6' })).rejects.toMatchObject({
      code: 'guardrail_violated',
      data: { violation: { attempted: '0.6', current: '0.6', limit: '1' } },
    })
    expect(base.sent).toHaveLength(1)
    expect((await agent.intents.submit({ ...pay, value: '0.4' })).status).toBe('broadcast')
  })

  it('tell the trail which rule refused, with its numbers, the chain and the recipient', async () => {
    await using world = await signingWorld()
    const { owner, agent, agent_id, pay } = world
    await owner.agents.update({ agent_id, tx_max_value: '0.5' } as never)
    await expect(agent.intents.submit({ ...pay, value: '0.6' })).rejects.toMatchObject({ code: 'guardrail_violated' })
    const { events } = await owner.audit.events({ action: 'transaction.submit' })
    expect(events.map(({ details }) => details)).toEqual([
      {
        ...{ agent_id: 'me', chain: 'base', code: 'guardrail_violated', outcome: 'denied' },
        ...{ to: shop, value: '0.6' },
        ...{ rule: 'tx_max_value', reason_code: 'limit_exceeded', limit: '0.5', attempted: '0.6' },
      },
    ])
  })

  it('that are only logged tell the trail, at the signature, which limit was passed', async () => {
    await using world = await signingWorld()
    const { owner, agent, agent_id, pay } = world
    await owner.agents.update({ agent_id, tx_max_value: '0.4', enforcement: 'log' } as never)
    await agent.intents.submit({ ...pay, value: '0.3' })
    await agent.intents.submit({ ...pay, value: '2.0' })
    const { events } = await owner.audit.events({ action: 'transaction.sign' })
    const rule = { rule: 'tx_max_value', reason_code: 'limit_exceeded', limit: '0.4', attempted: '2' }
    expect(events[0]?.details).toMatchObject({ ...rule, enforcement: 'log' })
    expect(events[1]?.details).not.toHaveProperty('rule')
    const logged = await owner.audit.events({ action: 'guardrail.log' })
    expect(logged.events.map(({ details }) => details)).toEqual([{ ...rule, chain: 'base' }])
  })

  it('let exactly one of 200 payments at once through that only one has room for (I8)', async () => {
    await using world = await signingWorld()
    const { owner, agent, agent_id, base, pay } = world
    base.fund(world.address, 20_000n * ether)
    await owner.agents.update({ agent_id, tx_daily_limit: '100' } as never)
    const many = Array.from({ length: 200 }, () => agent.intents.submit({ ...pay, value: '60.0' }))
    const outcomes = await Promise.allSettled(many)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(base.sent).toHaveLength(1)
  })

  it('give the budget back when a node refuses for good', async () => {
    await using world = await signingWorld()
    const { owner, agent, agent_id, pay } = world
    await owner.agents.update({ agent_id, tx_daily_limit: '15' } as never)
    expect((await agent.intents.submit({ ...pay, value: '12.0' })).status).toBe('failed')
    expect((await agent.intents.submit({ ...pay, value: '8.0' })).status).toBe('broadcast')
  })

  it('see through calldata: who gets the tokens, and approvals without a limit (I11)', async () => {
    await using world = await signingWorld()
    const { owner, agent, agent_id, pay } = world
    await owner.agents.update({ agent_id, tx_to_allowlist: [shop], tx_max_value: '1' } as never)
    const word = (text: string) => text.replace('0x', '').padStart(64, '0')
    const transfer = (to: string) => `0xa9059cbb${word(to)}${word('05')}`
    const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
    const call = { ...pay, value: '0', to: token, gas_limit: 90_000 }
    expect((await agent.intents.submit({ ...call, data: transfer(shop) })).status).toBe('broadcast')
    for (const data of [transfer(world.address), `0x095ea7b3${word(shop)}${'f'.repeat(64)}`, '0x12345678']) {
      await expect(agent.intents.submit({ ...call, data }), data).rejects.toMatchObject({ code: 'guardrail_violated' })
    }
  })
})

describe('a transaction over a threshold', () => {
  const overThreshold = async () => {
    const world = await signingWorld()
    await world.owner.agents.update({ agent_id: world.agent_id, tx_approval_above: '1' } as never)
    const asked = { ...world.pay, value: '2.0' }
    const waiting = await world.agent.intents.submit(asked)
    const now = () => world.agent.intents.get({ agent_id: 'me', tx_id: waiting.id })
    const decide = (decision: 'approve' | 'reject') =>
      world.owner.approvals.decide({ approval_id: waiting.approval_id ?? '', decision } as never)
    return { ...world, asked, waiting, now, decide }
  }

  it('waits for a human, and is signed and sent when the human approves', async () => {
    await using world = await overThreshold()
    expect(world.waiting).toMatchObject({ status: 'awaiting_approval', approval_id: expect.any(String) })
    expect(world.base.sent).toEqual([])
    await world.decide('approve')
    await world.pawl.runJobs()
    expect(await world.now()).toMatchObject({ status: 'broadcast', nonce: 0 })
    expect(world.base.sent).toHaveLength(1)
    const { events } = await world.owner.audit.events({ action: 'transaction.sign' })
    expect(events[0]?.details).toMatchObject({ approval_id: world.waiting.approval_id, approved_by: [world.ownerId] })
  })

  it('says to the human what leaves in units that people read, who gets it, and the rule that asks', async () => {
    await using world = await overThreshold()
    const { summary } = await world.owner.approvals.get({ approval_id: world.waiting.approval_id ?? '' })
    expect(summary).toMatchObject({
      ...{ chain: 'Base', to: shop, transfers: [`2 ETH to ${shop}`], rule: 'tx_approval_above' },
      ...{ fees_at_most: expect.stringMatching(/^0\.\d+ ETH$/), because: expect.any(String) },
    })
  })

  it('is signed once, and the approval is for exactly what was asked (I9)', async () => {
    await using world = await overThreshold()
    const { agent, asked, waiting, base } = world
    const approval_id = waiting.approval_id ?? ''
    await world.decide('approve')
    await world.pawl.runJobs()
    const again = await agent.intents.submit({ ...asked, approval_id })
    expect(again).toMatchObject({ id: waiting.id, status: 'broadcast' })
    for (const changed of [{ nonce: 1 }, { value: '2.1' }, { to: world.address }, { data: '0x01' }]) {
      const refused = agent.intents.submit({ ...asked, ...changed, approval_id })
      await expect(refused).rejects.toMatchObject({ kind: 'invalid' })
    }
    expect(base.sent).toHaveLength(1)
  })

  it('is never signed when the human rejects it', async () => {
    await using world = await overThreshold()
    await world.decide('reject')
    await world.pawl.runJobs()
    expect(await world.now()).toMatchObject({ status: 'failed', error_message: expect.stringContaining('rejected') })
    expect(world.base.sent).toEqual([])
  })

  it('passes the guardrails again when it is signed: a stricter limit in between stops it', async () => {
    await using world = await overThreshold()
    await world.decide('approve')
    await world.owner.agents.update({ agent_id: world.agent_id, tx_max_value: '1' } as never)
    await world.pawl.runJobs()
    expect(await world.now()).toMatchObject({ status: 'failed' })
    expect(world.base.sent).toEqual([])
    const { events } = await world.owner.audit.events({ action: 'transaction.sign' })
    expect(events.map(({ details }) => details)).toMatchObject([
      { outcome: 'denied', rule: 'tx_max_value', limit: '1' },
    ])
  })
})

describe('a sign intent', () => {
  const seed =
    '0x318e13b709288a28902b18a4bccde8fdf49df7625c5e64148a0a3f2307f4979379b52be23d1ee5962b18d678365ddbf51dd6febfeea05c56642da825448812421b'

  async function testKeyWorld(settings: object) {
    const world = await testPawl()
    const vault = await world.owner.vaults.create({ name: 'prod' })
    const value = '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'
    await world.owner.secrets.put({ vault_id: vault.id, path: 'keys/base-signer', value, type: 'private_key' })
    const policies = [{ vault_id: vault.id, pattern: 'keys/**' }]
    const { as } = await world.agent({ intents_api_enabled: true, policies, ...settings })
    const sign = (intent: object) => as.intents.signIntent({ agent_id: 'me', chain: 'base', ...intent } as never)
    return { ...world, sign }
  }

  it('of a message is off until a human turns it on, and then signs as the contract says (web3.md 2)', async () => {
    await using off = await testKeyWorld({})
    const hello = { intent_type: 'personal_sign', message: '0x48656c6c6f' }
    await expect(off.sign(hello)).rejects.toMatchObject({ code: 'guardrail_violated' })
    await using world = await testKeyWorld({ message_signing_enabled: true })
    expect(await world.sign(hello)).toEqual({
      intent_type: 'personal_sign',
      chain: 'base',
      from: '0x6370eF2f4Db3611D657b90667De398a2Cc2a370C',
      signature: seed,
      message_hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    })
  })

  it('of a message that can approve a transaction of a Safe needs the right to sign digests, where there are limits', async () => {
    const hash = { intent_type: 'personal_sign', message: `0x${'12'.repeat(32)}` }
    const text = { intent_type: 'personal_sign', message: 'x'.repeat(32) }
    await using limited = await testKeyWorld({ message_signing_enabled: true, tx_daily_limit: '1' })
    for (const one of [hash, text]) {
      await expect(limited.sign(one)).rejects.toMatchObject({ code: 'guardrail_violated' })
    }
    expect(await limited.sign({ ...text, message: 'x'.repeat(33) })).toHaveProperty('signature')
    await using free = await testKeyWorld({ message_signing_enabled: true })
    expect(await free.sign(hash)).toHaveProperty('signature')
    const allowed = { message_signing_enabled: true, raw_signing_enabled: true, tx_daily_limit: '1' }
    await using raw = await testKeyWorld(allowed)
    expect(await raw.sign(hash)).toHaveProperty('signature')
  })

  it('of a bare digest is off by default, and leaves an event of its own (I7)', async () => {
    await using off = await testKeyWorld({ message_signing_enabled: true })
    const digest = { intent_type: 'eip712_digest', hash: `0x${'12'.repeat(32)}` }
    await expect(off.sign(digest)).rejects.toMatchObject({ code: 'guardrail_violated' })
    await using world = await testKeyWorld({ raw_signing_enabled: true })
    expect(await world.sign({ ...digest, intent_type: 'digest' })).toMatchObject({ signature: expect.any(String) })
    const { events } = await world.owner.audit.events({ action: 'signing_key.raw_digest_sign' })
    expect(events).toHaveLength(1)
    for (const hash of ['0x12', `0x${'12'.repeat(33)}`, 'digest', undefined]) {
      await expect(world.sign({ ...digest, hash })).rejects.toMatchObject({ kind: 'invalid' })
    }
  })

  it('of typed data needs a listed contract, and a Permit inside of another type does too', async () => {
    const verifyingContract = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
    const types = {
      Mail: [{ name: 'text', type: 'string' }],
      Permit: [{ name: 'spender', type: 'address' }],
      Deal: [{ name: 'permit', type: 'Permit' }],
    }
    const domain = { name: 'Mail', chainId: 8453, verifyingContract }
    const mail = { types, domain, primaryType: 'Mail', message: { text: 'hello' } }
    const deal = { types, domain, primaryType: 'Deal', message: { permit: { spender: shop } } }
    const intent = (typed_data: object) => ({ intent_type: 'typed_data', typed_data })
    const refused = { code: 'guardrail_violated' }
    await using off = await testKeyWorld({ message_signing_enabled: true })
    await expect(off.sign(intent(mail))).rejects.toMatchObject(refused)
    await using any = await testKeyWorld({ eip712_default_policy: 'allow' })
    expect(await any.sign(intent(mail))).toMatchObject({ typed_data_hash: expect.stringMatching(/^0x/) })
    await expect(any.sign(intent(deal))).rejects.toMatchObject(refused)
    await using listed = await testKeyWorld({ eip712_domain_allowlist: [{ verifying_contract: verifyingContract }] })
    expect(await listed.sign(intent(deal))).toMatchObject({ signature: expect.stringMatching(/^0x/) })
  })

  it('of a transaction is signed and not sent, in every type (web3.md 2)', async () => {
    await using world = await testKeyWorld({})
    const intent = { intent_type: 'transaction', to: shop, value: '0.01', nonce: 0, gas_limit: 21_000 }
    const newer = { max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1000000000' }
    const signed = await world.sign({ ...intent, ...newer })
    expect(signed).toMatchObject({ tx_type: 2, signed_tx: expect.stringMatching(/^0x02/) })
    expect(await world.sign({ ...intent, gas_price: '20000000000' })).toMatchObject({ tx_type: 0 })
    expect(await world.sign({ ...intent, gas_price: '1', tx_type: 1 })).toMatchObject({ tx_type: 1 })
  })

  it('with a key in the key store is a signature of its address', async () => {
    await using world = await testPawl()
    const { id: agent_id, as } = await world.agent({ intents_api_enabled: true, message_signing_enabled: true })
    const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum', custody: 'hsm' })
    const intent = { agent_id: 'me', chain: 'base', intent_type: 'personal_sign', message: 'Hello' } as const
    const { signature = '', from } = await as.intents.signIntent(intent)
    expect(from).toBe(address)
    const recovered = await recoverMessageAddress({ message: 'Hello', signature: signature as `0x${string}` })
    expect(recovered).toBe(address)
  })
})
