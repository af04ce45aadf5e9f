import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: who makes router keys, and how many there are. What one is good for is tested where requests are.

async function keyWorld() {
  const world = await testPawl()
  const agent = await world.agent({ name: 'writer', shroud_enabled: true })
  const create = (given = {}) => world.owner.shroud.createRouterKey({ agent_id: agent.id, name: 'editor', ...given })
  const list = async () => (await world.owner.shroud.listRouterKeys({ agent_id: agent.id })).router_keys
  return { ...world, agent, create, list }
}

describe('a router key', () => {
  it('is shown once, and listed without its text', async () => {
    const { create, list, agent } = await keyWorld()
    const { key, ...made } = await create({ provider: 'openai', spend_cap_usd: 2.5, max_concurrent_streams: 3 })
    expect(key.reveal()).toMatch(/^sk-shroud-v1-[A-Za-z0-9_-]{43}$/)
    expect(made).toEqual({
      ...{ id: expect.any(String), agent_id: agent.id, name: 'editor', key_prefix: key.reveal().slice(0, 17) },
      ...{ provider: 'openai', spend_cap_usd: 2.5, max_concurrent_streams: 3, spent_usd: 0 },
      created_at: '2026-01-01T00:00:00.000Z',
    })
    expect(await list()).toEqual([made])
  })

  it('is one of at most 20, also of those that are made at once', async () => {
    const { create, list, owner, agent, clock } = await keyWorld()
    const made = await Promise.allSettled(Array.from({ length: 24 }, () => create()))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    await expect(create()).rejects.toMatchObject({ code: 'router_keys_max' })
    const [first] = await list()
    await owner.shroud.revokeRouterKey({ agent_id: agent.id, key_id: first?.id ?? '' })
    await create({ expires_at: '2026-01-01T01:00:00Z' })
    await expect(create()).rejects.toMatchObject({ code: 'router_keys_max' })
    clock.advance(3_600_000)
    await create()
    expect(await list()).toHaveLength(20)
  })

  it('is made by the humans who run the agent, and ends with it', async () => {
    const { create, owner, agent, member, otherOrg, storedKinds } = await keyWorld()
    const { id: key_id } = await create()
    const place = { agent_id: agent.id, key_id }
    const strangers = [(await member()).as, (await otherOrg()).owner]
    for (const as of strangers) {
      await expect(as.shroud.revokeRouterKey(place)).rejects.toMatchObject({ code: 'agent_not_found' })
    }
    const own = agent.as.shroud.createRouterKey({ agent_id: agent.id, name: 'mine' })
    await expect(own).rejects.toMatchObject({ kind: 'denied' })
    await owner.agents.delete({ agent_id: agent.id })
    expect(storedKinds().routerKey ?? 0).toBe(0)
  })
})
