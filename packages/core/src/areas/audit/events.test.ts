import { PawlError } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: who sees which events, in which order, and what of them. Method: a few known doings, then every way to ask.

async function busyWorld() {
  const world = await testPawl()
  const { id } = await world.owner.vaults.create({ name: 'prod' })
  const place = { vault_id: id, path: 'db/password' }
  await world.owner.secrets.put({ ...place, value: tagged('canary-value') })
  world.clock.advance(1_000)
  await world.owner.secrets.get(place)
  return { ...world, place }
}

const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error) => (error instanceof PawlError ? error.kind : 'crashed'),
  )

describe('the audit trail, as callers see it', () => {
  it('shows what happened newest first, in the fields of the contract (core.md A17)', async () => {
    const { owner, ownerId, org, place } = await busyWorld()
    const { events, count } = await owner.audit.events({})
    expect(count).toBe(events.length)
    expect(events.map(({ action }) => action)).toEqual(['secret.read', 'secret.write', 'vault.create'])
    expect(events[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      action: 'secret.read',
      actor_id: ownerId,
      actor_type: 'user',
      resource_type: 'secret',
      resource_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      org_id: org,
      details: { ...place, version: 1 },
      created_at: '2026-01-01T00:00:01.000Z',
    })
  })

  it('keeps its order and loses nothing over the pages of many events of one millisecond', async () => {
    const { owner, place } = await busyWorld()
    for (let at = 0; at < 23; at++) await owner.secrets.get(place)
    await Promise.all(Array.from({ length: 7 }, () => owner.secrets.list({ vault_id: place.vault_id })))
    const { events: all } = await owner.audit.events({ to: '2026-01-01T00:00:01Z' })
    expect(all.map(({ action }) => action).slice(0, 8)).toEqual([...Array(7).fill('secret.list'), 'secret.read'])
    const paged = []
    for (let offset = 0; offset < 33; offset += 5) {
      const { events, count } = await owner.audit.events({ action: 'secret.read', limit: 5, offset })
      expect(count).toBe(events.length)
      paged.push(...events)
    }
    expect(paged).toEqual(all.filter(({ action }) => action === 'secret.read'))
  })

  it('finds an event among others of its block, also where the caller may see only this one', async () => {
    const { owner, member, pawl, place } = await busyWorld()
    const { as: alice, id } = await member()
    const { secrets, vaults } = owner
    const calls = [secrets.get(place), vaults.list(), alice.vaults.list(), secrets.get(place)]
    await Promise.all(calls)
    expect((await owner.audit.events({ action: 'vault.list' })).count).toBe(2)
    expect((await owner.audit.events({ actor_id: id })).count).toBe(1)
    expect((await pawl.as({ user: id }).audit.events({})).events).toMatchObject([
      { actor_id: id, action: 'vault.list' },
    ])
  })

  it.each([
    [{ action: 'secret.write' }, 1],
    [{ action: 'secret' }, 0],
    [{ resource_type: 'secret' }, 2],
    [{ resource_type: 'vault' }, 1],
    [{ from: '2026-01-01T00:00:01Z' }, 1],
    [{ from: '1901-01-01T00:00:00Z' }, 3],
    [{ to: '1969-12-31T23:59:59Z' }, 0],
    [{ to: '2026-01-01T00:00:00Z' }, 2],
    [{ from: '2026-01-01T00:00:00.001Z', to: '2026-01-01T00:00:00.999Z' }, 0],
    [{ limit: 1 }, 1],
    [{ limit: 2, offset: 2 }, 1],
    [{ limit: 1_000_000_000 }, 3],
    [{ limit: null, offset: null, action: null }, 3],
  ])('filters by %j', async (wanted, count) => {
    const { owner } = await busyWorld()
    expect(await owner.audit.events(wanted)).toMatchObject({ count })
  })

  it('filters by vault, by actor and by resource', async () => {
    const { owner, ownerId, member, place } = await busyWorld()
    const { id } = await member()
    const { events } = await owner.audit.events({ action: 'secret.read' })
    expect(await owner.audit.events({ vault_id: place.vault_id })).toMatchObject({ count: 3 })
    expect(await owner.audit.events({ resource_id: events[0]?.resource_id ?? '' })).toMatchObject({ count: 2 })
    expect(await owner.audit.events({ actor_id: id })).toMatchObject({ count: 0 })
    expect((await owner.audit.events({ actor_id: ownerId })).count).toBeGreaterThan(3)
  })

  it.each([
    { limit: 0 },
    { limit: -1 },
    { limit: 1.5 },
    { limit: Number.NaN },
    { limit: '10' },
    { limit: [1, 999] },
    { limit: 1e12 },
    { offset: -1 },
    { from: 'yesterday' },
    { to: '2026-02-30T00:00:00Z' },
    { vault_id: '*' },
  ])('refuses %j, whatever page it would have given (A13)', async (input) => {
    const { owner } = await busyWorld()
    expect(await outcome(owner.audit.events(input as never))).toBe('invalid')
  })

  it('shows a member and an agent their own doings only, denials included', async () => {
    const { owner, member, pawl, place } = await busyWorld()
    const { as: alice, id } = await member()
    const { agent } = await owner.agents.create({ name: 'ci' })
    const bot = pawl.as({ agent: agent.id })
    await expect(alice.secrets.get(place)).rejects.toMatchObject({ kind: 'denied' })
    await expect(bot.secrets.get(place)).rejects.toMatchObject({ kind: 'denied' })
    for (const [one, actor] of [
      [alice, id],
      [bot, agent.id],
    ] as const) {
      const { events } = await one.audit.events({})
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({ actor_id: actor, action: 'secret.read', details: { outcome: 'denied' } })
    }
    expect((await owner.audit.events({ action: 'secret.read' })).count).toBe(3)
  })

  it('shows nothing of another organisation, and lets nobody else verify', async () => {
    const { otherOrg, member, ownerId, place } = await busyWorld()
    const { owner: stranger } = await otherOrg()
    expect((await stranger.audit.events({ actor_id: ownerId })).count).toBe(0)
    expect((await stranger.audit.events({ vault_id: place.vault_id })).count).toBe(0)
    expect(await outcome((await member()).as.audit.verify({}))).toBe('denied')
    expect(await outcome((await member({ role: 'admin' })).as.audit.verify({}))).toBe('answered')
  })

  it('holds no value, password or key that went through the engine (F1–F5)', async () => {
    const { owner, place } = await busyWorld()
    await owner.secrets.put({ ...place, value: tagged('canary-two') })
    await outcome(owner.secrets.put({ ...place, value: { canary: 'canary-three' } as never }))
    const { api_key } = await owner.agents.create({ name: 'ci' })
    const trail = JSON.stringify(await owner.audit.events({}))
    expect(trail).not.toMatch(/canary/)
    expect(trail).not.toContain(api_key?.reveal() ?? 'no key')
  })
})

describe('a search through a long trail', () => {
  const blocks = 1_200

  it('lets others go first, and a caller has one of them at a time (M4)', async () => {
    const world = await busyWorld()
    const { owner, place } = world
    for (let at = 0; at < blocks; at++) await owner.secrets.get(place)
    const { as: alice } = await world.member({ role: 'admin' })
    const order: string[] = []
    const search = (name: string, who = owner) =>
      who.audit.events({ action: 'nothing.like.it' }).then(({ count }) => order.push(`${name} found ${count}`))
    const read = async () => {
      for (let at = 0; at < 5; at++) await owner.secrets.get(place)
      order.push('read')
    }
    await Promise.all([search('first'), search('second'), search('other', alice), read()])
    expect(order[0]).toBe('read')
    expect(order.indexOf('first found 0')).toBeLessThan(order.indexOf('second found 0'))
    expect(order).toHaveLength(4)
    await world.close()
  })
})
