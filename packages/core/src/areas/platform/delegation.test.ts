import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: a platform app does for a user what the user allows, from the moment of a yes to that of a no, and never reads what
// it made for the user. Method: a whole engine in memory; each call is tried before the yes, with it, and after the no.

const denied = expect.objectContaining({ kind: 'denied' })
const notFound = expect.objectContaining({ kind: 'not_found' })
const allScopes = [
  'vaults:read',
  'vaults:write',
  'agents:read',
  'agents:write',
  'secrets:read',
  'secrets:write',
] as const

async function connected() {
  const world = await testPawl()
  const { id: app_id, api_key } = await world.owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi' })
  const key = api_key.reveal()
  const app = world.pawl.as(key)
  const { connection_id, user_handle } = await app.platform.upsertUser({ email: 'user@example.com' })
  const { summary } = await app.platform.bootstrap({ connection_id })
  const user = world.pawl.as({ user: user_handle })
  const { id: own } = await user.vaults.create({ name: 'own' })
  await user.secrets.put({ vault_id: own, path: 'keys/one', value: tagged('v1') })
  await user.secrets.put({ vault_id: own, path: 'other/one', value: tagged('v2') })
  const made = { vault: summary.vault_id ?? '', agent: summary.agent_id ?? '' }
  await user.secrets.put({ vault_id: made.vault, path: 'keys/one', value: tagged('v3') })
  return {
    ...{ world, app_id, key, app, connection_id, user_handle, user, own, made },
    acting: world.pawl.as({ bearer: key, platformConnection: connection_id }),
    allow: (...delegation_scopes: (typeof allScopes)[number][]) =>
      user.platform.updateDelegation({ connection_id, delegation_enabled: true, delegation_scopes }),
  }
}

describe('a platform app', () => {
  it('does nothing for a user by its key alone, nor before the user says yes', async () => {
    const { app, acting, own, made, key, world } = await connected()
    for (const as of [
      app,
      acting,
      world.pawl.as({ bearer: key, platformConnection: '00000000-0000-4000-8000-000000000000' }),
    ]) {
      for (const call of [
        () => as.vaults.list(),
        () => as.secrets.get({ vault_id: own, path: 'keys/one' }),
        () => as.secrets.put({ vault_id: made.vault, path: 'a', value: tagged('v') }),
        () => as.agents.list(),
      ]) {
        await expect(call()).rejects.toEqual(denied)
      }
    }
  })

  it('does what the delegated scopes say and no more, with what it made', async () => {
    const { acting, made, allow } = await connected()
    await allow('vaults:read')
    expect((await acting.vaults.list()).vaults.map(({ id }) => id)).toEqual([made.vault])
    await expect(acting.agents.list()).rejects.toEqual(denied)
    await allow('agents:read', 'secrets:write')
    await expect(acting.vaults.list()).rejects.toEqual(denied)
    expect((await acting.agents.list()).agents.map(({ id }) => id)).toEqual([made.agent])
    await acting.secrets.put({ vault_id: made.vault, path: 'config/url', value: tagged('https://example.com') })
  })

  it('never reads what it made, whatever was delegated and granted', async () => {
    const { acting, made, allow, user, connection_id } = await connected()
    await allow(...allScopes)
    await user.platform.grant({ connection_id, vault_ids: [made.vault], permissions: ['read', 'write'] })
    const at = { vault_id: made.vault, path: 'keys/one' }
    await expect(acting.secrets.get(at)).rejects.toEqual(denied)
    await expect(acting.secrets.getVersion({ ...at, version: 1 })).rejects.toEqual(denied)
    await expect(acting.secrets.listVersions(at)).rejects.toEqual(denied)
    expect((await acting.secrets.list({ vault_id: made.vault })).secrets).toEqual([])
  })

  it('cannot get at it by a detour either: no policy, no key, no share, no looser agent', async () => {
    const { acting, made, allow, own } = await connected()
    await allow(...allScopes)
    const stranger = await acting.agents.create({ name: 'helper' })
    const policy = { principal_type: 'agent', principal_id: stranger.agent.id, secret_path_pattern: '**' } as const
    for (const call of [
      () => acting.policies.create({ ...policy, vault_id: made.vault, permissions: ['read'] }),
      () => acting.policies.create({ ...policy, vault_id: own, permissions: ['read'] }),
      () => acting.agents.rotateKey({ agent_id: made.agent }),
      () => acting.agents.update({ agent_id: made.agent, scopes: [] }),
      () => acting.agents.update({ agent_id: stranger.agent.id, vault_ids: [own] }),
      () => acting.agents.delete({ agent_id: made.agent }),
      () => acting.vaults.delete({ vault_id: made.vault }),
      () =>
        acting.sharing.createByPath({
          vault_id: made.vault,
          secret_path: 'keys/one',
          recipient_type: 'anyone_with_link',
        }),
      () => acting.auth.createApiKey({ name: 'x' }),
      () => acting.auth.refresh(),
      () => acting.auth.me(),
      () => acting.platform.grant({ connection_id: '', vault_ids: [own] }),
    ]) {
      await expect(call()).rejects.toEqual(denied)
    }
    await acting.agents.update({ agent_id: made.agent, is_active: false })
  })

  it('owns nothing: what it makes for the user is theirs, and within its reach', async () => {
    const { acting, allow, user, user_handle } = await connected()
    await allow('vaults:write', 'vaults:read', 'agents:write')
    const { id } = await acting.vaults.create({ name: 'more' })
    const { agent } = await acting.agents.create({ name: 'more' })
    expect(await user.vaults.get({ vault_id: id })).toMatchObject({ created_by: user_handle, platform_locked: true })
    expect(await user.agents.get({ agent_id: agent.id })).toMatchObject({ platform_locked: true })
    expect((await acting.vaults.list()).vaults.map((vault) => vault.id)).toContain(id)
  })

  it('cannot delegate to itself, by whatever it sends', async () => {
    const { app, acting, connection_id, own } = await connected()
    for (const as of [app, acting]) {
      const yes = { connection_id, delegation_enabled: true, delegation_scopes: [...allScopes] }
      await expect(as.platform.updateDelegation(yes)).rejects.toEqual(denied)
      await expect(as.platform.grant({ connection_id, vault_ids: [own] })).rejects.toEqual(denied)
    }
  })
})

describe('a grant', () => {
  it('opens the paths and permissions that it names, until it is revoked', async () => {
    const { acting, allow, user, connection_id, own } = await connected()
    await allow('secrets:read', 'secrets:write')
    const read = () => acting.secrets.get({ vault_id: own, path: 'keys/one' })
    await expect(read()).rejects.toEqual(denied)
    const { grants } = await user.platform.grant({ connection_id, vault_ids: [own], allowed_paths: ['keys/*'] })
    expect((await read()).value.reveal()).toBe(tagged('v1'))
    expect((await acting.secrets.listVersions({ vault_id: own, path: 'keys/one' })).versions).toHaveLength(1)
    await expect(acting.secrets.get({ vault_id: own, path: 'other/one' })).rejects.toEqual(denied)
    for (const call of [
      () => acting.secrets.put({ vault_id: own, path: 'keys/one', value: tagged('v') }),
      () => acting.secrets.delete({ vault_id: own, path: 'keys/one' }),
      () => acting.secrets.rotate({ vault_id: own, path: 'keys/one' }),
      () => acting.secrets.disableVersion({ vault_id: own, path: 'keys/one', version: 1 }),
    ]) {
      await expect(call()).rejects.toEqual(denied)
    }
    await user.platform.revokeGrant({ connection_id, grant_id: grants[0]?.id ?? '' })
    await expect(read()).rejects.toEqual(denied)
    await expect(user.platform.revokeGrant({ connection_id, grant_id: grants[0]?.id ?? '' })).rejects.toEqual(notFound)
  })

  it('ends when it says, and with the delegation', async () => {
    const { acting, allow, user, connection_id, own, world } = await connected()
    await allow('secrets:read')
    await user.platform.grant({ connection_id, vault_ids: [own], expires_at: '2026-01-01T01:00:00Z' })
    const read = () => acting.secrets.get({ vault_id: own, path: 'keys/one' })
    await read()
    world.clock.advance(60 * 60_000)
    await expect(read()).rejects.toEqual(denied)
    expect((await user.platform.listGrants({ connection_id })).grants).toEqual([])
    await user.platform.grant({ connection_id, vault_ids: [own] })
    await read()
    await user.platform.updateDelegation({ connection_id, delegation_enabled: false })
    await expect(read()).rejects.toEqual(denied)
  })

  it('D5: passes on only what is the user’s own', async () => {
    const { user, connection_id, world } = await connected()
    const foreign = await world.owner.vaults.create({ name: 'foreign' })
    const me = (await user.auth.me()).id
    const policy = {
      vault_id: foreign.id,
      principal_type: 'user',
      principal_id: me,
      secret_path_pattern: '**',
    } as const
    await world.owner.policies.create({ ...policy, permissions: ['read', 'write'] })
    await expect(user.platform.grant({ connection_id, vault_ids: [foreign.id] })).rejects.toEqual(denied)
    const agent = await world.agent()
    await expect(user.platform.grant({ connection_id, agent_ids: [agent.id] })).rejects.toEqual(denied)
    await expect(user.platform.grant({ connection_id })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('D4: is no business of another user, not even of an admin', async () => {
    const { user, connection_id, own, world } = await connected()
    const { grants } = await user.platform.grant({ connection_id, vault_ids: [own] })
    const grant_id = grants[0]?.id ?? ''
    const other = (await world.member({ role: 'admin' })).as
    for (const call of [
      () => other.platform.grant({ connection_id, vault_ids: [own] }),
      () => other.platform.revokeGrant({ connection_id, grant_id }),
      () => other.platform.updateDelegation({ connection_id, delegation_enabled: true }),
      () => other.platform.disconnect({ connection_id }),
    ]) {
      await expect(call()).rejects.toEqual(notFound)
    }
  })

  it('of an agent shows the agent to the app, and is revoked by its ID', async () => {
    const { acting, allow, user, connection_id } = await connected()
    await allow('agents:read')
    const { agent } = await user.agents.create({ name: 'mine' })
    const seen = async () => (await acting.agents.list()).agents.map(({ id }) => id)
    expect(await seen()).not.toContain(agent.id)
    await user.platform.grant({ connection_id, agent_ids: [agent.id] })
    expect(await seen()).toContain(agent.id)
    await user.platform.revokeGrant({ connection_id, grant_id: agent.id })
    expect(await seen()).not.toContain(agent.id)
  })

  it('is one, of 50 alike at once, so that revoking it leaves none', async () => {
    const { acting, allow, user, connection_id, own, app_id, app } = await connected()
    await allow('secrets:read')
    const give = () => user.platform.grant({ connection_id, vault_ids: [own], allowed_paths: ['keys/*', 'a/*'] })
    const given = await Promise.all(Array.from({ length: 50 }, give))
    expect(new Set(given.map(({ grants }) => grants[0]?.id)).size).toBe(1)
    const again = { connection_id, vault_ids: [own], allowed_paths: ['a/*', 'keys/*'] }
    const { grants } = await user.platform.grant(again)
    expect((await user.platform.listGrants({ connection_id })).grants).toEqual(grants)
    expect((await app.platform.appStats({ app_id })).total_grants).toBe(1)
    const { events } = await app.platform.listEvents({ app_id })
    expect(events.filter(({ action }) => action === 'platform.grant.created')).toHaveLength(1)
    await acting.secrets.get({ vault_id: own, path: 'keys/one' })
    await user.platform.revokeGrant({ connection_id, grant_id: grants[0]?.id ?? '' })
    await expect(acting.secrets.get({ vault_id: own, path: 'keys/one' })).rejects.toEqual(denied)
  })

  it('that has ended takes no room', async () => {
    const { user, connection_id, own, world, app, app_id } = await connected()
    const names = Array.from({ length: 50 }, (_, index) => `vault ${index}`)
    const vault_ids = (await Promise.all(names.map((name) => user.vaults.create({ name })))).map(({ id }) => id)
    const expires_at = '2026-01-01T00:01:00Z'
    const give = (path: string) => user.platform.grant({ connection_id, vault_ids, allowed_paths: [path], expires_at })
    for (const path of ['a', 'b', 'c', 'd']) await give(path)
    await expect(give('e')).rejects.toMatchObject({ code: 'platform_grants_exceeded' })
    world.clock.advance(60_000)
    await user.platform.grant({ connection_id, vault_ids: [own] })
    expect((await app.platform.appStats({ app_id })).total_grants).toBe(1)
  })

  it('is revoked once, of 50 tries at once', async () => {
    const { user, connection_id, own, app_id, app } = await connected()
    const { grants } = await user.platform.grant({ connection_id, vault_ids: [own] })
    const grant_id = grants[0]?.id ?? ''
    const tries = Array.from({ length: 50 }, () => user.platform.revokeGrant({ connection_id, grant_id }))
    expect((await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await app.platform.appStats({ app_id })).total_grants).toBe(0)
  })
})

describe('a user who disconnects', () => {
  it('ends grants, delegation and claims at once, keeps what was made, and is asked before they are connected again', async () => {
    const { app, acting, allow, user, connection_id, own, made, app_id } = await connected()
    await allow(...allScopes)
    await user.platform.grant({ connection_id, vault_ids: [own] })
    await user.platform.disconnect({ connection_id })
    await expect(acting.vaults.list()).rejects.toEqual(denied)
    for (const call of [
      () => app.platform.reissueClaim({ connection_id }),
      () => app.platform.listGrants({ connection_id }),
      () => app.platform.bootstrap({ connection_id }),
      () => user.platform.disconnect({ connection_id }),
    ]) {
      await expect(call()).rejects.toEqual(notFound)
    }
    expect((await user.vaults.get({ vault_id: made.vault })).id).toBe(made.vault)
    expect((await user.platform.listConnectedApps()).apps).toEqual([])
    expect(await app.platform.appStats({ app_id })).toMatchObject({ total_connections: 0, total_grants: 0 })
    await expect(app.platform.upsertUser({ email: 'user@example.com' })).rejects.toMatchObject({
      data: { link_required: { reason: 'user_disconnected' } },
    })
  })
})

describe('the trail', () => {
  it('tells the user what the app did for them and what it was refused, and the app what happened to it', async () => {
    const { acting, allow, user, app, app_id, connection_id, made } = await connected()
    await allow('vaults:read')
    await acting.vaults.get({ vault_id: made.vault })
    await expect(acting.agents.list()).rejects.toEqual(denied)
    const { entries, total } = await user.platform.delegationLog({ connection_id })
    expect(total).toBe(2)
    expect(entries).toEqual([
      expect.objectContaining({ action: 'agent.list', success: false, error: 'denied', scope: 'agents:read' }),
      expect.objectContaining({
        action: 'vault.read',
        success: true,
        resource_id: made.vault,
        platform_app_id: app_id,
      }),
    ])
    expect((await app.platform.delegationLog({ connection_id })).entries).toHaveLength(2)
    const { events } = await app.platform.listEvents({ app_id })
    const actions = events.map(({ action }) => action)
    for (const action of ['platform.app_created', 'platform.user.connected', 'platform.bootstrap.completed']) {
      expect(actions).toContain(action)
    }
  })
})

describe('what an app made', () => {
  it('is closed to the owner of the organisation, who runs the app: no key, no policy, no private key of an agent', async () => {
    const { world, made } = await connected()
    const { owner } = world
    const keys = (await owner.vaults.list()).vaults.find(({ name }) => name === '__agent-keys')
    for (const call of [
      () => owner.secrets.get({ vault_id: made.vault, path: 'keys/one' }),
      () => owner.agents.rotateKey({ agent_id: made.agent }),
      () => owner.agents.update({ agent_id: made.agent, intents_api_enabled: false }),
      () => owner.secrets.get({ vault_id: keys?.id ?? '', path: `agents/${made.agent}/ssh/private_key` }),
      () =>
        owner.policies.create({
          ...{ vault_id: made.vault, principal_type: 'user', principal_id: world.ownerId },
          ...{ secret_path_pattern: '**', permissions: ['read'] },
        }),
    ]) {
      await expect(call()).rejects.toEqual(denied)
    }
    const { deleted, failed } = await owner.agents.batchDelete({ agent_ids: [made.agent] })
    expect([deleted, failed]).toEqual([0, 1])
    await owner.agents.update({ agent_id: made.agent, is_active: false })
  })

  it('goes with its user, so that no successor opens it', async () => {
    const { world, made, user_handle } = await connected()
    await world.owner.orgs.removeMember({ user_id: user_handle })
    await world.pawl.runJobs()
    await expect(world.owner.vaults.get({ vault_id: made.vault })).rejects.toEqual(notFound)
    await expect(world.owner.agents.get({ agent_id: made.agent })).rejects.toEqual(notFound)
    expect((await world.owner.vaults.list()).vaults.map(({ name }) => name)).toContain('own')
    const { events } = await world.owner.audit.events({ action: 'vault.delete' })
    expect(events).toMatchObject([{ actor_type: 'system', resource_type: 'vault', resource_id: made.vault }])
  })

  it('stays closed to an owner when its agent is removed, and goes with its user', async () => {
    const { world, made, user_handle } = await connected()
    const { owner, pawl } = world
    const agent = pawl.as({ agent: made.agent })
    const { id: vault_id } = await agent.vaults.create({ name: 'of the agent' })
    await agent.secrets.put({ vault_id, path: 'a', value: tagged('x') })
    await owner.agents.delete({ agent_id: made.agent })
    expect(await pawl.as({ user: user_handle }).vaults.get({ vault_id })).toMatchObject({ platform_locked: true })
    await expect(owner.secrets.get({ vault_id, path: 'a' })).rejects.toEqual(denied)
    await owner.orgs.removeMember({ user_id: user_handle })
    await pawl.runJobs()
    await expect(owner.vaults.get({ vault_id })).rejects.toEqual(notFound)
  })

  it('goes with its user, as does what its agents made', async () => {
    const { world, made, user_handle } = await connected()
    const { id: vault_id } = await world.pawl.as({ agent: made.agent }).vaults.create({ name: 'of the agent' })
    await world.owner.orgs.removeMember({ user_id: user_handle })
    await world.pawl.runJobs()
    await expect(world.owner.vaults.get({ vault_id })).rejects.toEqual(notFound)
  })
})
