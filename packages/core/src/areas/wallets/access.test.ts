import { memoryChain } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: a person uses the wallet of another one exactly as far as its owner has said. Method: a whole engine in memory, with an EVM
// chain in memory.

const shop = '0x000000000000000000000000000000000000dEaD'
const ether = 10n ** 18n
const pay = { chain: 'base', to: shop, value: '0.5' }

async function withFriend() {
  const base = memoryChain({ name: 'base', chainId: 8_453n })
  const world = await testPawl({ chains: ({ name }) => (name === 'base' ? base : null) })
  const [ada, bob] = [await world.member(), await world.member()]
  const { wallets } = await ada.as.wallets.generate({ chains: ['ethereum'] })
  const [{ id: wallet_id = '', address = '' } = {}] = wallets
  base.fund(address, 1_000n * ether)
  const give = (more: Record<string, unknown> = {}) =>
    ada.as.wallets.createAccessPolicy({
      ...{ scope_type: 'wallet', scope_id: wallet_id, principal_type: 'user', principal_id: bob.id, can_send: true },
      ...more,
    })
  return { ...world, base, ada, bob, wallet_id, give }
}

const notFound = { code: 'wallet_not_found' }

describe('the wallet of another person', () => {
  it('is used by the person whom its owner gave access, until it is taken back', async () => {
    await using world = await withFriend()
    const { ada, bob, wallet_id } = world
    await expect(bob.as.wallets.send({ ...pay, wallet_id })).rejects.toMatchObject(notFound)
    const { id } = await world.give()
    expect((await bob.as.wallets.send({ ...pay, wallet_id })).status).toBe('broadcast')
    expect((await bob.as.wallets.balance({ chain: 'base', wallet_id })).chain).toBe('base')
    // Without the name of the wallet, it is their own, which they do not have.
    await expect(bob.as.wallets.send(pay)).rejects.toMatchObject(notFound)
    for (const refused of [
      bob.as.wallets.export({ chain: 'ethereum', wallet_id }),
      bob.as.wallets.swap({ chain: 'base', wallet_id, sell_token: 'native', buy_token: shop, sell_amount: '1' }),
      world.owner.wallets.send({ ...pay, wallet_id }),
    ]) {
      await expect(refused).rejects.toMatchObject(notFound)
    }
    await expect(bob.as.wallets.deleteAccessPolicy({ id })).rejects.toMatchObject({ code: 'access_policy_not_found' })
    await ada.as.wallets.deleteAccessPolicy({ id })
    await expect(bob.as.wallets.send({ ...pay, wallet_id })).rejects.toMatchObject(notFound)
    expect(world.base.sent).toHaveLength(1)
    // The owner sees what was paid, and the other person does not.
    const { payments } = await ada.as.wallets.payments({ chain: 'ethereum' })
    const [sent] = world.base.sent
    expect(payments).toMatchObject([{ wallet_id, chain: 'base', to: shop, tx_hash: sent?.id, token_mint: null }])
    expect(await bob.as.wallets.payments({ chain: 'ethereum' })).toEqual({ payments: [] })
  })

  it('is given by its owner only, also not by an owner of the organisation, and never to agents or apps', async () => {
    await using world = await withFriend()
    const { ada, bob, wallet_id, owner } = world
    const given = { scope_type: 'wallet', scope_id: wallet_id, principal_type: 'user' } as const
    const byOther = owner.wallets.createAccessPolicy({ ...given, principal_id: bob.id, can_send: true })
    await expect(byOther).rejects.toMatchObject({ data: { fields: { scope_id: expect.any(String) } } })
    for (const [field, wrong] of [
      ['principal_type', { principal_type: 'agent' }],
      ['can_sign', { can_sign: true }],
      ['principal_id', { principal_id: (await world.otherOrg()).ownerId }],
      ['principal_id', { principal_id: ada.id }],
      ['principal_id', { principal_type: 'role', principal_id: 'king' }],
      ['scope_type', { scope_type: 'platform_app' }],
      ['conditions', { conditions: { ip: '10.0.0.1' } }],
    ] as const) {
      await expect(world.give(wrong), field).rejects.toMatchObject({
        data: { fields: { [field]: expect.any(String) } },
      })
    }
  })

  it('pays within the limits of the policy, with one payment of many at once', async () => {
    await using world = await withFriend()
    const { ada, bob, wallet_id } = world
    await world.give({ max_value_per_tx_eth: '80', daily_limit_eth: '100', allowed_chains: ['base'] })
    const over = bob.as.wallets.send({ ...pay, value: '80.1', wallet_id })
    await expect(over).rejects.toMatchObject({ data: { rule: 'max_value_per_tx_eth' } })
    const many = Array.from({ length: 10 }, () => bob.as.wallets.send({ ...pay, value: '60.0', wallet_id }))
    const outcomes = await Promise.allSettled(many)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    // The owner is not bound by it, and what the owner pays counts.
    expect((await ada.as.wallets.send({ ...pay, value: '40.0' })).status).toBe('broadcast')
    const last = bob.as.wallets.send({ ...pay, value: '0.1', wallet_id })
    await expect(last).rejects.toMatchObject({ data: { rule: 'daily_limit_eth' } })
  })

  it('is given to a role, for a time and for some chains', async () => {
    await using world = await withFriend()
    const { bob, wallet_id } = world
    await world.give({ principal_type: 'role', principal_id: 'member', expires_at: '2026-01-01T01:00:00Z' })
    expect((await bob.as.wallets.send({ ...pay, wallet_id })).status).toBe('broadcast')
    await expect(world.owner.wallets.send({ ...pay, wallet_id })).rejects.toMatchObject(notFound)
    world.clock.advance(3_600_000)
    await expect(bob.as.wallets.send({ ...pay, wallet_id })).rejects.toMatchObject(notFound)
    await world.give({ allowed_chains: ['ethereum'] })
    await expect(bob.as.wallets.send({ ...pay, wallet_id })).rejects.toMatchObject(notFound)
  })

  it('is listed for its owner and for the person whom a policy names', async () => {
    await using world = await withFriend()
    const { ada, bob, wallet_id } = world
    const policy = await world.give()
    expect(policy).toMatchObject({
      ...{ org_id: world.org, scope_type: 'wallet', scope_id: wallet_id, principal_id: bob.id, created_by: ada.id },
      ...{ can_send: true, can_view_balance: true, can_export: false, can_swap: false, can_sign: false },
      ...{ is_active: true, expires_at: null, conditions: {} },
    })
    for (const { as } of [ada, bob]) expect(await as.wallets.listAccessPolicies({})).toEqual({ policies: [policy] })
    expect(await ada.as.wallets.listAccessPolicies({ scope_type: 'org' })).toEqual({ policies: [] })
    expect(await world.owner.wallets.listAccessPolicies({})).toEqual({ policies: [] })
  })
})
