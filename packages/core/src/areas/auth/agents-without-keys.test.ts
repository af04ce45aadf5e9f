import { type FakeIssuer, type Spoiled, startFakeIssuer } from '@pawl/testkit/fakes'
import { testPawl, type World } from '@pawl/testkit/world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { minute, second } from '../../kernel/time.ts'

// Goal: an agent without an API key gets a token by its own certificate or its own issuer, and by nothing else. Method: an
// issuer on loopback that signs good and spoiled tokens, and a whole engine.

const publicUrl = 'https://vault.example.com'
const refused = { kind: 'unauthenticated', code: 'invalid_agent_identity' }
const fingerprint = 'ab'.repeat(32)

const failures = async (world: World) =>
  (await world.owner.audit.events({ action: 'auth.failure' })).events.map(({ details }) => details?.reason)

describe('an agent with a client certificate', () => {
  const mtls = (client_cert_fingerprint: string) => ({ auth_method: 'mtls' as const, client_cert_fingerprint })
  const exchange = (world: World, clientCertificate: string | null, agent_id?: string) =>
    world.pawl.as({ clientCertificate }).auth.agentToken({ ...(agent_id && { agent_id }) })

  it.each([
    ['as digits', fingerprint],
    ['with colons and capitals', 'AB:'.repeat(31).concat('AB')],
    ['with the name of the hash', `sha256:${fingerprint}`],
  ])('gets a token for its certificate, whose fingerprint was given %s', async (_, given) => {
    await using world = await testPawl()
    const { id } = await world.agent(mtls(given))
    const { access_token, agent_id, expires_in } = await exchange(world, fingerprint, id)
    expect([agent_id, expires_in]).toEqual([id, 3_600])
    await expect(world.pawl.as(access_token.reveal()).agents.me({})).resolves.toMatchObject({ id })
    const { events } = await world.owner.audit.events({ action: 'auth.success' })
    expect(events).toMatchObject([{ actor_id: id, details: { method: 'mtls' } }])
  })

  it('gets none for another certificate, for another agent, disabled, or without a name (B5)', async () => {
    await using world = await testPawl()
    const { id } = await world.agent(mtls(fingerprint))
    const { id: withKey } = await world.agent()
    const { id: broken } = await world.agent(mtls('ab:cd'))
    await expect(exchange(world, 'cd'.repeat(32), id)).rejects.toMatchObject(refused)
    for (const other of [withKey, broken, world.ownerId, world.org, 'no id', 'é']) {
      await expect(exchange(world, fingerprint, other)).rejects.toMatchObject(refused)
    }
    await expect(exchange(world, fingerprint)).rejects.toMatchObject({
      data: { fields: { agent_id: expect.anything() } },
    })
    await expect(exchange(world, null, id)).rejects.toMatchObject({ data: { fields: { api_key: expect.anything() } } })
    await world.owner.agents.update({ agent_id: id, is_active: false })
    await expect(exchange(world, fingerprint, id)).rejects.toMatchObject(refused)
    expect(await failures(world)).toContain('Another certificate was shown.')
  })
})

describe('an agent with an OIDC issuer', () => {
  let issuer: FakeIssuer
  let time = () => 0
  beforeAll(async () => {
    issuer = await startFakeIssuer({ now: () => time() })
  })
  afterAll(() => issuer.close())

  async function started() {
    const world = await testPawl({ publicUrl })
    time = () => world.clock.now()
    const auth_method = 'oidc_client_credentials' as const
    const { id } = await world.agent({ auth_method, oidc_issuer: issuer.url, oidc_client_id: 'worker' })
    const exchange = (client_assertion: string, agent_id = id) =>
      world.pawl.as({}).auth.agentToken({ agent_id, client_assertion })
    return { world, id, exchange, [Symbol.asyncDispose]: () => world.close() }
  }

  const good = { aud: publicUrl, sub: 'service-account', azp: 'worker' }

  it.each<[string, object, Spoiled]>([
    ['RS256 and azp', good, {}],
    ['ES256', good, { alg: 'ES256' }],
    ['client_id', { aud: publicUrl, sub: 'x', client_id: 'worker' }, {}],
    ['sub alone', { aud: publicUrl, sub: 'worker' }, {}],
    ['the endpoint as its audience', { ...good, aud: [`${publicUrl}/v1/auth/agent-token`] }, {}],
    ['the URL with a slash as its audience', { ...good, aud: `${publicUrl}/` }, {}],
  ])('gets a token for one of its issuer: %s', async (_, claims, how) => {
    await using vault = await started()
    const { access_token, agent_id } = await vault.exchange(issuer.token(claims as never, how))
    expect(agent_id).toBe(vault.id)
    await expect(vault.world.pawl.as(access_token.reveal()).agents.me({})).resolves.toMatchObject({ id: vault.id })
  })

  it.each<[string, object, Spoiled, string]>([
    ['for another client', { ...good, azp: 'other' }, {}, 'another client'],
    [
      'whose subject has the name of the client, but not its client',
      { ...good, azp: 'other', sub: 'worker' },
      {},
      'another client',
    ],
    ['for another audience (B7)', { ...good, aud: 'https://other.example.com' }, {}, 'audience'],
    ['for us and for another (B7)', { ...good, aud: [publicUrl, 'https://other.example.com'] }, {}, 'audience'],
    ['for nobody (B7)', { ...good, aud: undefined }, {}, 'audience'],
    ['for a number (B7)', { ...good, aud: 7 }, {}, 'audience'],
    ['for an empty list (B7)', { ...good, aud: [] }, {}, 'audience'],
    ['of another issuer (A12)', { ...good, iss: 'https://other.example.com' }, {}, 'iss'],
    ['that has expired', { ...good, exp: 1 }, {}, 'expired'],
    ['that never expires', { ...good, exp: undefined }, {}, 'exp'],
    ['from the future', { ...good, iat: 4_000_000_000, exp: 4_000_000_300 }, {}, 'iat'],
    ['that is not valid yet', { ...good, nbf: 4_000_000_000 }, {}, 'nbf'],
    ['without a subject', { ...good, sub: undefined }, {}, 'sub'],
    ['with the signature of another key', good, { wrongKey: true }, 'signature'],
    ['with a key of another type (B8)', good, { alg: 'HS256' }, 'not allowed'],
    ['without a signature (B8)', good, { alg: 'none' }, 'not allowed'],
    ['with a key that the issuer does not have', good, { kid: 'unknown' }, 'no such key'],
  ])('gets none for a token %s', async (_, claims, how, reason) => {
    await using vault = await started()
    await expect(vault.exchange(issuer.token(claims as never, how))).rejects.toMatchObject(refused)
    expect((await failures(vault.world))[0]).toMatch(new RegExp(reason, 'i'))
  })

  it('is asked for by name: the same token works for no other agent, and for none of another organisation', async () => {
    await using vault = await started()
    const { world, exchange } = vault
    const token = issuer.token(good)
    const { id: withKey } = await world.agent()
    for (const id of [withKey, world.ownerId, 'x']) await expect(exchange(token, id)).rejects.toMatchObject(refused)
    await expect(exchange('not a token')).rejects.toMatchObject(refused)
    await expect(exchange(`${token}${'x'.repeat(17_000)}`)).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('goes on when the issuer changes its keys, and the engine asks for keys at most every 30 seconds', async () => {
    await using vault = await started()
    const { world, exchange } = vault
    const old = issuer.token(good)
    await exchange(old)
    issuer.rotateKeys()
    await expect(exchange(issuer.token(good))).rejects.toMatchObject(refused)
    const before = issuer.asked.length
    for (const kid of ['a', 'b', 'c']) {
      await expect(exchange(issuer.token(good, { kid }))).rejects.toMatchObject(refused)
    }
    expect(issuer.asked.length).toBe(before)
    world.clock.advance(31 * second)
    await expect(exchange(issuer.token(good))).resolves.toBeDefined()
    expect(issuer.asked.length).toBe(before + 2)
    world.clock.advance(11 * minute)
    await expect(exchange(issuer.token(good))).resolves.toBeDefined()
    await expect(exchange(old)).rejects.toMatchObject(refused)
  })

  it('is told when the issuer cannot be asked, or says that it is another one', async () => {
    await using vault = await started()
    const { world } = vault
    issuer.discovery = { issuer: 'https://other.example.com' }
    await expect(vault.exchange(issuer.token(good))).rejects.toMatchObject({ code: 'issuer_unavailable' })
    issuer.discovery = { jwks_uri: 'ftp://127.0.0.1/keys' }
    await expect(vault.exchange(issuer.token(good))).rejects.toMatchObject({ code: 'issuer_unavailable' })
    issuer.discovery = {}
    const elsewhere = 'https://id.example.com'
    const auth_method = 'oidc_client_credentials' as const
    const { id } = await world.agent({ auth_method, oidc_issuer: elsewhere, oidc_client_id: 'worker' })
    const asked = vault.exchange(issuer.token(good), id)
    await expect(asked).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining('not allowed') })
  })
})
