import type { Agent } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: what core.md §8 says of agents and of who runs them, as callers see it. Method: a whole engine in memory.

const code = (code: string) => expect.objectContaining({ code })
const invalid = (field: string) =>
  expect.objectContaining({ code: 'invalid_input', data: { fields: { [field]: expect.any(String) } } })
const nobody = '00000000-0000-4000-8000-000000000000'

async function withVault(world: World) {
  const { id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id: id, path: 'db/password', value: tagged('hunter2') })
  return { id, place: { vault_id: id, path: 'db/password' } }
}

describe('making', () => {
  it('answers with what was asked for, two public keys, and nothing that is at its default (§1.3, §8.4)', async () => {
    await using world = await testPawl()
    const { agent, api_key } = await world.owner.agents.create({ name: ' ci ' })
    expect(agent).toEqual({
      id: expect.any(String),
      name: 'ci',
      description: '',
      auth_method: 'api_key',
      scopes: [],
      is_active: true,
      intents_api_enabled: false,
      shroud_enabled: false,
      vault_ids: [],
      ssh_public_key: expect.any(String),
      ecdh_public_key: expect.any(String),
      created_at: '2026-01-01T00:00:00.000Z',
    })
    expect(api_key?.reveal()).toMatch(/^ocv_[\w-]{43}$/)
    expect(await world.owner.agents.get({ agent_id: agent.id })).toEqual(agent)
    expect(await world.owner.agents.list()).toEqual({ agents: [agent] })
  })

  it('shows the key here and never again, and keeps it out of the trail (§8.5, F1)', async () => {
    await using world = await testPawl()
    const { agent, api_key } = await world.owner.agents.create({ name: 'ci' })
    const shown = [
      await world.owner.agents.get({ agent_id: agent.id }),
      await world.owner.agents.list(),
      await world.pawl.as({ agent: agent.id }).agents.me(),
      await world.owner.audit.events({}),
    ]
    expect(JSON.stringify(shown)).not.toContain(api_key?.reveal().slice(12))
  })

  it('takes null for a field as that field left out (§1.1.10)', async () => {
    await using world = await testPawl()
    const fields = { description: null, scopes: null, expires_at: null, vault_ids: null, environment: null }
    const settings = { shroud_enabled: null, tx_max_value: null, card_require_approval: null, oidc_issuer: null }
    const { agent } = await world.owner.agents.create({ name: 'ci', ...fields, ...settings, auth_method: null })
    expect(agent).toEqual({ ...(await world.owner.agents.create({ name: 'ci' })).agent, ...unlike(agent) })
  })

  it.each([
    ['mtls', 'client_cert_fingerprint', { client_cert_fingerprint: 'ab:cd' }],
    ['oidc_client_credentials', 'oidc_client_id', { oidc_issuer: 'https://id.example.com', oidc_client_id: 'x' }],
  ] as const)(
    'of an %s agent gives an ID and no key, and asks for no more than its name (§3.11, S6)',
    async (auth_method, field, known) => {
      await using world = await testPawl()
      const wanted = { name: 'ci', auth_method }
      for (const less of [{}, { ...known, [field]: null }]) {
        const made = await world.owner.agents.create({ ...wanted, ...less })
        expect(made).toEqual({ agent: expect.objectContaining({ id: expect.any(String), auth_method }) })
      }
      const ends = { api_key_expires_at: '2027-01-01T00:00:00Z' }
      await expect(world.owner.agents.create({ ...wanted, ...known, ...ends })).rejects.toEqual(
        invalid('api_key_expires_at'),
      )
      const { agent, api_key } = await world.owner.agents.create({ ...wanted, ...known })
      expect(api_key).toBeUndefined()
      expect(agent).toMatchObject({ auth_method, ...known })
      await expect(world.owner.agents.rotateKey({ agent_id: agent.id })).rejects.toEqual(code('agent_has_no_key'))
      await expect(world.owner.agents.update({ agent_id: agent.id, ...ends })).rejects.toEqual(
        invalid('api_key_expires_at'),
      )
    },
  )

  it('binds to vaults of this organisation only, and says so by the field (§8.5)', async () => {
    await using world = await testPawl()
    const { id } = await withVault(world)
    const { owner } = await world.otherOrg()
    const foreign = await owner.vaults.create({ name: 'theirs' })
    for (const vault_ids of [[nobody], [id, foreign.id]]) {
      await expect(world.owner.agents.create({ name: 'ci', vault_ids })).rejects.toEqual(invalid('vault_ids'))
    }
    const { agent } = await world.owner.agents.create({ name: 'ci', vault_ids: [id, id] })
    expect(agent.vault_ids).toEqual([id])
    await expect(world.owner.agents.update({ agent_id: agent.id, vault_ids: [id, foreign.id] })).rejects.toEqual(
      invalid('vault_ids'),
    )
  })

  it('refuses ends that are over', async () => {
    await using world = await testPawl()
    for (const field of ['expires_at', 'api_key_expires_at'] as const) {
      const ended = { [field]: '2026-01-01T00:00:00Z' }
      await expect(world.owner.agents.create({ name: 'ci', ...ended })).rejects.toEqual(invalid(field))
    }
  })

  it('gives no two agents one id, and names need not differ (D14)', async () => {
    await using world = await testPawl()
    const made = [await world.agent({ name: 'ci' }), await world.agent({ name: 'ci' })]
    expect(new Set(made.map(({ id }) => id)).size).toBe(2)
  })
})

/** Of two agents that were made alike, what differs. */
function unlike({ id, ssh_public_key, ecdh_public_key }: Agent) {
  return { id, ssh_public_key, ecdh_public_key }
}

describe('changing', () => {
  it('takes effect on callers at once: scopes, binding, and reading keys (§3.13)', async () => {
    await using world = await testPawl()
    const { id, place } = await withVault(world)
    const other = await world.owner.vaults.create({ name: 'other' })
    const agent = await world.agent({ vault: id })
    const change = (fields: object) => world.owner.agents.update({ agent_id: agent.id, ...fields })
    const reads = () =>
      agent.as.secrets.get(place).then(
        () => true,
        () => false,
      )
    expect(await reads()).toBe(true)
    await change({ scopes: ['app/**'] })
    expect(await reads()).toBe(false)
    await change({ scopes: ['db/*'] })
    expect(await reads()).toBe(true)
    await change({ vault_ids: [other.id] })
    expect(await reads()).toBe(false)
    await change({ vault_ids: [], scopes: null })
    expect(await reads()).toBe(true)
  })

  it('moves an agent out of a locked environment only after the lock was lifted (§8.3)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent({ environment: 'production', environment_locked: true })
    const change = (fields: object) => world.owner.agents.update({ agent_id: id, ...fields })
    for (const environment of ['preview', null]) {
      await expect(change({ environment })).rejects.toEqual(invalid('environment'))
      await expect(change({ environment, environment_locked: false })).rejects.toEqual(invalid('environment'))
    }
    expect(await change({ environment: 'production' })).toMatchObject({ environment_locked: true })
    await change({ environment_locked: false })
    expect(await change({ environment: 'preview' })).toMatchObject({ environment: 'preview' })
  })

  it('keeps a binding to a vault that was deleted, so that nothing widens by itself (§8.5)', async () => {
    await using world = await testPawl()
    const { id } = await withVault(world)
    const gone = await world.owner.vaults.create({ name: 'gone' })
    const agent = await world.agent({ vault_ids: [gone.id], policies: [{ vault_id: id, pattern: '**' }] })
    await world.owner.vaults.delete({ vault_id: gone.id })
    expect(await agent.as.vaults.list()).toEqual({ vaults: [] })
    const { vault_ids } = await world.owner.agents.update({ agent_id: agent.id, vault_ids: [gone.id, id] })
    expect(vault_ids).toEqual([gone.id, id])
  })

  it('leaves alone what is nobody’s to set: ids, organisation, creator, epoch, times (D8)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    const before = await world.owner.agents.get({ agent_id: id })
    const forged = { id: nobody, org: nobody, org_id: nobody, created_by: nobody, createdBy: nobody, epoch: 7 }
    const more = { created_at: '2020-01-01T00:00:00Z', last_active_at: null, auth_method: 'mtls', role: 'owner' }
    await world.owner.agents.update(Object.assign({ agent_id: id }, forged, more))
    expect(await world.owner.agents.get({ agent_id: id })).toEqual(before)
    const { created_by, org_id } = await world.pawl.as({ agent: id }).agents.me()
    expect({ created_by, org_id }).toEqual({ created_by: world.ownerId, org_id: world.org })
  })

  it('names in the trail which fields were named, and tells of a deactivation by itself (§11.2)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    await world.owner.agents.update({ agent_id: id, is_active: false, name: 'old' })
    const [event] = (await world.owner.audit.events({ action: 'agent.update' })).events
    expect(event).toMatchObject({ resource_id: id, details: { fields: ['is_active', 'name'] } })
    expect((await world.owner.audit.events({ action: 'agent.deactivate' })).events).toMatchObject([{ resource_id: id }])
  })
})

describe('an agent', () => {
  it('finds out who it is, and finds itself alone (§8.1, App. C)', async () => {
    await using world = await testPawl()
    await world.agent({ name: 'other' })
    const agent = await world.agent({ name: 'ci', description: 'builds', shroud_enabled: true })
    expect(await agent.as.agents.me()).toEqual({
      id: agent.id,
      name: 'ci',
      description: 'builds',
      org_id: world.org,
      scopes: [],
      is_active: true,
      intents_api_enabled: false,
      created_by: world.ownerId,
      created_at: '2026-01-01T00:00:00.000Z',
      ssh_public_key: expect.any(String),
      ecdh_public_key: expect.any(String),
      shroud_enabled: true,
    })
    expect((await agent.as.agents.list()).agents.map(({ id }) => id)).toEqual([agent.id])
    expect((await agent.as.agents.get({ agent_id: agent.id })).id).toBe(agent.id)
  })

  it('gets one answer for another agent and for none (D15)', async () => {
    await using world = await testPawl()
    const agent = await world.agent()
    const other = await world.agent()
    const answers = [other.id, nobody].map((agent_id) => agent.as.agents.get({ agent_id }).catch((error) => error))
    const [first, second] = await Promise.all(answers)
    expect(first).toEqual(code('agent_not_found'))
    expect(first.message).toBe(second.message)
  })

  it('changes nothing: no agent, not itself, not its key (§19, D8, B21)', async () => {
    await using world = await testPawl()
    const { id, as, key } = await world.agent()
    const other = await world.agent()
    for (const { agents } of [as, world.pawl.as(key)]) {
      const tries = [
        agents.create({ name: 'child' }),
        agents.update({ agent_id: other.id, name: 'theirs' }),
        agents.update({ agent_id: id, tx_max_value: null }),
        agents.delete({ agent_id: id }),
        agents.rotateKey({ agent_id: id }),
        agents.rotateIdentityKeys({ agent_id: id }),
        agents.batchDelete({ agent_ids: [id] }),
        agents.agentKeysVault(),
      ]
      for (const attempt of tries) await expect(attempt).rejects.toEqual(code('denied'))
    }
    await expect(world.owner.agents.me()).rejects.toEqual(code('denied'))
  })

  it('gains nothing by a name that looks like a pattern or like a role (A6)', async () => {
    await using world = await testPawl()
    const { id, place } = await withVault(world)
    const agent = await world.agent({ policies: [{ vault_id: id, pattern: 'agents/ci/*' }] })
    for (const name of ['*', '**', 'db/**', '{{agent.name}}', 'owner', 'ci/../../db']) {
      await world.owner.agents.update({ agent_id: agent.id, name })
      await expect(agent.as.secrets.get(place)).rejects.toEqual(code('denied'))
    }
  })

  it('is noted when it is here, to the hour, and no read waits for that or stores it (§8.5)', async () => {
    await using world = await testPawl()
    const { id, as, key } = await world.agent()
    const lastActive = async () => (await world.owner.agents.get({ agent_id: id })).last_active_at
    const at = (minutes: number) => world.clock.advance(minutes * 60_000)
    await as.agents.me()
    expect(await lastActive()).toBeUndefined()
    at(1)
    await world.pawl.runJobs()
    expect(await lastActive()).toBe('2026-01-01T00:00:00.000Z')
    await world.pawl.as(key).vaults.list()
    at(1)
    await world.pawl.runJobs()
    expect(await lastActive()).toBe('2026-01-01T00:00:00.000Z')
    at(60)
    await as.agents.me()
    at(1)
    await world.pawl.runJobs()
    expect(await lastActive()).toBe('2026-01-01T01:02:00.000Z')
  })
})

describe('people', () => {
  it('who ask what an agent may do do not make it active', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.policies.explain({ vault_id, principal_type: 'agent', principal_id: id, path: 'a' })
    await world.owner.policies.reach({ vault_id, principal_type: 'agent', principal_id: id })
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    expect((await world.owner.agents.get({ agent_id: id })).last_active_at).toBeUndefined()
  })

  it('run the agents they made; owners and admins run all (§8.5)', async () => {
    await using world = await testPawl()
    const member = await world.member()
    const admin = await world.member({ role: 'admin' })
    const owners = await world.agent()
    const { agent: own } = await member.as.agents.create({ name: 'mine' })
    expect((await member.as.agents.list()).agents.map(({ id }) => id)).toEqual([own.id])
    expect((await admin.as.agents.list()).agents.map(({ id }) => id).sort()).toEqual([owners.id, own.id].sort())
    await member.as.agents.update({ agent_id: own.id, name: 'still mine' })
    await admin.as.agents.update({ agent_id: own.id, name: 'seen by an admin' })
    await admin.as.agents.delete({ agent_id: owners.id })
    await member.as.agents.delete({ agent_id: own.id })
  })

  it('get not found for agents that are not theirs, and change nothing of them (D4)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent()
    const before = await world.owner.agents.get({ agent_id: id })
    for (const { agents } of [(await world.member()).as, (await world.otherOrg()).owner]) {
      const tries = [
        agents.get({ agent_id: id }),
        agents.update({ agent_id: id, name: 'stolen' }),
        agents.delete({ agent_id: id }),
        agents.rotateKey({ agent_id: id }),
        agents.rotateIdentityKeys({ agent_id: id }),
      ]
      for (const attempt of tries) await expect(attempt).rejects.toEqual(code('agent_not_found'))
      expect(await agents.batchDelete({ agent_ids: [id] })).toMatchObject({ deleted: 0, failed: 1 })
    }
    expect(await world.owner.agents.get({ agent_id: id })).toEqual(before)
  })

  it('give an agent no more than they have: what it may do are policies, and those need the vault (D5, D7)', async () => {
    await using world = await testPawl()
    const { id, place } = await withVault(world)
    const member = await world.member()
    const { agent } = await member.as.agents.create({ name: 'mine', scopes: ['**'], vault_ids: [id] })
    await expect(world.pawl.as({ agent: agent.id }).secrets.get(place)).rejects.toEqual(code('denied'))
    const grant = { principal_type: 'agent', principal_id: agent.id, permissions: ['read' as const] } as const
    await expect(
      member.as.policies.create({ vault_id: id, secret_path_pattern: '**', ...grant, permissions: ['read'] }),
    ).rejects.toEqual(code('vault_not_found'))
  })
})

describe('deleting', () => {
  it('is for good: key, tokens, policies and place are gone at once, the trail stays (§8.5, C9, D14)', async () => {
    await using world = await testPawl()
    const { id, place } = await withVault(world)
    const agent = await world.agent({ vault: id })
    const { access_token } = await world.pawl.as({}).auth.agentToken({ api_key: agent.key })
    const token = world.pawl.as(access_token.reveal())
    await token.secrets.get(place)
    await world.owner.agents.delete({ agent_id: agent.id })
    for (const caller of [agent.as, world.pawl.as(agent.key), token]) {
      await expect(caller.secrets.get(place)).rejects.toEqual(code('not_authenticated'))
    }
    await expect(world.owner.agents.get({ agent_id: agent.id })).rejects.toEqual(code('agent_not_found'))
    await expect(world.owner.agents.delete({ agent_id: agent.id })).rejects.toEqual(code('agent_not_found'))
    expect(await world.owner.policies.list({ vault_id: id })).toEqual({ policies: [] })
    const { events } = await world.owner.audit.events({ actor_id: agent.id })
    expect(events.map(({ action }) => action)).toContain('secret.read')
    await expect(
      world.owner.policies.create({
        vault_id: id,
        secret_path_pattern: '**',
        principal_type: 'agent',
        principal_id: agent.id,
        permissions: ['read'],
      }),
    ).rejects.toEqual(invalid('principal_id'))
  })

  it('leaves nothing of the agent in the store but its deleted secrets', async () => {
    await using world = await testPawl()
    const { id } = await withVault(world)
    const before = world.storedKinds()
    const agent = await world.agent({ vault: id })
    await world.owner.agents.rotateKey({ agent_id: agent.id, overlap_seconds: 60 })
    await world.owner.agents.delete({ agent_id: agent.id })
    const after = world.storedKinds()
    for (const kind of ['agent', 'apiKey', 'directory', 'policy', 'job']) expect(after[kind], kind).toBe(before[kind])
  })

  it('is finished by a job when it was cut off: the agent is gone at once, its policies later (C8)', async () => {
    let jobs = 0
    let isBroken = false
    // The second time that a job is stored is when it is claimed.
    const onCommit = (kind: string) => {
      if (isBroken && kind === 'job' && ++jobs > 1) throw new Error('the store is gone')
    }
    await using world = await testPawl({ onCommit })
    const { id, place } = await withVault(world)
    const agent = await world.agent({ vault: id })
    isBroken = true
    await world.owner.agents.delete({ agent_id: agent.id })
    await expect(agent.as.secrets.get(place)).rejects.toEqual(code('not_authenticated'))
    expect((await world.owner.policies.list({ vault_id: id })).policies).toHaveLength(1)
    isBroken = false
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    expect((await world.owner.policies.list({ vault_id: id })).policies).toHaveLength(0)
  })

  it('does not give its grants to the next agent of that name (D14)', async () => {
    await using world = await testPawl()
    const { id, place } = await withVault(world)
    const first = await world.agent({ name: 'ci', vault: id })
    await world.owner.agents.delete({ agent_id: first.id })
    const second = await world.agent({ name: 'ci' })
    await expect(second.as.secrets.get(place)).rejects.toEqual(code('denied'))
  })

  it('takes more policies away than fit into one batch', async () => {
    await using world = await testPawl()
    const { id } = await withVault(world)
    const kept = await world.agent({ vault: id })
    const policies = Array.from({ length: 120 }, (_, at) => ({ vault_id: id, pattern: `team${at}/**` }))
    const agent = await world.agent({ policies })
    await world.owner.agents.delete({ agent_id: agent.id })
    const left = (await world.owner.policies.list({ vault_id: id })).policies
    expect(left.map(({ principal_id }) => principal_id)).toEqual([kept.id])
  })

  it('deletes several, tells each apart in the trail, and names those it left (§8.1)', async () => {
    await using world = await testPawl()
    const { id } = await withVault(world)
    const agents = [await world.agent({ vault: id }), await world.agent(), await world.agent()]
    const ids = agents.map((agent) => agent.id)
    const [first = '', second = '', third = ''] = ids
    const result = await world.owner.agents.batchDelete({ agent_ids: [first, second, nobody, first] })
    expect(result).toEqual({
      deleted: 2,
      failed: 1,
      errors: [{ id: nobody, reason: 'The agent does not exist, or you cannot access it.' }],
    })
    expect((await world.owner.agents.list()).agents.map((agent) => agent.id)).toEqual([third])
    expect(await world.owner.policies.list({ vault_id: id })).toEqual({ policies: [] })
    const { events } = await world.owner.audit.events({ action: 'agent.delete' })
    expect(events.map((event) => event.resource_id).sort()).toEqual([first, second].sort())
    expect(events.every((event) => event.actor_id === world.ownerId)).toBe(true)
    for (const agent_ids of [[], Array.from({ length: 501 }, () => nobody)]) {
      await expect(world.owner.agents.batchDelete({ agent_ids })).rejects.toEqual(invalid('agent_ids'))
    }
  })
})

describe('M21: who acts as an agent', () => {
  it('is an admin with a new key of it, or its private keys, and the trail shows how they got it', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id, path: 'db/main', value: tagged('hunter2') })
    const bot = await world.agent({ vault: vault_id })
    const admin = await world.member({ role: 'admin' })
    const member = await world.member()
    for (const as of [member.as, bot.as]) await expect(as.agents.rotateKey({ agent_id: bot.id })).rejects.toThrow()
    await admin.as.agents.update({ agent_id: bot.id, scopes: ['db/**'] })
    const { api_key } = await admin.as.agents.rotateKey({ agent_id: bot.id })
    const { value } = await world.pawl.as(api_key.reveal()).secrets.get({ vault_id, path: 'db/main' })
    expect(value.reveal()).toBe(tagged('hunter2'))
    const keys = await admin.as.agents.agentKeysVault({})
    await admin.as.secrets.get({ vault_id: keys.vault_id, path: `agents/${bot.id}/ssh/private_key` })

    const { events } = await world.owner.audit.events({})
    const seen = events.map(({ action, actor_id, details }) => ({ action, actor_id, details }))
    expect(seen).toEqual(
      expect.arrayContaining([
        { action: 'agent.update', actor_id: admin.id, details: expect.objectContaining({ fields: ['scopes'] }) },
        expect.objectContaining({ action: 'agent.rotate_key', actor_id: admin.id }),
        expect.objectContaining({ action: 'secret.read', actor_id: bot.id }),
        {
          action: 'secret.read',
          actor_id: admin.id,
          details: expect.objectContaining({ path: `agents/${bot.id}/ssh/private_key` }),
        },
      ]),
    )
    const { events: ofAgent } = await world.owner.audit.events({ resource_type: 'agent', resource_id: bot.id })
    expect(ofAgent.map(({ action }) => action)).toEqual(expect.arrayContaining(['agent.rotate_key', 'agent.update']))
  })

  it('is also the user who created it, and no other member', async () => {
    await using world = await testPawl()
    const [ann, bob] = [await world.member(), await world.member()]
    const { agent } = await ann.as.agents.create({ name: 'of ann' })
    const { api_key } = await ann.as.agents.rotateKey({ agent_id: agent.id })
    expect((await world.pawl.as(api_key.reveal()).agents.me({})).id).toBe(agent.id)
    await expect(bob.as.agents.rotateKey({ agent_id: agent.id })).rejects.toEqual(code('agent_not_found'))
    const keys = await ann.as.agents.agentKeysVault({})
    const own = { vault_id: keys.vault_id, path: `agents/${agent.id}/ssh/private_key` }
    await expect(ann.as.secrets.get(own)).rejects.toEqual(code('denied'))
  })
})
