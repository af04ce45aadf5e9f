import { createHash } from 'node:crypto'
import { memoryChain } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: what a policy wants people to agree to is signed once, when enough of them have agreed to exactly this. Method: a whole engine in
// memory, with an EVM chain in memory.

const shop = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n

interface Wanted {
  readonly conditions?: readonly object[]
  readonly approval?: object
  readonly [member: string]: unknown
}

async function consensusWorld(wanted: Wanted = {}) {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const world = await testPawl({ chains: ({ name }) => (name === 'base' ? base : null) })
  const { id: agent_id, as } = await world.agent({
    ...{ name: 'payer', intents_api_enabled: true, message_signing_enabled: true },
  } as never)
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  base.fund(address, 10n * ether)
  const { vault_id } = await world.owner.agents.agentKeysVault({})
  const trigger = { conditions: [{ type: 'value_above', threshold_wei: String(ether) }], ...wanted }
  const policy = await world.owner.policies.create({
    ...{ vault_id, secret_path_pattern: 'agents/**', permissions: ['read'], principal_type: 'agent' },
    ...{ principal_id: agent_id, consensus_trigger: { approval: { min_approvals: 1 }, ...trigger } },
  } as never)
  const pay = { agent_id: 'me', chain: 'base', to: shop, value: '2.0' }
  const ask = async (more: object = {}) => {
    const waiting = await as.intents.submit({ ...pay, ...more })
    return { ...waiting, ref: { pending_approval_id: waiting.pending_approval_id ?? '' } }
  }
  type Ref = { readonly pending_approval_id: string }
  const vote = async (ref: Ref, voter = world.owner, decision: 'approve' | 'reject' = 'approve') => {
    const { payload_hash } = await world.owner.consensus.get(ref)
    return voter.consensus.vote({ ...ref, decision, payload_hash })
  }
  return { ...world, newAgent: world.agent, as, agent_id, base, policy, pay, ask, vote }
}

describe('a signature that people must agree to', () => {
  it('waits, is voted about and executed, and is signed when the agent asks again (web3.md 13.3)', async () => {
    await using world = await consensusWorld()
    const waiting = await world.ask()
    expect(waiting).toMatchObject({
      ...{ status: 'awaiting_approval', required_approvals: 1, current_approvals: 0, value_wei: String(2n * ether) },
      ...{
        pending_approval_id: expect.any(String),
        expires_at: '2026-01-02T00:00:00.000Z',
        message: expect.any(String),
      },
    })
    const again = { ...world.pay, approval_id: waiting.ref.pending_approval_id }
    await expect(world.as.intents.submit(again)).rejects.toMatchObject({ kind: 'invalid' })
    expect(await world.vote(waiting.ref)).toMatchObject({ status: 'approved', current_approvals: 1 })
    await expect(world.as.intents.submit(again)).rejects.toMatchObject({ kind: 'invalid' })
    expect(await world.owner.consensus.execute(waiting.ref)).toMatchObject({ status: 'executed' })
    expect(await world.as.intents.submit(again)).toMatchObject({ id: waiting.id, status: 'broadcast' })
    await expect(world.as.intents.submit(again)).rejects.toMatchObject({ kind: 'invalid' })
    expect(world.base.sent).toHaveLength(1)
  })

  it('is only what the conditions say', async () => {
    await using world = await consensusWorld()
    expect(await world.as.intents.submit({ ...world.pay, value: '0.5' })).toMatchObject({ status: 'broadcast' })
    expect(await world.ask()).toMatchObject({ status: 'awaiting_approval' })
  })

  const permit = {
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    domain: { name: 'USD Coin', version: '2', chainId: 8_453, verifyingContract: shop },
    message: { owner: shop, spender: shop, value: String(2n ** 256n - 1n), nonce: '0', deadline: '9999999999' },
  }
  it.each([
    ['a Permit', { intent_type: 'typed_data', typed_data: permit }],
    [
      'a message that can be the hash of a transaction of a Safe',
      { intent_type: 'personal_sign', message: '11'.repeat(32) },
    ],
    ['a digest, which can be that of a transaction', { intent_type: 'eip712_digest', hash: `0x${'11'.repeat(32)}` }],
  ] as const)('can be %s, under each condition about transactions', async (_, signed) => {
    for (const condition of [
      { type: 'erc20_amount_above', threshold_raw: '1000000' },
      { type: 'value_above', threshold_wei: String(ether) },
      { type: 'to_address_in', addresses: [shop] },
      { type: 'function_selector_in', selectors: ['0xa9059cbb'] },
      { type: 'chain_in', chains: ['ethereum'] },
    ]) {
      await using world = await consensusWorld({ conditions: [condition], skip_when: [{ chain_in: ['base'] }] })
      const { agent_id } = world
      await world.owner.agents.update({ agent_id, raw_signing_enabled: true, eip712_domain_allowlist: [shop] } as never)
      const asked = { agent_id: 'me', chain: 'base', ...signed } as never
      expect(await world.as.intents.signIntent(asked), condition.type).toMatchObject({ status: 'awaiting_approval' })
      const text = { agent_id: 'me', chain: 'base', intent_type: 'personal_sign', message: 'hello' } as const
      expect(await world.as.intents.signIntent(text)).toHaveProperty('signature')
    }
  })

  const word = (value: bigint) => value.toString(16).padStart(64, '0')
  const safePays = `0x6a761202${word(BigInt(shop))}${word(2n * ether)}${word(320n)}${word(0n).repeat(6)}${word(352n)}${word(0n).repeat(2)}`
  it.each([
    ['a Safe that pays', safePays, { type: 'value_above', threshold_wei: String(ether) }],
    [
      'the approval of a hash in a Safe',
      `0xd4d9bdcd${'11'.repeat(32)}`,
      { type: 'value_above', threshold_wei: String(ether) },
    ],
    [
      'an unknown function of a token',
      `0x1296ee62${word(1n)}`,
      { type: 'erc20_amount_above', threshold_raw: '1000000' },
    ],
  ])('can be a call of %s', async (_, data, condition) => {
    await using world = await consensusWorld({ conditions: [condition] })
    expect(await world.ask({ value: '0', data })).toMatchObject({ status: 'awaiting_approval' })
  })

  it('needs no people where a policy exempts what is no transaction', async () => {
    await using world = await consensusWorld({
      conditions: [{ type: 'erc20_amount_above', threshold_raw: '1000000' }],
      skip_when: [{ intent_type_in: ['typed_data'] }],
    })
    await world.owner.agents.update({ agent_id: world.agent_id, eip712_domain_allowlist: [shop] } as never)
    const asked = { agent_id: 'me', chain: 'base', intent_type: 'typed_data', typed_data: permit } as never
    expect(await world.as.intents.signIntent(asked)).toHaveProperty('signature')
  })

  it('can be a message, which is signed once', async () => {
    await using world = await consensusWorld({
      conditions: [{ type: 'intent_type_in', intent_types: ['personal_sign'] }],
    })
    const message = { agent_id: 'me', chain: 'base', intent_type: 'personal_sign', message: 'hello' } as const
    const { pending_approval_id = '', ...waiting } = await world.as.intents.signIntent(message)
    expect(waiting).toMatchObject({ status: 'awaiting_approval' })
    expect(waiting).not.toHaveProperty('signature')
    await world.vote({ pending_approval_id })
    await world.owner.consensus.execute({ pending_approval_id })
    const again = { ...message, approval_id: pending_approval_id }
    await expect(world.as.intents.signIntent({ ...again, message: 'bye' })).rejects.toMatchObject({ kind: 'invalid' })
    expect(await world.as.intents.signIntent(again)).toMatchObject({ signature: expect.stringMatching(/^0x/) })
    await expect(world.as.intents.signIntent(again)).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('passes the guardrails again when it is signed', async () => {
    await using world = await consensusWorld()
    const waiting = await world.ask()
    await world.vote(waiting.ref)
    await world.owner.consensus.execute(waiting.ref)
    await world.owner.agents.update({ agent_id: world.agent_id, tx_max_value: '1' } as never)
    const again = { ...world.pay, approval_id: waiting.ref.pending_approval_id }
    await expect(world.as.intents.submit(again)).rejects.toMatchObject({ code: 'guardrail_violated' })
    expect(world.base.sent).toEqual([])
  })

  it('is for one request of one caller', async () => {
    await using world = await consensusWorld()
    const waiting = await world.ask()
    await world.vote(waiting.ref)
    await world.owner.consensus.execute(waiting.ref)
    const again = { ...world.pay, approval_id: waiting.ref.pending_approval_id }
    for (const changed of [{ value: '2.1' }, { to: world.ownerId }, { nonce: 7 }, { data: '0x01' }]) {
      await expect(world.as.intents.submit({ ...again, ...changed })).rejects.toMatchObject({ kind: 'invalid' })
    }
    await expect(world.owner.intents.submit({ ...again, agent_id: world.agent_id })).rejects.toMatchObject({
      kind: 'invalid',
    })
    expect(world.base.sent).toEqual([])
  })

  it('ends when the time is over, and its transaction fails', async () => {
    await using world = await consensusWorld({ expiry_secs: 60 })
    const { id: tx_id, ref } = await world.ask()
    world.clock.advance(61_000)
    expect(await world.owner.consensus.get(ref)).toMatchObject({ status: 'expired' })
    await expect(world.vote(ref)).rejects.toMatchObject({ code: 'pending_approval_not_open' })
    await world.pawl.runJobs()
    expect(await world.as.intents.get({ agent_id: 'me', tx_id })).toMatchObject({ status: 'failed' })
  })

  it('is refused under a trigger that cannot be read', async () => {
    await using world = await consensusWorld({ conditions: [{ type: 'value_above_of', threshold: 1 }] })
    await expect(world.as.intents.submit(world.pay)).rejects.toMatchObject({ code: 'consensus_trigger_unreadable' })
    expect(world.base.sent).toEqual([])
  })
})

describe('a vote', () => {
  it('has the hash of canonical JSON, which people compute themselves', async () => {
    await using world = await consensusWorld()
    const { ref } = await world.ask()
    const { action_payload, payload_hash } = await world.owner.consensus.get(ref)
    const names = Object.keys(action_payload).sort()
    const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, action_payload[name]])))
    expect(createHash('sha256').update(text).digest('hex')).toBe(payload_hash)
    const wrong = world.owner.consensus.vote({ ...ref, decision: 'approve', payload_hash: '0'.repeat(64) })
    await expect(wrong).rejects.toMatchObject({ data: { fields: { payload_hash: expect.any(String) } } })
  })

  it('is one for each person, and enough of them approve', async () => {
    await using world = await consensusWorld({ approval: { min_approvals: 2, per_role_minimums: { owner: 1 } } })
    const [one, other] = [await world.member({ role: 'admin' }), await world.member({ role: 'admin' })]
    const { ref } = await world.ask()
    expect(await world.vote(ref, one.as)).toMatchObject({ status: 'pending', current_approvals: 1 })
    await expect(world.vote(ref, one.as)).rejects.toMatchObject({ code: 'already_voted' })
    expect(await world.vote(ref, other.as)).toMatchObject({ status: 'pending', current_approvals: 2 })
    await expect(world.owner.consensus.execute(ref)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await world.vote(ref)).toMatchObject({ status: 'approved', current_approvals: 3 })
  })

  it('counts once, of many at the same moment', async () => {
    await using world = await consensusWorld({ approval: { min_approvals: 2 } })
    const { ref } = await world.ask()
    const votes = await Promise.allSettled(Array.from({ length: 5 }, () => world.vote(ref)))
    expect(votes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await world.owner.consensus.get(ref)).toMatchObject({ status: 'pending', current_approvals: 1 })
  })

  it('against it ends it, and so does who submitted it', async () => {
    await using world = await consensusWorld()
    const { ref } = await world.ask()
    expect(await world.vote(ref, world.owner, 'reject')).toMatchObject({ status: 'rejected' })
    const { ref: second } = await world.ask()
    expect(await world.as.consensus.cancel(second)).toMatchObject({ status: 'cancelled' })
    await expect(world.vote(second)).rejects.toMatchObject({ kind: 'conflict' })
  })

  it('is for owners and admins, or for members whose role is listed, and never for who submitted it', async () => {
    await using world = await consensusWorld({ approval: { min_approvals: 1, required_roles: ['member', 'owner'] } })
    const { as: member } = await world.member()
    const { ref } = await world.ask()
    expect(await member.consensus.get(ref)).toMatchObject({ status: 'pending' })
    expect(await world.vote(ref, member)).toMatchObject({ status: 'approved' })
    const own = await world.owner.intents.submit({ ...world.pay, agent_id: world.agent_id })
    await expect(world.vote({ pending_approval_id: own.pending_approval_id ?? '' })).rejects.toMatchObject({
      code: 'own_submission',
    })
    await using closed = await consensusWorld()
    const { ref: hidden } = await closed.ask()
    const strangers = [(await closed.member()).as, (await closed.otherOrg()).owner, (await closed.newAgent()).as]
    for (const stranger of strangers) {
      await expect(stranger.consensus.get(hidden)).rejects.toMatchObject({ code: 'pending_approval_not_found' })
      expect(await stranger.consensus.list()).toEqual({ pending_approvals: [], total: 0 })
    }
  })
})

describe('an approval', () => {
  it('of a role that has only a minimum counts at most that minimum', async () => {
    const approval = { min_approvals: 2, per_role_minimums: { member: 1 } }
    await using world = await consensusWorld({ approval })
    const { ref } = await world.ask()
    for (const { as } of [await world.member(), await world.member()]) {
      expect(await world.vote(ref, as)).toMatchObject({ status: 'pending', current_approvals: 1 })
    }
    expect(await world.vote(ref)).toMatchObject({ status: 'approved', current_approvals: 2 })
  })

  it.each(['removed', 'demoted'])('of a person who is %s since then does not count', async (what) => {
    await using world = await consensusWorld({ approval: { min_approvals: 2 } })
    const [ann, bob, cleo] = [
      await world.member({ role: 'admin' }),
      await world.member({ role: 'admin' }),
      await world.member({ role: 'admin' }),
    ]
    const leave = ({ id: user_id }: { id: string }) =>
      what === 'removed'
        ? world.owner.orgs.removeMember({ user_id })
        : world.owner.orgs.setRole({ user_id, role: 'member' })
    const { ref } = await world.ask()
    await world.vote(ref, ann.as)
    expect(await world.vote(ref, bob.as)).toMatchObject({ status: 'approved' })
    await leave(ann)
    await expect(world.owner.consensus.execute(ref)).rejects.toMatchObject({ code: 'pending_approval_not_open' })
    expect(await world.owner.consensus.get(ref)).toMatchObject({ status: 'pending', current_approvals: 1 })
    expect(await world.vote(ref, cleo.as)).toMatchObject({ status: 'approved', current_approvals: 2 })
    await world.owner.consensus.execute(ref)
    await leave(bob)
    const again = { ...world.pay, approval_id: ref.pending_approval_id }
    await expect(world.as.intents.submit(again)).rejects.toMatchObject({ kind: 'invalid' })
    expect(world.base.sent).toEqual([])
  })
})

describe('an agreement under a weaker rule', () => {
  const approval = { min_approvals: 2, required_roles: ['owner', 'admin'] }

  it('is not valid, when the agent asks under another policy about itself', async () => {
    await using world = await consensusWorld({ approval })
    const { id: vault_id } = await world.as.vaults.create({ name: 'own' })
    const weak = { conditions: [{ type: 'always' }], approval: { min_approvals: 1, required_roles: ['member'] } }
    const policy = await world.as.policies.create({
      ...{ vault_id, secret_path_pattern: '**', permissions: ['read'], principal_type: 'agent' },
      ...{ principal_id: world.agent_id, consensus_trigger: weak },
    } as never)
    const { ref } = await world.ask()
    const { action_payload } = await world.owner.consensus.get(ref)
    const asked = { policy_id: policy.id, action: 'transaction.submit', action_payload }
    const own = await world.as.consensus.submit(asked as never)
    const { as: member } = await world.member()
    const { payload_hash } = await member.consensus.get({ pending_approval_id: own.pending_approval_id })
    await member.consensus.vote({ pending_approval_id: own.pending_approval_id, decision: 'approve', payload_hash })
    await member.consensus.execute({ pending_approval_id: own.pending_approval_id })
    const again = world.as.intents.submit({ ...world.pay, approval_id: own.pending_approval_id })
    await expect(again).rejects.toMatchObject({ data: { fields: { approval_id: expect.any(String) } } })
    expect(world.base.sent).toEqual([])
  })

  it('is not valid for another action, or when the policy wants more since then', async () => {
    await using world = await consensusWorld()
    const { ref } = await world.ask()
    await world.vote(ref)
    await world.owner.consensus.execute(ref)
    const again = { ...world.pay, approval_id: ref.pending_approval_id }
    await expect(world.as.intents.sign(again)).rejects.toMatchObject({ kind: 'invalid' })
    const { vault_id, id: policy_id } = world.policy
    const consensus_trigger = { conditions: [{ type: 'always' }], approval }
    await world.owner.policies.update({ vault_id, policy_id, consensus_trigger } as never)
    await expect(world.as.intents.submit(again)).rejects.toMatchObject({ kind: 'invalid' })
    expect(world.base.sent).toEqual([])
  })

  it('has no votes of roles that the policy does not list', async () => {
    await using world = await consensusWorld({ approval: { min_approvals: 1, required_roles: ['owner'] } })
    const { as: admin } = await world.member({ role: 'admin' })
    const { ref } = await world.ask()
    await expect(world.vote(ref, admin)).rejects.toMatchObject({ code: 'denied' })
    expect(await world.vote(ref)).toMatchObject({ status: 'approved' })
  })
})

describe('conditions', () => {
  const pays = { ...{ value: '0.1', gas_limit: 90_000 } }
  const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
  const word = (text: string) => text.replace('0x', '').toLowerCase().padStart(64, '0')
  const transfer = { to: token, value: '0', data: `0xa9059cbb${word(shop)}${word('05')}`, gas_limit: 90_000 }

  const approval = { ...transfer, data: `0x095ea7b3${word(shop)}${'f'.repeat(64)}` }
  const largeTokens = { conditions: [{ type: 'erc20_amount_above', threshold_raw: '4' }] }

  it.each<[string, Wanted, object, boolean]>([
    ['value_above in gwei', { conditions: [{ type: 'value_above', threshold_gwei: 1 }] }, pays, true],
    ['chain_in', { conditions: [{ type: 'chain_in', chains: ['8453'] }] }, pays, true],
    ['another chain', { conditions: [{ type: 'chain_in', chains: ['ethereum'] }] }, pays, false],
    ['to_address_in', { conditions: [{ type: 'to_address_in', addresses: [shop.toLowerCase()] }] }, pays, true],
    ['an inner recipient', { conditions: [{ type: 'to_address_in', addresses: [shop] }] }, transfer, false],
    [
      'deep_inspect',
      { conditions: [{ type: 'to_address_in', addresses: [shop] }], deep_inspect: true },
      transfer,
      true,
    ],
    ['a selector', { conditions: [{ type: 'function_selector_in', selectors: ['0xA9059CBB'] }] }, transfer, true],
    ['erc20_amount_above', { conditions: [{ type: 'erc20_amount_above', threshold_raw: '4' }] }, transfer, true],
    ['a smaller amount', { conditions: [{ type: 'erc20_amount_above', threshold_raw: '5' }] }, transfer, false],
    ['bytes behind the arguments', largeTokens, { ...transfer, data: `${transfer.data}ff` }, true],
    ['an approval of tokens', largeTokens, approval, true],
    [
      'unreadable calls, looked into',
      { conditions: [{ type: 'to_address_in', addresses: [shop] }], deep_inspect: true },
      { ...transfer, data: `${transfer.data}ff` },
      true,
    ],
    [
      'unreadable calls, which nothing exempts',
      { conditions: [{ type: 'always' }], skip_when: [{ to_address_in: [shop] }], deep_inspect: true },
      { ...transfer, data: `${transfer.data}ff` },
      true,
    ],
    ['actions of people', { conditions: [{ type: 'action_in', actions: ['policy.create'] }] }, pays, false],
    ['all of them', { conditions: [{ type: 'always' }, { type: 'chain_in', chains: ['polygon'] }] }, pays, false],
    ['skip_when', { conditions: [{ type: 'always' }], skip_when: [{ to_address_in: [shop] }] }, pays, false],
    ['skip_when of another', { conditions: [{ type: 'always' }], skip_when: [{ chain_in: ['polygon'] }] }, pays, true],
    ['require_when', { conditions: [{ type: 'always' }], require_when: [{ value_above: '1' }] }, pays, true],
    [
      'require_when of more',
      { conditions: [{ type: 'always' }], require_when: [{ value_above: '900000000' }] },
      pays,
      false,
    ],
  ])('%s', async (_, trigger, more, isAwaited) => {
    await using world = await consensusWorld(trigger)
    const { status } = await world.as.intents.submit({ ...world.pay, ...more })
    expect(status).toBe(isAwaited ? 'awaiting_approval' : 'broadcast')
  })
})
