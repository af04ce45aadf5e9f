import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: who belongs to an organisation, who says so, and that somebody always can (core.md 12). Method: a whole engine.

const denied = expect.objectContaining({ kind: 'denied' })
const notFound = expect.objectContaining({ code: 'member_not_found' })
const lastOwner = expect.objectContaining({ code: 'last_owner', kind: 'conflict' })
const roles = ['owner', 'admin', 'member'] as const

async function roleOf(world: World, id: string) {
  const { members } = await world.owner.orgs.listMembers()
  return members.find((one) => one.id === id)?.role
}

describe('the members of an organisation', () => {
  it('are listed oldest first, for every one of them, and no other organisation is in it', async () => {
    await using world = await testPawl()
    world.clock.advance(1_000)
    const { id, as } = await world.member()
    await world.otherOrg()
    const { members } = await as.orgs.listMembers()
    expect(members.map((one) => one.id)).toEqual([world.ownerId, id])
    expect(members[1]).toEqual({
      id,
      email: 'member-1@example.com',
      display_name: '',
      role: 'member',
      auth_method: 'password',
      created_at: '2026-01-01T00:00:01.000Z',
    })
  })

  it('are nobody’s business but humans’', async () => {
    await using world = await testPawl()
    const { as: agent } = await world.agent()
    await expect(agent.orgs.listMembers()).rejects.toEqual(denied)
    await expect(agent.orgs.addMember({ email: 'x@example.com' })).rejects.toEqual(denied)
    await expect(agent.orgs.setRole({ user_id: world.ownerId, role: 'member' })).rejects.toEqual(denied)
    await expect(agent.orgs.removeMember({ user_id: world.ownerId })).rejects.toEqual(denied)
  })
})

describe('a stolen session of an owner', () => {
  const email = 'ada@example.com'
  const password = tagged('Correct-Horse-7')
  const needed = { code: 'confirmation_needed', kind: 'denied' }

  const stolen = async () => {
    const world = await testPawl()
    await world.owner.orgs.addMember({ email, password, role: 'owner' })
    const { access_token } = await world.pawl.as({}).auth.token({ email, password })
    const ada = world.pawl.as(access_token.reveal())
    await ada.orgs.addMember({ email: 'at-once@example.com', role: 'admin' })
    world.clock.advance(5 * 60_000)
    return { world, ada }
  }

  it.each(['admin', 'owner'] as const)(
    'makes nobody an %s without a proof, five minutes after the sign-in',
    async (role) => {
      const { world, ada } = await stolen()
      await using _ = world
      const { id: user_id } = await world.member()
      const thief = { email: 'thief@example.com', role }
      const calls = [
        (proof: object) => ada.orgs.addMember({ ...thief, password: tagged('Battery-Staple-8'), ...proof }),
        (proof: object) => ada.orgs.invite({ ...thief, email: 'invited@example.com', ...proof }),
        (proof: object) => ada.orgs.setRole({ user_id, role, ...proof }),
      ]
      for (const call of calls) {
        await expect(call({})).rejects.toMatchObject(needed)
        await expect(call({ auth_confirm: tagged('Wrong-Horse-7') })).rejects.toMatchObject({
          code: 'confirmation_wrong',
        })
      }
      expect((await world.owner.orgs.listMembers()).members).toHaveLength(4)
      expect(await roleOf(world, user_id)).toBe('member')
      for (const call of calls) await call({ auth_confirm: password })
      expect(await roleOf(world, user_id)).toBe(role)
    },
  )

  it('is enough for a member and for a lower role', async () => {
    const { world, ada } = await stolen()
    await using _ = world
    const { id: user_id } = await world.member({ role: 'owner' })
    await ada.orgs.addMember({ email: 'one@example.com' })
    await ada.orgs.invite({ email: 'two@example.com', role: 'member' })
    for (const role of ['owner', 'admin', 'member'] as const) await ada.orgs.setRole({ user_id, role })
    await expect(ada.orgs.setRole({ user_id, role: 'admin' })).rejects.toMatchObject(needed)
  })

  it('and a personal API key make nobody an admin without a proof', async () => {
    const { world, ada } = await stolen()
    await using _ = world
    const { api_key } = await ada.auth.createApiKey({ name: 'bot' })
    const bot = world.pawl.as(api_key.reveal())
    await expect(bot.orgs.addMember({ email: 'x@example.com', role: 'admin' })).rejects.toMatchObject(needed)
    await bot.orgs.addMember({ email: 'x@example.com', role: 'admin', auth_confirm: password })
  })
})

describe('adding a member', () => {
  it('lets them in at once, with the password they were given, as a member unless it says more', async () => {
    await using world = await testPawl()
    const password = tagged('Correct-Horse-7')
    const member = await world.owner.orgs.addMember({ email: ' Ada@Example.com ', password, display_name: ' Ada ' })
    expect(member).toMatchObject({ email: 'ada@example.com', display_name: 'Ada', role: 'member' })
    const { access_token } = await world.pawl.as({}).auth.token({ email: 'ada@example.com', password })
    expect(await world.pawl.as(access_token.reveal()).auth.me()).toMatchObject({
      id: member.id,
      org_id: world.org,
      email_verified: false,
    })
  })

  it('gives one address to one account, in whatever spelling and whatever organisation', async () => {
    await using world = await testPawl()
    const { owner: stranger } = await world.otherOrg()
    await world.owner.orgs.addMember({ email: 'ada@example.com' })
    for (const email of ['ada@example.com', 'ADA@EXAMPLE.COM', ' ada@example.com', 'owner@example.com']) {
      for (const owner of [world.owner, stranger]) {
        await expect(owner.orgs.addMember({ email })).rejects.toMatchObject({ code: 'email_taken', kind: 'conflict' })
      }
    }
  })

  it('gives it to exactly one of many who ask at once', async () => {
    await using world = await testPawl()
    const asked = Array.from({ length: 8 }, () => world.owner.orgs.addMember({ email: 'ada@example.com' }))
    const outcomes = await Promise.allSettled(asked)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await world.owner.orgs.listMembers()).members).toHaveLength(2)
  })

  it('takes neither a weak password nor what is no address', async () => {
    await using world = await testPawl()
    const bad = [
      { email: 'ada@example.com', password: 'weak' },
      { email: 'ada' },
      { email: 'a b@example.com' },
      { email: '@' },
      { email: '' },
      { email: `${'a'.repeat(320)}@example.com` },
    ]
    for (const input of bad) await expect(world.owner.orgs.addMember(input)).rejects.toMatchObject({ kind: 'invalid' })
    await expect(world.owner.orgs.addMember({ email: 'x@y.z', role: 'root' } as never)).rejects.toMatchObject({
      kind: 'invalid',
    })
  })

  it('is for owners and admins, and never to a role above one’s own (D6)', async () => {
    await using world = await testPawl()
    const may = { owner: ['owner', 'admin', 'member'], admin: ['admin', 'member'], member: [] as string[] }
    for (const caller of roles) {
      const { as } = await world.member({ role: caller })
      for (const role of roles) {
        const adding = as.orgs.addMember({ email: `${caller}-makes-${role}@example.com`, role })
        if (may[caller].includes(role)) await expect(adding).resolves.toMatchObject({ role })
        else await expect(adding).rejects.toEqual(denied)
      }
    }
  })
})

describe('changing a role', () => {
  it('follows one table: who, from what, to what (D6)', async () => {
    for (const caller of roles) {
      for (const from of roles) {
        for (const to of roles) {
          await using world = await testPawl()
          const { as } = await world.member({ role: caller })
          const { id } = await world.member({ role: from })
          const change = as.orgs.setRole({ user_id: id, role: to })
          const touchesOwner = from === 'owner' || to === 'owner'
          const allowed = caller === 'owner' || (caller === 'admin' && !touchesOwner)
          if (allowed) await expect(change, `${caller}: ${from} to ${to}`).resolves.toMatchObject({ id, role: to })
          else await expect(change, `${caller}: ${from} to ${to}`).rejects.toEqual(denied)
          expect(await roleOf(world, id)).toBe(allowed ? to : from)
        }
      }
    }
  })

  it('counts at once, for tokens that are out too (8.3.2)', async () => {
    await using world = await testPawl()
    const { id, as } = await world.member({ role: 'admin' })
    const bearer = (await as.auth.refresh()).access_token.reveal()
    await world.pawl.as(bearer).orgs.addMember({ email: 'one@example.com' })
    await world.owner.orgs.setRole({ user_id: id, role: 'member' })
    await expect(world.pawl.as(bearer).orgs.addMember({ email: 'two@example.com' })).rejects.toEqual(denied)
  })

  it('is not done through one’s own profile: a role there is ignored (D8)', async () => {
    await using world = await testPawl()
    const { id, as } = await world.member()
    const input = { display_name: 'Ada', role: 'owner', org_id: world.org, email_verified: true, epoch: 7 }
    expect(await as.auth.updateMe(input)).toMatchObject({ display_name: 'Ada', role: 'member', email_verified: false })
    expect(await roleOf(world, id)).toBe('member')
  })

  it('leaves the last owner an owner, themselves included', async () => {
    await using world = await testPawl()
    const demote = { user_id: world.ownerId, role: 'admin' } as const
    await expect(world.owner.orgs.setRole(demote)).rejects.toEqual(lastOwner)
    await expect(world.owner.orgs.setRole({ ...demote, role: 'owner' })).resolves.toMatchObject({ role: 'owner' })
    const { id } = await world.member({ role: 'owner' })
    await expect(world.owner.orgs.setRole(demote)).resolves.toMatchObject({ role: 'admin' })
    await expect(world.pawl.as({ user: id }).orgs.setRole({ user_id: id, role: 'member' })).rejects.toEqual(lastOwner)
  })

  it('leaves one owner when two unmake each other at the same moment', async () => {
    await using world = await testPawl()
    for (let round = 0; round < 5; round++) {
      const { id, as } = await world.member({ role: 'owner' })
      const outcomes = await Promise.allSettled([
        world.owner.orgs.setRole({ user_id: id, role: 'admin' }),
        as.orgs.setRole({ user_id: world.ownerId, role: 'admin' }),
      ])
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const { members } = await as.orgs.listMembers()
      expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1)
      if ((await roleOf(world, world.ownerId)) !== 'owner') {
        await as.orgs.setRole({ user_id: world.ownerId, role: 'owner' })
        await world.owner.orgs.setRole({ user_id: id, role: 'admin' })
      }
    }
  })

  it('leaves one owner when two step down at the same moment', async () => {
    await using world = await testPawl()
    const { id, as } = await world.member({ role: 'owner' })
    const outcomes = await Promise.allSettled([
      world.owner.orgs.setRole({ user_id: world.ownerId, role: 'member' }),
      as.orgs.setRole({ user_id: id, role: 'member' }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is refused to an admin who is one no more, be it by a moment', async () => {
    await using world = await testPawl()
    const [one, two] = [await world.member({ role: 'admin' }), await world.member({ role: 'admin' })]
    const outcomes = await Promise.allSettled([
      one.as.orgs.setRole({ user_id: two.id, role: 'member' }),
      two.as.orgs.setRole({ user_id: one.id, role: 'member' }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('reaches nobody in another organisation', async () => {
    await using world = await testPawl()
    const { ownerId, owner } = await world.otherOrg()
    await expect(world.owner.orgs.setRole({ user_id: ownerId, role: 'member' })).rejects.toEqual(notFound)
    await expect(world.owner.orgs.removeMember({ user_id: ownerId })).rejects.toEqual(notFound)
    expect(await owner.auth.me()).toMatchObject({ role: 'owner' })
  })
})

describe('removing a member', () => {
  it('ends everything they had at once: tokens, keys, policies, their place in this process (D2)', async () => {
    await using world = await testPawl()
    const { id, as } = await world.member()
    const vault_id = (await world.owner.vaults.create({ name: 'prod' })).id
    await world.owner.secrets.put({ vault_id, path: 'db', value: tagged('hunter2') })
    const grant = { vault_id, principal_type: 'user', principal_id: id, secret_path_pattern: '**' } as const
    await world.owner.policies.create({ ...grant, permissions: ['read'] })
    const key = (await as.auth.createApiKey({ name: 'laptop' })).api_key.reveal()
    const token = (await as.auth.refresh()).access_token.reveal()
    const exchanged = (await world.pawl.as({}).auth.apiKeyToken({ api_key: key })).access_token.reveal()
    const read = (who: Parameters<World['pawl']['as']>[0]) => world.pawl.as(who).secrets.get({ vault_id, path: 'db' })
    for (const who of [{ user: id }, key, token, exchanged]) await expect(read(who)).resolves.toBeDefined()
    expect(await world.owner.orgs.removeMember({ user_id: id })).toBeUndefined()
    for (const who of [{ user: id }, key, token, exchanged]) {
      await expect(read(who)).rejects.toMatchObject({ kind: 'unauthenticated' })
    }
    await expect(world.pawl.as({}).auth.apiKeyToken({ api_key: key })).rejects.toMatchObject({ code: 'invalid_key' })
    expect((await world.owner.policies.list({ vault_id })).policies).toEqual([])
    expect(await roleOf(world, id)).toBeUndefined()
  })

  it('leaves nothing of them in the store, and the agents and vaults they made', async () => {
    await using world = await testPawl()
    const before = world.storedKinds()
    const { id, as } = await world.member()
    for (let count = 0; count < 60; count++) await as.auth.createApiKey({ name: `key ${count}` })
    const { email } = await as.auth.me()
    await expect(world.pawl.as({}).auth.token({ email, password: 'no' })).rejects.toBeDefined()
    await world.owner.orgs.removeMember({ user_id: id })
    const after = world.storedKinds()
    for (const kind of ['user', 'directory', 'apiKey', 'passwordFailures', 'job']) {
      expect(after[kind] ?? 0, kind).toBe(before[kind] ?? 0)
    }
    const other = await world.member()
    const agent = await other.as.agents.create({ name: 'ci' })
    const vault = await other.as.vaults.create({ name: 'theirs' })
    await world.owner.orgs.removeMember({ user_id: other.id })
    await expect(world.owner.agents.get({ agent_id: agent.agent.id })).resolves.toBeDefined()
    await expect(world.owner.vaults.get({ vault_id: vault.id })).resolves.toBeDefined()
  })

  it('frees their address, for somebody who is somebody else', async () => {
    await using world = await testPawl()
    const first = await world.owner.orgs.addMember({ email: 'ada@example.com' })
    await world.owner.orgs.removeMember({ user_id: first.id })
    const second = await world.owner.orgs.addMember({ email: 'ada@example.com' })
    expect(second.id).not.toBe(first.id)
  })

  it('is not for oneself, not for members, and of an owner only for owners', async () => {
    await using world = await testPawl()
    const { id: memberId, as: member } = await world.member()
    const { id: adminId, as: admin } = await world.member({ role: 'admin' })
    await expect(world.owner.orgs.removeMember({ user_id: world.ownerId })).rejects.toEqual(denied)
    await expect(admin.orgs.removeMember({ user_id: adminId })).rejects.toEqual(denied)
    await expect(admin.orgs.removeMember({ user_id: world.ownerId })).rejects.toEqual(denied)
    await expect(member.orgs.removeMember({ user_id: adminId })).rejects.toEqual(denied)
    await expect(admin.orgs.removeMember({ user_id: memberId })).resolves.toBeUndefined()
    await expect(admin.orgs.removeMember({ user_id: memberId })).rejects.toEqual(notFound)
  })

  it('leaves one owner when two remove each other at the same moment', async () => {
    await using world = await testPawl()
    const { id, as } = await world.member({ role: 'owner' })
    const outcomes = await Promise.allSettled([
      world.owner.orgs.removeMember({ user_id: id }),
      as.orgs.removeMember({ user_id: world.ownerId }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('tells the trail, as changes of roles do', async () => {
    await using world = await testPawl()
    const { id } = await world.member()
    await world.owner.orgs.setRole({ user_id: id, role: 'admin' })
    await world.owner.orgs.removeMember({ user_id: id })
    const { events } = await world.owner.audit.events({ resource_id: id })
    expect(events).toMatchObject([
      { action: 'member.remove', actor_id: world.ownerId },
      { action: 'member.role_change', details: { role: 'admin' } },
      { action: 'member.add', details: { role: 'member' } },
    ])
  })
})

describe('another organisation', () => {
  it('has an owner of its own, who sees nothing of the first', async () => {
    await using world = await testPawl()
    await world.owner.vaults.create({ name: 'prod' })
    const { org, ownerId, owner } = await world.otherOrg()
    expect(await owner.auth.me()).toMatchObject({ id: ownerId, org_id: org, role: 'owner', email_verified: true })
    expect(org).not.toBe(world.org)
    expect(await owner.vaults.list()).toEqual({ vaults: [] })
    expect((await owner.orgs.listMembers()).members).toHaveLength(1)
  })

  it('is not made for an address that signs in already, and leaves nothing then', async () => {
    await using world = await testPawl()
    const before = world.storedKinds()
    for (const email of ['owner@example.com', 'OWNER@example.com ']) {
      await expect(world.pawl.addOrg({ email })).rejects.toMatchObject({ code: 'email_taken' })
    }
    await expect(world.pawl.addOrg({ email: 'no address' })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(world.pawl.addOrg({ email: 'a@b.c', password: 'weak' })).rejects.toMatchObject({ kind: 'invalid' })
    expect(world.storedKinds()).toEqual(before)
  })

  it('is made as often as asked, the first one only once', async () => {
    await using world = await testPawl()
    const again = await world.pawl.firstOwner({ email: 'somebody@else.example' })
    expect(again).toEqual({ user: world.ownerId, org: world.org, created: false })
    const [one, two] = [await world.otherOrg(), await world.otherOrg()]
    expect(new Set([world.org, one.org, two.org]).size).toBe(3)
  })
})
