import { memoryHsm, memoryStorage, seededRandom } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { type AgentWanted, testPawl, type World } from '@pawl/testkit/world'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { second } from '../../kernel/time.ts'

// Goal: an agent gets a token for the services that its settings list, and for no other. Method: a whole engine, and jose
// in the place of the service that verifies the token with the published keys.

const audience = 'https://api.example.com'
const federated = { federation_enabled: true, federation_audiences: [audience] }

const exchange = (world: World, input: Record<string, unknown>, bearer = '') =>
  world.pawl.as(bearer).auth.federatedToken({ audience, ...input } as never)

/** What the other service reads in the token. */
async function verified(world: World, token: string, wanted = audience) {
  const keys = createLocalJWKSet(structuredClone(await world.owner.auth.jwks()) as never)
  const currentDate = new Date(world.clock.now())
  return jwtVerify(token, keys, { audience: wanted, issuer: world.pawl.settings.publicUrl, currentDate })
}

const agentToken = async (world: World, key: string) =>
  (await world.pawl.as({}).auth.agentToken({ api_key: key })).access_token.reveal()

describe('a federated token', () => {
  it('names the agent to another service, which verifies it with the published key (3.10)', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent({ ...federated, scopes: ['db/*', 'app/*'], federated_token_ttl_seconds: 120 })
    const answer = await exchange(world, { subject_token: key })
    expect(answer).toMatchObject({
      issued_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_type: 'Bearer',
      expires_in: 120,
      scope: 'db/* app/*',
    })
    const { payload, protectedHeader } = await verified(world, answer.access_token.reveal())
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(payload).toMatchObject({ sub: `agent:${id}`, org: world.org, scopes: ['db/*', 'app/*'], vault_ids: [] })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(120)
    await expect(verified(world, answer.access_token.reveal(), 'https://other.example.com')).rejects.toThrow('aud')
  })

  it('takes a token, a key, or the bearer of the request, whatever type the client names (3.10)', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent(federated)
    const token = await agentToken(world, key)
    const subject_token_type = 'urn:ietf:params:oauth:token-type:jwt'
    const answers = [
      await exchange(world, { subject_token: token, subject_token_type }),
      await exchange(world, { subject_token: key, subject_token_type }),
      await exchange(world, { subject_token_type }, token),
      await exchange(world, { subject_token: key }, 'a stale bearer'),
    ]
    for (const { access_token, expires_in } of answers) {
      expect((await verified(world, access_token.reveal())).payload.sub).toBe(`agent:${id}`)
      expect(expires_in).toBe(900)
    }
  })

  it('opens nothing here (B7)', async () => {
    await using world = await testPawl()
    const { key } = await world.agent({ ...federated, federation_audiences: [world.pawl.settings.publicUrl, audience] })
    const { access_token } = await exchange(world, { subject_token: key })
    const refused = { code: 'not_authenticated' }
    await expect(world.pawl.as(access_token.reveal()).vaults.list()).rejects.toMatchObject(refused)
    await expect(exchange(world, { subject_token: access_token.reveal() })).rejects.toMatchObject(refused)
  })

  it('has no more scopes than the agent, and fewer if fewer are asked for', async () => {
    await using world = await testPawl()
    const { id: vault } = await world.owner.vaults.create({ name: 'prod' })
    const { key } = await world.agent({ ...federated, vault, policies: [{ pattern: 'db/*' }, { pattern: 'app/*' }] })
    const { access_token, scope } = await exchange(world, { subject_token: key, scope: 'db/*' })
    expect(scope).toBe('db/*')
    const { payload } = await verified(world, access_token.reveal())
    expect(payload).toMatchObject({ scopes: ['db/*'], vault_ids: [vault] })
    await expect(exchange(world, { subject_token: key, scope: 'db/* **' })).rejects.toMatchObject({
      kind: 'denied',
      code: 'federation_scopes_exceeded',
      data: { excess: ['**'] },
    })
  })

  it('ends with the agent and with the session of its subject (C2)', async () => {
    await using world = await testPawl()
    const expires_at = new Date(world.clock.now() + 100 * second).toISOString()
    const { key } = await world.agent({ ...federated, expires_at })
    expect((await exchange(world, { subject_token: key })).expires_in).toBe(100)
    const other = await world.agent({ ...federated, api_key_expires_at: expires_at })
    const token = await agentToken(world, other.key)
    world.clock.advance(40 * second)
    expect((await exchange(world, { subject_token: other.key })).expires_in).toBe(60)
    world.clock.advance(60 * second)
    await expect(exchange(world, { subject_token: token })).rejects.toMatchObject({ code: 'not_authenticated' })
  })

  it.each<[string, AgentWanted]>([
    ['that has not enabled it', { federation_audiences: [audience] }],
    ['whose list is empty', { federation_enabled: true }],
    ['whose list has only a part of the audience', { ...federated, federation_audiences: ['https://api.example.co'] }],
  ])('is refused to an agent %s, and the trail tells', async (_, wanted) => {
    await using world = await testPawl()
    const { id, key } = await world.agent(wanted)
    await expect(exchange(world, { subject_token: key })).rejects.toMatchObject({
      kind: 'denied',
      code: 'federation_refused',
    })
    const [event] = (await world.owner.audit.events({ action: 'auth.federated_token_refused' })).events
    expect(event).toMatchObject({ actor_id: id, resource_id: id, details: { audience, outcome: 'denied' } })
  })

  it('leaves an event with the agent as its actor, and no token in it', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent(federated)
    const { access_token } = await exchange(world, { subject_token: key })
    const { events } = await world.owner.audit.events({ action: 'auth.federated_token_issued' })
    expect(events).toMatchObject([{ actor_type: 'agent', actor_id: id, details: { audience, expires_in: 900 } }])
    expect(JSON.stringify(events)).not.toContain(access_token.reveal().slice(-20))
  })

  it('is for agents: people, strangers and revoked sessions get none', async () => {
    await using world = await testPawl()
    const { id, key } = await world.agent(federated)
    const person = (await world.owner.auth.refresh()).access_token.reveal()
    const token = await agentToken(world, key)
    await world.pawl.as(token).auth.revoke()
    for (const subject_token of [person, token, tagged('ocv_nobody'), '', 'a.b.c']) {
      await expect(exchange(world, { subject_token })).rejects.toMatchObject({ kind: 'unauthenticated' })
    }
    await expect(exchange(world, {})).rejects.toMatchObject({ kind: 'unauthenticated' })
    await world.owner.agents.update({ agent_id: id, is_active: false })
    await expect(exchange(world, { subject_token: key })).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  it('obeys the address rules of the organisation', async () => {
    await using world = await testPawl()
    const { key } = await world.agent(federated)
    await world.owner.security.createIpRule({ rule_type: 'deny', cidr: '0.0.0.0/0', applies_to: 'agents' } as never)
    const origin = { bearer: null, ip: { version: 4, words: [0x0a000001] } } as const
    const asked = world.pawl.as(origin).auth.federatedToken({ subject_token: key, audience })
    await expect(asked).rejects.toMatchObject({ kind: 'denied' })
  })

  it.each([
    'api.example.com',
    '/path',
    '',
    'https://localhost/x',
    'https://vault.localhost',
    'http://127.0.0.1',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://exa mple.com',
  ])('is refused for the audience %j, which is not one', async (wanted) => {
    await using world = await testPawl()
    const { key } = await world.agent(federated)
    const asked = exchange(world, { subject_token: key, audience: wanted })
    await expect(asked).rejects.toMatchObject({
      code: 'invalid_input',
      data: { fields: { audience: expect.anything() } },
    })
  })

  it('may be for an audience that is no web address', async () => {
    await using world = await testPawl()
    const audience = 'api://AzureADTokenExchange'
    const { key } = await world.agent({ ...federated, federation_audiences: [audience] })
    await expect(exchange(world, { subject_token: key, audience })).resolves.toMatchObject({ token_type: 'Bearer' })
  })
})

describe('the key of federated tokens', () => {
  it('is made with the first token, by one of many at once, and is there after a restart', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm({ random: seededRandom('hsm') })
    const world = await testPawl({ storage, hsm })
    const { key } = await world.agent(federated)
    expect((await world.owner.auth.jwks()).keys.map(({ alg }) => alg)).toEqual(['EdDSA'])
    const tokens = await Promise.all(Array.from({ length: 8 }, () => exchange(world, { subject_token: key })))
    const { keys } = await world.owner.auth.jwks()
    expect(keys.map(({ alg }) => alg)).toEqual(['EdDSA', 'RS256'])
    await using restarted = await testPawl({ storage, hsm, clock: world.clock })
    for (const { access_token } of tokens) await verified(restarted, access_token.reveal())
    expect((await restarted.owner.auth.jwks()).keys).toEqual(keys)
  })

  it('is replaced with all other keys, and its tokens stay valid', async () => {
    await using world = await testPawl()
    const { key } = await world.agent(federated)
    const before = (await exchange(world, { subject_token: key })).access_token.reveal()
    await world.pawl.rotateKeys()
    const after = (await exchange(world, { subject_token: key })).access_token.reveal()
    const kids = [before, after].map((token) => JSON.parse(atob(token.split('.')[0] ?? '')).kid)
    expect(kids[0]).not.toBe(kids[1])
    for (const token of [before, after]) await verified(world, token)
  })
})

describe('the discovery document', () => {
  it('says where the keys are, how to exchange a token, and with what tokens are signed (3.10)', async () => {
    await using world = await testPawl({ publicUrl: 'https://vault.example.com/' })
    expect(await world.pawl.as({}).auth.openidConfiguration()).toMatchObject({
      issuer: 'https://vault.example.com',
      jwks_uri: 'https://vault.example.com/.well-known/jwks.json',
      token_endpoint: 'https://vault.example.com/v1/oauth/token',
      grant_types_supported: expect.arrayContaining(['urn:ietf:params:oauth:grant-type:token-exchange']),
      id_token_signing_alg_values_supported: ['EdDSA', 'RS256'],
    })
  })
})
