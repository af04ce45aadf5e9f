import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../../../tools/test-run/characters.ts'
import { tries } from '../../../../../tools/test-run/index.ts'
import { fromBase64url, fromUtf8 } from '../../kernel/bytes.ts'
import { day, hour, minute, second } from '../../kernel/time.ts'
import type { Claims } from './tokens.ts'

// Goal: a key lets in whom it was given to, until it ends, and no further than they may go. Method: a whole engine.

const refused = expect.objectContaining({ code: 'not_authenticated', kind: 'unauthenticated' })
const invalidKey = expect.objectContaining({ code: 'invalid_key', kind: 'unauthenticated' })
const nobodysKey = `ocv_${'A'.repeat(43)}`

function exchange(world: World, api_key: string) {
  return world.pawl.as({}).auth.apiKeyToken({ api_key })
}

function exchangeAgent(world: World, input: { api_key: string; agent_id?: string }) {
  return world.pawl.as({}).auth.agentToken(input)
}

function claimsOf(text: string): Claims {
  return JSON.parse(fromUtf8(fromBase64url(text.split('.')[1] ?? '') ?? new Uint8Array(0)))
}

async function newKey(world: World, who = world.ownerId, wanted: { scopes?: string[]; expires_at?: string } = {}) {
  const { key, api_key } = await world.pawl.as({ user: who }).auth.createApiKey({ name: 'laptop', ...wanted })
  return { id: key.id, text: api_key.reveal(), key }
}

const inMs = (world: World, milliseconds: number) => new Date(world.clock.now() + milliseconds).toISOString()

describe('a personal API key (3.7)', () => {
  it('is shown once, has 256 random bits, and is listed by its beginning only', async () => {
    await using world = await testPawl()
    const { text, key } = await newKey(world)
    expect(text).toMatch(/^1ck_[A-Za-z0-9_-]{43}$/)
    expect(key).toEqual({
      id: expect.any(String),
      name: 'laptop',
      key_prefix: text.slice(0, 12),
      scopes: [],
      is_active: true,
      created_at: '2026-01-01T00:00:00.000Z',
    })
    const listed = await world.owner.auth.listApiKeys()
    expect(listed).toEqual({ keys: [key] })
    expect(JSON.stringify(listed)).not.toContain(text.slice(12))
  })

  it('is a bearer by itself, for everything its user may do', async () => {
    await using world = await testPawl()
    const { text } = await newKey(world)
    expect(await world.pawl.as(text).auth.me()).toMatchObject({ id: world.ownerId })
  })

  it('proves no password to a policy that asks for one, nor does a token that was exchanged for it (M12)', async () => {
    await using world = await testPawl()
    const member = { email: 'member@example.com', password: tagged('Correct-Horse-7') }
    const { id } = await world.owner.orgs.addMember(member)
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id, path: 'a', value: tagged('x') })
    const grant = { vault_id, secret_path_pattern: '**', permissions: ['read' as const] }
    const attribute_conditions = { auth_method: 'password' }
    await world.owner.policies.create({ ...grant, principal_type: 'user', principal_id: id, attribute_conditions })
    const read = (bearer: string) => world.pawl.as(bearer).secrets.get({ vault_id, path: 'a' })
    const { text } = await newKey(world, id)
    for (const bearer of [text, (await exchange(world, text)).access_token.reveal()]) {
      await expect(read(bearer)).rejects.toMatchObject({ kind: 'denied' })
    }
    await read((await world.pawl.as({}).auth.token(member)).access_token.reveal())
  })

  it('opens nothing when any character of it is another', async () => {
    await using world = await testPawl()
    const { text } = await newKey(world)
    for (let at = 0; at < text.length; at++) {
      const other = text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1)
      await expect(world.pawl.as(other).auth.me()).rejects.toEqual(refused)
      await expect(exchange(world, other)).rejects.toEqual(invalidKey)
    }
  })

  it('tells to the hour when it was used last', async () => {
    await using world = await testPawl()
    const { id, text } = await newKey(world)
    const lastUsed = async () => {
      const { keys } = await world.owner.auth.listApiKeys()
      return keys.find((one) => one.id === id)?.last_used_at
    }
    const use = async () => {
      await world.pawl.as(text).auth.me()
      await world.owner.vaults.list()
      return lastUsed()
    }
    expect(await lastUsed()).toBeUndefined()
    expect(await use()).toBe('2026-01-01T00:00:00.000Z')
    world.clock.advance(hour - 1)
    expect(await use()).toBe('2026-01-01T00:00:00.000Z')
    world.clock.advance(1)
    expect(await use()).toBe('2026-01-01T01:00:00.000Z')
  })

  it('ends at its time, to the millisecond, and everything exchanged for it with it (C2)', async () => {
    await using world = await testPawl()
    const { text } = await newKey(world, world.ownerId, { expires_at: inMs(world, 10 * minute) })
    const { access_token, expires_in } = await exchange(world, text)
    expect(expires_in).toBe(600)
    const bearers = [text, access_token.reveal()]
    world.clock.advance(10 * minute - 1)
    for (const bearer of bearers) await expect(world.pawl.as(bearer).auth.me()).resolves.toBeDefined()
    world.clock.advance(1)
    for (const bearer of bearers) await expect(world.pawl.as(bearer).auth.me()).rejects.toEqual(refused)
    await expect(exchange(world, text)).rejects.toEqual(invalidKey)
  })

  it('that has ended before it began is not made', async () => {
    await using world = await testPawl()
    for (const ms of [0, -second]) {
      await expect(newKey(world, world.ownerId, { expires_at: inMs(world, ms) })).rejects.toMatchObject({
        data: { fields: { expires_at: 'must be in the future' } },
      })
    }
  })

  it('is revoked at once, with everything that was exchanged for it, and stays in the list', async () => {
    await using world = await testPawl()
    const { id, text } = await newKey(world)
    const first = (await exchange(world, text)).access_token.reveal()
    const refreshed = (await world.pawl.as(first).auth.refresh()).access_token.reveal()
    const other = await newKey(world)
    await world.owner.auth.revokeApiKey({ key_id: id })
    for (const bearer of [text, first, refreshed]) {
      await expect(world.pawl.as(bearer).auth.me()).rejects.toEqual(refused)
    }
    await expect(exchange(world, text)).rejects.toEqual(invalidKey)
    await expect(world.pawl.as(other.text).auth.me()).resolves.toBeDefined()
    const { keys } = await world.owner.auth.listApiKeys()
    expect(keys.map(({ is_active }) => is_active).sort()).toEqual([false, true])
  })

  it('is for its user alone to see and to revoke, and for everybody else not there (C5)', async () => {
    await using world = await testPawl()
    const { id, text } = await newKey(world)
    const { as: member } = await world.member({ role: 'admin' })
    const { owner: stranger } = await world.otherOrg()
    for (const other of [member, stranger]) {
      expect(await other.auth.listApiKeys()).toEqual({ keys: [] })
      await expect(other.auth.revokeApiKey({ key_id: id })).rejects.toMatchObject({ code: 'api_key_not_found' })
    }
    await expect(world.pawl.as(text).auth.me()).resolves.toBeDefined()
  })

  it('is made for whoever asks, whoever the request names (B10)', async () => {
    await using world = await testPawl()
    const { id, as } = await world.member()
    const named = { name: 'x', userId: world.ownerId, user_id: world.ownerId, principal: { kind: 'user' } }
    const { api_key } = await as.auth.createApiKey(named)
    expect(await world.pawl.as(api_key.reveal()).auth.me()).toMatchObject({ id, role: 'member' })
    await expect(world.pawl.as({}).auth.createApiKey(named)).rejects.toEqual(refused)
  })

  it('of an agent there is none: agents make no keys', async () => {
    await using world = await testPawl()
    const { key } = await world.agent()
    await expect(world.pawl.as(key).auth.createApiKey({ name: 'x' })).rejects.toMatchObject({ kind: 'denied' })
    await expect(world.pawl.as(key).auth.me()).rejects.toMatchObject({ kind: 'denied' })
  })
})

describe('a token that makes a key', () => {
  const email = 'ada@example.com'
  const password = 'Correct-Horse-7'
  const withToken = async () => {
    const world = await testPawl()
    await world.owner.orgs.addMember({ email, password })
    const { access_token } = await world.pawl.as({}).auth.token({ email, password })
    return { world, auth: world.pawl.as(access_token.reveal()).auth }
  }

  it('makes none that outlives its session, however often it is refreshed (M18)', async () => {
    const { world, auth } = await withToken()
    await using _ = world
    const end = inMs(world, day)
    world.clock.advance(10 * minute)
    const refreshed = (await auth.refresh()).access_token.reveal()
    for (const by of [auth, world.pawl.as(refreshed).auth]) {
      for (const wanted of [{}, { expires_at: inMs(world, 9 * day) }]) {
        expect((await by.createApiKey({ name: 'x', ...wanted })).key.expires_at).toBe(end)
      }
    }
    const { api_key } = await auth.createApiKey({ name: 'x' })
    expect((await world.pawl.as(api_key.reveal()).auth.createApiKey({ name: 'y' })).key.expires_at).toBe(end)
    const sooner = inMs(world, hour)
    expect((await auth.createApiKey({ name: 'x', expires_at: sooner })).key.expires_at).toBe(sooner)
  })

  it('makes a lasting one with the password of its user, and with no other (M18)', async () => {
    const { world, auth } = await withToken()
    await using _ = world
    expect((await auth.createApiKey({ name: 'x', current_password: password })).key).not.toHaveProperty('expires_at')
    for (const current_password of ['no', '', password.toLowerCase()]) {
      await expect(auth.createApiKey({ name: 'x', current_password })).rejects.toMatchObject({
        data: { fields: { current_password: expect.stringMatching(/^is wrong/) } },
      })
    }
    expect((await auth.listApiKeys()).keys).toHaveLength(1)
  })

  it('makes a lasting one with the password of its user through the key of a command line too (M18)', async () => {
    const { world, auth } = await withToken()
    await using _ = world
    const { api_key } = await auth.createApiKey({ name: 'pawl on laptop', scopes: ['auth:write', 'secrets:read'] })
    const cli = world.pawl.as(api_key.reveal()).auth
    const wanted = { name: 'nightly', scopes: ['secrets:read'], expires_at: inMs(world, 30 * day) }
    const { key } = await cli.createApiKey({ ...wanted, current_password: password })
    expect(key.expires_at).toBe(wanted.expires_at)
    const more = { ...wanted, scopes: ['vaults:read'], current_password: password }
    await expect(cli.createApiKey(more)).rejects.toMatchObject({ code: 'scopes_exceeded' })
  })

  it('makes an agent whose key does not end with its session (V3)', async () => {
    const { world, auth } = await withToken()
    await using _ = world
    const { access_token } = await auth.refresh()
    const { api_key } = await world.pawl.as(access_token.reveal()).agents.create({ name: 'bot' })
    await auth.revoke()
    await expect(auth.me()).rejects.toEqual(refused)
    world.clock.advance(2 * day)
    await expect(exchangeAgent(world, { api_key: api_key?.reveal() ?? '' })).resolves.toBeDefined()
  })

  it('guesses no password that way: ten are too many, for signing in as well (M18, B13)', async () => {
    const { world, auth } = await withToken()
    await using _ = world
    for (let count = 0; count < 10; count++) {
      await expect(auth.createApiKey({ name: 'x', current_password: 'no' })).rejects.toBeDefined()
    }
    await expect(auth.createApiKey({ name: 'x', current_password: password })).rejects.toBeDefined()
    await expect(world.pawl.as({}).auth.token({ email, password })).rejects.toMatchObject({ code: 'wrong_password' })
  })
})

describe('a key with scopes', () => {
  it('makes neither a vault nor an owner when it may only read vaults, nor does a token for it (M9)', async () => {
    await using world = await testPawl()
    const { text } = await newKey(world, world.ownerId, { scopes: ['vaults:read'] })
    const { access_token } = await exchange(world, text)
    const refreshed = await world.pawl.as(access_token.reveal()).auth.refresh()
    for (const bearer of [text, access_token.reveal(), refreshed.access_token.reveal()]) {
      const by = world.pawl.as(bearer)
      await expect(by.vaults.list()).resolves.toBeDefined()
      await expect(by.auth.me()).resolves.toMatchObject({ id: world.ownerId })
      for (const [scope, call] of [
        ['vaults:write', () => by.vaults.create({ name: 'made' })],
        ['orgs:write', () => by.orgs.addMember({ email: 'x@example.com', role: 'owner' })],
        ['auth:write', () => by.auth.createApiKey({ name: 'more' })],
        ['auth:read', () => by.auth.listApiKeys()],
        ['secrets:read', () => by.secrets.get({ vault_id: world.org, path: 'db' })],
      ] as const) {
        await expect(call(), scope).rejects.toMatchObject({ kind: 'denied', message: expect.stringContaining(scope) })
      }
    }
  })

  it('is refused when a scope is unknown, with the ones that there are (M9)', async () => {
    await using world = await testPawl()
    for (const scope of [
      'vaults',
      'vault:read',
      'vaults:READ',
      'vaults:read ',
      'vaults:',
      ':read',
      '**',
      'constructor',
    ]) {
      await expect(newKey(world, world.ownerId, { scopes: ['vaults:read', scope] }), scope).rejects.toMatchObject({
        data: {
          fields: { scopes: expect.stringMatching(/^must be of these: \*, .*vaults:\*, vaults:read, vaults:write/) },
        },
      })
    }
  })

  it('may be limited to a whole area, or to nothing (M9)', async () => {
    await using world = await testPawl()
    const { text } = await newKey(world, world.ownerId, { scopes: ['vaults:*'] })
    const by = world.pawl.as(text)
    await expect(by.vaults.create({ name: 'made' })).resolves.toBeDefined()
    await expect(by.orgs.listMembers()).rejects.toMatchObject({ kind: 'denied' })
    const all = world.pawl.as((await newKey(world, world.ownerId, { scopes: ['*'] })).text)
    await expect(all.orgs.listMembers()).resolves.toBeDefined()
  })
})

describe('the trail', () => {
  it('names the key of a person, whether it was shown or exchanged for a token', async () => {
    await using world = await testPawl()
    const { id, text } = await newKey(world, world.ownerId)
    const { access_token } = await world.pawl.as({}).auth.apiKeyToken({ api_key: text })
    await world.pawl.as(text).vaults.create({ name: 'by-key' })
    await world.pawl.as(access_token.reveal()).vaults.create({ name: 'by-token' })
    await world.owner.vaults.create({ name: 'by-hand' })
    const named = async (action: string) =>
      (await world.owner.audit.events({ action })).events.map(({ details }) => details?.api_key_id)
    expect(await named('auth.success')).toEqual([id])
    expect(await named('vault.create')).toEqual([undefined, id, id])
  })
})

describe('a key whose scopes do not reach secrets', () => {
  it('gets no value by sharing it or by a binding (M9)', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const { id: secret_id } = await world.owner.secrets.put({ vault_id, path: 'db', value: tagged('hunter2-secret') })
    const { id: agent_id } = await world.agent({ vault: vault_id })
    const keyWith = async (...scopes: string[]) => {
      const { text } = await newKey(world, world.ownerId, { scopes })
      return world.pawl.as(text)
    }
    const share = { secret_id, recipient_type: 'anyone_with_link' } as const
    const binding = {
      agent_id,
      name: 'api',
      binding_type: 'http' as const,
      config: { base_url: 'https://api.example.com' },
      credential_source: { type: 'vault_ref' as const, vault_id, path: 'db' },
    }
    const by = await keyWith('sharing:*', 'bindings:*')
    const denied = { kind: 'denied', message: expect.stringContaining('secrets:read') }
    await expect(by.sharing.create(share)).rejects.toMatchObject(denied)
    await expect(by.sharing.createByPath({ vault_id, secret_path: 'db' })).rejects.toMatchObject(denied)
    await expect(by.bindings.create(binding)).rejects.toMatchObject(denied)
    const reader = await keyWith('sharing:write', 'bindings:write', 'secrets:read')
    await expect(reader.sharing.create(share)).resolves.toBeDefined()
    await expect(reader.bindings.create(binding)).resolves.toBeDefined()
  })

  it('reads no share for its user (M9)', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const { id: secret_id } = await world.owner.secrets.put({ vault_id, path: 'db', value: tagged('hunter2') })
    const { id: recipient_id } = await world.member()
    const { id: share_id } = await world.owner.sharing.create({ secret_id, recipient_type: 'user', recipient_id })
    await world.pawl.as({ user: recipient_id }).sharing.accept({ share_id })
    const open = async (...scopes: string[]) =>
      world.pawl.as((await newKey(world, recipient_id, { scopes })).text).sharing.access({ share_id })
    await expect(open('vaults:read')).rejects.toMatchObject({ kind: 'unauthenticated' })
    expect((await open('sharing:write')).value.reveal()).toBe(tagged('hunter2'))
  })
})

describe('a key that makes a key', () => {
  it('gives no scopes away that it has not, and says which (D7)', async () => {
    await using world = await testPawl()
    const { text } = await newKey(world, world.ownerId, { scopes: ['vaults:read', 'secrets:read', 'auth:write'] })
    const { access_token } = await exchange(world, text)
    for (const bearer of [text, access_token.reveal()]) {
      const { auth } = world.pawl.as(bearer)
      await expect(auth.createApiKey({ name: 'x', scopes: ['*', 'vaults:read', 'orgs:write'] })).rejects.toMatchObject({
        code: 'scopes_exceeded',
        kind: 'denied',
        data: { excess: ['*', 'orgs:write'] },
      })
      await expect(auth.createApiKey({ name: 'x' })).rejects.toMatchObject({ code: 'scopes_exceeded' })
      const { key } = await auth.createApiKey({ name: 'x', scopes: ['vaults:read'] })
      expect(key.scopes).toEqual(['vaults:read'])
    }
  })

  it('for any scopes at all never gives more than its user has (D7, D10)', async () => {
    await using world = await testPawl()
    const { id } = await world.member()
    const { text } = await newKey(world, id, { scopes: ['*', 'orgs:write'] })
    const { access_token } = await exchange(world, text)
    for (const bearer of [text, access_token.reveal()]) {
      const member = world.pawl.as(bearer)
      await expect(member.orgs.addMember({ email: 'x@example.com' })).rejects.toMatchObject({ kind: 'denied' })
      await expect(member.orgs.setRole({ user_id: id, role: 'owner' })).rejects.toMatchObject({ kind: 'denied' })
    }
  })

  it('gives it no more time than it has itself (C2)', async () => {
    await using world = await testPawl()
    const end = inMs(world, hour)
    const { text } = await newKey(world, world.ownerId, { expires_at: end })
    const { access_token } = await exchange(world, text)
    for (const bearer of [text, access_token.reveal()]) {
      for (const wanted of [{}, { expires_at: inMs(world, day) }]) {
        const { key } = await world.pawl.as(bearer).auth.createApiKey({ name: 'x', ...wanted })
        expect(key.expires_at).toBe(end)
      }
    }
  })
})

describe('exchanging a key for a token (3.2)', () => {
  it('of a user gives exactly three fields, and a token for a day (1.3, appendix C)', async () => {
    await using world = await testPawl()
    const { id, text } = await newKey(world)
    const { access_token, ...rest } = await exchange(world, text)
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 86_400 })
    expect(claimsOf(access_token.reveal())).toMatchObject({ sub: `user:${world.ownerId}`, key_id: id })
    world.clock.advance(day - 1)
    await expect(world.pawl.as(access_token.reveal()).auth.me()).resolves.toBeDefined()
  })

  it('of an agent gives the same three fields there, and five at the agents’ own door (A1, A2)', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent()
    const { access_token: _, ...three } = await exchange(world, key)
    expect(three).toEqual({ token_type: 'Bearer', expires_in: 3_600 })
    const { access_token, ...five } = await exchangeAgent(world, { api_key: key })
    expect(five).toEqual({ token_type: 'Bearer', expires_in: 3_600, agent_id: id, vault_ids: [] })
    expect(await world.pawl.as(access_token.reveal()).vaults.list()).toEqual({ vaults: [] })
  })

  it('gives an agent its own lifetime on both doors (8.5)', async () => {
    await using world = await testPawl()
    const { key } = await world.agent({ token_ttl_seconds: 120 })
    expect(await exchange(world, key)).toMatchObject({ expires_in: 120 })
    const { access_token, expires_in } = await exchangeAgent(world, { api_key: key })
    expect(expires_in).toBe(120)
    world.clock.advance(120 * second)
    await expect(world.pawl.as(access_token.reveal()).vaults.list()).rejects.toEqual(refused)
  })

  it('lets no token outlive its agent (C2), and gives none in the agent’s last half second (C1)', async () => {
    await using world = await testPawl()
    const { key } = await world.agent({ expires_at: inMs(world, 10_500) })
    expect(await exchangeAgent(world, { api_key: key })).toMatchObject({ expires_in: 10 })
    world.clock.advance(10_100)
    await expect(exchangeAgent(world, { api_key: key })).rejects.toEqual(refused)
    world.clock.advance(400)
    await expect(exchangeAgent(world, { api_key: key })).rejects.toEqual(invalidKey)
  })

  it('gives one answer for everything that is wrong', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent()
    const { id: other } = await world.agent()
    const { text } = await newKey(world)
    const wrong = [
      { api_key: nobodysKey },
      { api_key: '' },
      { api_key: 'plt_x' },
      { api_key: text },
      { api_key: `${key} ` },
      { api_key: key, agent_id: other },
      { api_key: key, agent_id: world.ownerId },
      { api_key: key, agent_id: '00000000-0000-0000-0000-000000000000' },
      { api_key: key, agent_id: 'not an id' },
      { api_key: key, agent_id: id.toUpperCase() === id ? 'x' : id.toUpperCase() },
      { api_key: nobodysKey, agent_id: id },
    ]
    for (const input of wrong) await expect(exchangeAgent(world, input)).rejects.toEqual(invalidKey)
    await expect(exchangeAgent(world, { api_key: key, agent_id: id })).resolves.toMatchObject({ agent_id: id })
    await expect(world.pawl.as({}).auth.agentToken({ api_key: key, agent_id: null } as never)).resolves.toBeDefined()
  })

  it('puts into the trail who came in by a key, and which of them tried in vain', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent()
    await exchangeAgent(world, { api_key: key })
    await world.owner.agents.update({ agent_id: id, is_active: false })
    await expect(exchangeAgent(world, { api_key: key })).rejects.toEqual(invalidKey)
    const { events } = await world.owner.audit.events()
    const seen = events.filter(({ action }) => action.startsWith('auth.'))
    expect(seen).toMatchObject([
      { action: 'auth.failure', resource_type: 'agent', resource_id: id, details: { method: 'api_key' } },
      { action: 'auth.success', actor_type: 'agent', actor_id: id, details: { method: 'api_key' } },
    ])
    expect(JSON.stringify(events)).not.toContain(key.slice(4))
  })

  it('works whatever else the request carries: a stale bearer, unknown fields (1.1.7, 1.1.9)', async () => {
    await using world = await testPawl()
    const { key } = await world.agent()
    const { ownerId } = await world.otherOrg()
    const theirs = (await world.pawl.as({ user: ownerId }).auth.refresh()).access_token.reveal()
    for (const bearer of ['stale', '', theirs]) {
      const input = { api_key: key, role: 'owner' }
      await expect(world.pawl.as(bearer).auth.agentToken(input)).resolves.toBeDefined()
    }
  })
})

describe('the token of an agent', () => {
  it('says what the agent is bound to or, when to nothing, which vaults are open to it', async () => {
    await using world = await testPawl()
    const make = async (name: string) => (await world.owner.vaults.create({ name })).id
    const [open, bound, expired, denied, gone] = [
      await make('open'),
      await make('bound'),
      await make('expired'),
      await make('denied'),
      await make('gone'),
    ]
    const policies = [
      { vault_id: open, pattern: 'db/**' },
      { vault_id: open, pattern: 'db/**' },
      { vault_id: expired, pattern: '**', expires_at: inMs(world, minute) },
      { vault_id: denied, pattern: '**', effect: 'deny' as const },
      { vault_id: gone, pattern: 'gone/*' },
    ]
    const free = await world.agent({ policies })
    const tied = await world.agent({ policies, vault_ids: [bound] })
    const own = (await free.as.vaults.create({ name: 'own' })).id
    await world.owner.vaults.delete({ vault_id: gone })
    world.clock.advance(minute)
    const seen = await exchangeAgent(world, { api_key: free.key })
    expect([...seen.vault_ids].sort()).toEqual([open, own].sort())
    expect(claimsOf(seen.access_token.reveal())).toMatchObject({ vault_ids: seen.vault_ids, scopes: ['db/**'] })
    expect((await exchangeAgent(world, { api_key: tied.key })).vault_ids).toEqual([bound])
  })

  it('carries the claims of 3.3, those of Shroud only when it is on', async () => {
    await using world = await testPawl()
    const plain = await world.agent({ scopes: ['db/*'], intents_api_enabled: true })
    const shroud_config = { pii_policy: 'block' }
    const shrouded = await world.agent({ shroud_enabled: true, shroud_config, environment: 'production' })
    const off = await world.agent({ shroud_enabled: false, shroud_config })
    const claims = async (key: string) => claimsOf((await exchangeAgent(world, { api_key: key })).access_token.reveal())
    const first = await claims(plain.key)
    expect(first).toMatchObject({ sub: `agent:${plain.id}`, scopes: ['db/*'], intents_api_enabled: true })
    expect(first).toMatchObject({ shroud_enabled: false, vault_ids: [], org: world.org })
    expect(first).not.toHaveProperty('shroud_config')
    expect(await claims(shrouded.key)).toMatchObject({ shroud_enabled: true, shroud_config, environment: 'production' })
    expect(await claims(off.key)).not.toHaveProperty('shroud_config')
  })

  it('is never too long for us to take it back: what is only told gives way', async () => {
    await using world = await testPawl()
    const scopes = Array.from({ length: 60 }, (_, at) => `team/${at}/${'x'.repeat(80)}/**`)
    const shroud_config = { blocked: 'é'.repeat(5_000) }
    const { key } = await world.agent({ scopes, shroud_enabled: true, shroud_config })
    const { access_token } = await exchangeAgent(world, { api_key: key })
    expect(access_token.reveal().length).toBeLessThan(8_192)
    await expect(world.pawl.as(access_token.reveal()).vaults.list()).resolves.toBeDefined()
  })

  it('ends at once when the agent is disabled, and comes back with it (C9)', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent()
    const bearer = (await exchangeAgent(world, { api_key: key })).access_token.reveal()
    const list = (shown: string) => world.pawl.as(shown).vaults.list()
    await list(bearer)
    await world.owner.agents.update({ agent_id: id, is_active: false })
    for (const shown of [bearer, key]) await expect(list(shown)).rejects.toEqual(refused)
    await expect(exchangeAgent(world, { api_key: key })).rejects.toEqual(invalidKey)
    await expect(exchange(world, key)).rejects.toEqual(invalidKey)
  })

  it('ends at once when the key is rotated, and when the agent is deleted (C9)', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent()
    const list = (shown: string) => world.pawl.as(shown).vaults.list()
    const first = (await exchangeAgent(world, { api_key: key })).access_token.reveal()
    const next = (await world.owner.agents.rotateKey({ agent_id: id })).api_key.reveal()
    for (const shown of [first, key]) await expect(list(shown)).rejects.toEqual(refused)
    const second = (await exchangeAgent(world, { api_key: next })).access_token.reveal()
    await list(second)
    await world.owner.agents.delete({ agent_id: id })
    for (const shown of [second, next]) await expect(list(shown)).rejects.toEqual(refused)
  })

  it('that no key stands behind ends with the others when the key is rotated (C9)', async () => {
    await using world = await testPawl()
    const { id, as } = await world.agent()
    const bearer = (await as.auth.refresh()).access_token.reveal()
    await world.pawl.as(bearer).vaults.list()
    await world.owner.agents.rotateKey({ agent_id: id })
    await expect(world.pawl.as(bearer).vaults.list()).rejects.toEqual(refused)
  })

  it('refreshes to the agent’s lifetime again', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent({ token_ttl_seconds: 300 })
    const first = (await exchangeAgent(world, { api_key: key })).access_token.reveal()
    world.clock.advance(200 * second)
    const answer = await world.pawl.as(first).auth.refresh()
    expect(answer.expires_in).toBe(300)
    expect(claimsOf(answer.access_token.reveal())).toMatchObject({ sub: `agent:${id}`, sid: claimsOf(first).sid })
    expect(Object.keys(answer).sort()).toEqual(['access_token', 'expires_in', 'token_type'])
  })
})

describe('anything that is sent as a credential', () => {
  it('is taken for nobody, and never breaks anything (H7)', async () => {
    await using world = await testPawl()
    const text = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 200 }),
      fc.string({ maxLength: 60 }).map((rest) => `1ck_${rest}`),
      fc.string({ maxLength: 60 }).map((rest) => `ocv_${rest}`),
      fc.array(fc.base64String({ maxLength: 40 }), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
    )
    await fc.assert(
      fc.asyncProperty(text, async (sent) => {
        await expect(world.pawl.as(sent).auth.me()).rejects.toEqual(refused)
        await expect(exchange(world, sent)).rejects.toEqual(invalidKey)
      }),
      { numRuns: tries(200, 4) },
    )
  })

  it('of a size that is none is invalid, and not read', async () => {
    await using world = await testPawl()
    await expect(exchange(world, 'x'.repeat(513))).rejects.toMatchObject({ kind: 'invalid' })
    for (const api_key of [null, 1, {}, ['x'], undefined]) {
      await expect(world.pawl.as({}).auth.apiKeyToken({ api_key } as never)).rejects.toMatchObject({ kind: 'invalid' })
    }
  })
})
