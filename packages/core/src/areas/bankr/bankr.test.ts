import { MoneyServiceFailed } from '@pawl/core/ports'
import { fakeMoney } from '@pawl/testkit/fakes'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: a leased key is seen once by the person who leased it, and ends with what allowed it. Method: a whole engine in memory, with a
// fake of Bankr that knows which keys are valid.

const partner_key = 'bk_ptr_hunter2'

async function withConfig(options: WorldOptions = {}) {
  const money = fakeMoney()
  const world = await testPawl({ moneyServices: money.services, ...options })
  const { id: agent_id, as: agent } = await world.agent({ name: 'trader' })
  await world.owner.bankr.setConfig({ partner_key, default_wallet_id: 'wlt_main' })
  const settled = async () => {
    while ((await world.pawl.runJobs()) > 0);
  }
  return { ...world, newAgent: world.agent, money, agent_id, agent, settled }
}

describe('the partner key', () => {
  it('is never shown, and only owners and admins set it', async () => {
    await using world = await withConfig()
    const member = await world.member()
    expect(await member.as.bankr.getConfig()).toEqual({
      ...{ configured: true, partner_key_prefix: 'bk_ptr_hunt', default_wallet_id: 'wlt_main' },
      ...{ updated_at: '2026-01-01T00:00:00.000Z', using_platform_fallback: false },
    })
    await expect(member.as.bankr.setConfig({ partner_key })).rejects.toMatchObject({ kind: 'denied' })
    await expect(member.as.bankr.deleteConfig()).rejects.toMatchObject({ kind: 'denied' })
    await expect(world.owner.bankr.setConfig({ partner_key: 'sk_live' })).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('is needed for a lease, and so is the service', async () => {
    await using world = await withConfig()
    await world.owner.bankr.deleteConfig()
    const { agent_id } = world
    await expect(world.owner.bankr.lease({ agent_id })).rejects.toMatchObject({ code: 'partner_key_missing' })
    await using bare = await testPawl({ moneyServices: {} })
    await expect(bare.owner.bankr.setConfig({ partner_key })).rejects.toMatchObject({
      data: { service: 'bankr', setting: 'PAWL_MONEY_SERVICES' },
    })
  })
})

describe('a lease', () => {
  it('asks for what the person wanted, shows the key once, and tells no event of it', async () => {
    await using world = await withConfig()
    const { owner, agent_id, money } = world
    const { lease_id, api_key, ...shown } = await owner.bankr.lease({ agent_id, ttl_seconds: 600 })
    expect(shown).toEqual({ wallet_id: 'wlt_main', expires_at: '2026-01-01T00:10:00.000Z' })
    expect(money.asked.leases).toEqual([
      {
        ...{ partnerKey: partner_key, walletId: 'wlt_main', ttlSeconds: 600 },
        permissions: { llmGateway: true, agentApi: false, readOnly: true },
      },
    ])
    const { leases } = await world.agent.bankr.list({ agent_id: 'me' })
    expect(leases).toMatchObject([{ id: lease_id, bankr_key_id: 'key-1' }])
    const { events } = await owner.audit.events({})
    expect(events.map(({ action }) => action)).toContain('bankr_key.leased')
    for (const secret of [api_key.reveal(), partner_key]) expect(JSON.stringify([events, leases])).not.toContain(secret)
  })

  it('is given to people who manage the agent only', async () => {
    await using world = await withConfig()
    const { agent, agent_id } = world
    const member = await world.member()
    await expect(agent.bankr.lease({ agent_id })).rejects.toMatchObject({ kind: 'denied' })
    await expect(member.as.bankr.lease({ agent_id })).rejects.toMatchObject({ kind: 'not_found' })
    expect(world.money.asked.leases).toEqual([])
  })

  it('is one of at most five, also when they are asked for at once, and a failure takes no place', async () => {
    await using world = await withConfig()
    const { owner, agent_id, money } = world
    money.failWith = new MoneyServiceFailed('no')
    await expect(owner.bankr.lease({ agent_id })).rejects.toMatchObject({ code: 'service_failed' })
    money.failWith = null
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => owner.bankr.lease({ agent_id })))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(money.leased.size).toBe(5)
  })

  it.each([
    ['it is revoked', ({ owner, agent_id }, lease_id) => owner.bankr.revoke({ agent_id, lease_id })],
    ['its agent is deleted', ({ owner, agent_id }) => owner.agents.delete({ agent_id })],
    ['its agent is disabled', ({ owner, agent_id }) => owner.agents.update({ agent_id, is_active: false })],
    ['the partner key is deleted', ({ owner }) => owner.bankr.deleteConfig()],
    ['the partner key is replaced', ({ owner }) => owner.bankr.setConfig({ partner_key: 'bk_ptr_other' })],
  ] satisfies [string, (world: Awaited<ReturnType<typeof withConfig>>, lease_id: string) => Promise<unknown>][])(
    'ends at Bankr when %s',
    async (_, end) => {
      await using world = await withConfig()
      const { lease_id } = await world.owner.bankr.lease({ agent_id: world.agent_id })
      expect(world.money.leased.size).toBe(1)
      await end(world, lease_id)
      await world.settled()
      expect(world.money.leased.size).toBe(0)
      expect(world.storedKinds()).not.toMatchObject({ bankrLease: expect.any(Number) })
    },
  )

  it('is not listed after its time, and makes room for another', async () => {
    await using world = await withConfig()
    const { owner, agent_id } = world
    for (let at = 0; at < 5; at++) await owner.bankr.lease({ agent_id, ttl_seconds: 60 })
    await expect(owner.bankr.lease({ agent_id })).rejects.toMatchObject({ code: 'leases_full' })
    world.clock.advance(60_000)
    expect(await owner.bankr.list({ agent_id })).toEqual({ leases: [] })
    expect(await owner.bankr.lease({ agent_id })).toMatchObject({ wallet_id: 'wlt_main' })
  })

  it('of another agent is not found', async () => {
    await using world = await withConfig()
    const { lease_id } = await world.owner.bankr.lease({ agent_id: world.agent_id })
    const other = await world.newAgent({ name: 'other' })
    const refused = world.owner.bankr.revoke({ agent_id: other.id, lease_id })
    await expect(refused).rejects.toMatchObject({ code: 'lease_not_found' })
  })
})
