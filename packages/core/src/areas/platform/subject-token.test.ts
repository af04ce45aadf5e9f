import { generateKeyPairSync, sign } from 'node:crypto'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { type FakeIssuer, startFakeIssuer } from '@pawl/testkit/fakes'
import { testPawl } from '@pawl/testkit/world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// Goal: a subject token counts only if the identity provider of the app signed it, for the app, and it is still valid.
// Method: a real issuer on loopback, which the operator allows, and tokens that are wrong in one thing.

let issuer: FakeIssuer
let now = 0

beforeAll(async () => {
  issuer = await startFakeIssuer({ now: () => now })
})
afterAll(() => issuer.close())

async function withProvider(wanted: { oidc_audience?: string; oidc_issuer?: string } = {}) {
  const world = await testPawl()
  now = world.clock.now()
  const app = await world.owner.platform.createApp({
    ...{ name: 'x', slug: 'my-defi', oidc_jwks_url: `${issuer.url}/jwks`, oidc_issuer: issuer.url },
    ...wanted,
  })
  const { platform } = world.pawl.as(app.api_key.reveal())
  return {
    ...world,
    platform,
    app_id: app.id,
    upsert: (subject_token: string) => platform.upsertUser({ subject_token }),
  }
}

const person = (claims: object = {}) =>
  issuer.token({ sub: 'ada', email: 'ada@example.com', email_verified: true, ...claims })
const refused = expect.objectContaining({ code: 'subject_token_refused', kind: 'unauthenticated' })

describe('a subject token', () => {
  it('names the user: the same one each time, and sub is what the app calls them', async () => {
    const { upsert, platform, app_id } = await withProvider()
    const first = await upsert(person())
    expect(first).toMatchObject({ is_new: true, email: 'ada@example.com' })
    expect(await upsert(person())).toMatchObject({ is_new: false, connection_id: first.connection_id })
    expect((await platform.listUsers({ app_id })).users[0]?.external_subject).toBe('ada')
  })

  it('takes no address that the provider has not verified', async () => {
    const { upsert } = await withProvider()
    expect((await upsert(person({ email_verified: false }))).email).toBe('')
  })

  it('B7: must be for the audience of the app, if it has one', async () => {
    const { upsert } = await withProvider({ oidc_audience: 'my-app' })
    await expect(upsert(person({ aud: 'other' }))).rejects.toEqual(refused)
    await expect(upsert(person({ aud: ['my-app', 'other'] }))).rejects.toEqual(refused)
    await expect(upsert(person({ aud: 7 }))).rejects.toEqual(refused)
    expect((await upsert(person({ aud: ['my-app'] }))).is_new).toBe(true)
  })

  it('B8: must be signed by a key of the provider, with the algorithm of the key', async () => {
    const { upsert } = await withProvider()
    for (const spoiled of [{ wrongKey: true }, { alg: 'none' }, { alg: 'HS256' }] as const) {
      await expect(upsert(issuer.token({ sub: 'ada' }, spoiled))).rejects.toEqual(refused)
    }
  })

  it('B1: cannot say where its key is: no key, list or certificate that it names is looked at', async () => {
    const { upsert } = await withProvider()
    await using thief = await startFakeIssuer({ now: () => now })
    const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const jwk = pair.publicKey.export({ format: 'jwk' })
    const [, claims = ''] = person().split('.')
    for (const named of [{ jwk }, { jku: `${thief.url}/jwks` }, { x5u: `${thief.url}/cert` }, { iss: thief.url }]) {
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', ...named })).toString('base64url')
      const signature = sign('sha256', Buffer.from(`${header}.${claims}`), pair.privateKey).toString('base64url')
      await expect(upsert(`${header}.${claims}.${signature}`)).rejects.toEqual(refused)
    }
    expect(thief.asked).toEqual([])
  })

  it('B4: of one app is worth nothing to another, and one subject of two providers is two people', async () => {
    const first = await withProvider()
    await using second = await startFakeIssuer({ now: () => now })
    const other = await first.otherOrg()
    const theirs = await other.owner.platform.createApp({
      ...{ name: 'y', slug: 'other', oidc_jwks_url: `${second.url}/jwks`, oidc_issuer: second.url },
    })
    const { platform } = first.pawl.as(theirs.api_key.reveal())
    const claims = { sub: 'ada', email: undefined }
    const one = await first.upsert(person(claims))
    // The keys of the first provider are cached now.
    await expect(platform.upsertUser({ subject_token: person(claims) })).rejects.toEqual(refused)
    const two = await platform.upsertUser({ subject_token: second.token(claims) })
    expect([two.is_new, two.user_handle === one.user_handle]).toEqual([true, false])
  })

  it('B23: gives an app no person of another organisation, whatever its own provider asserts', async () => {
    const { upsert, platform, app_id, otherOrg } = await withProvider()
    const victim = await otherOrg()
    const { email } = await victim.owner.auth.me()
    await expect(upsert(person({ email, email_verified: true }))).rejects.toMatchObject({
      data: { link_required: { reason: 'user_exists_in_other_org', user_email: email } },
    })
    expect((await platform.listUsers({ app_id })).users).toEqual([])
    expect((await victim.owner.platform.listConnectedApps()).apps).toEqual([])
  })

  it('must be of the issuer of the app, and valid now', async () => {
    const { upsert } = await withProvider({ oidc_issuer: 'https://other.example.com' })
    await expect(upsert(person())).rejects.toEqual(refused)
    const right = await withProvider()
    const token = person()
    right.clock.advance(60 * 60_000)
    await expect(right.upsert(token)).rejects.toEqual(refused)
    await expect(right.upsert('nonsense')).rejects.toEqual(refused)
  })

  it('says so when the app has no identity provider', async () => {
    await using world = await testPawl()
    const { api_key } = await world.owner.platform.createApp({ name: 'x', slug: 'my-defi' })
    const call = world.pawl.as(api_key.reveal()).platform.upsertUser({ subject_token: 'x' })
    await expect(call).rejects.toMatchObject({ code: 'platform_oidc_not_set' })
  })

  it('E4, E5: is not checked at a place that the operator does not allow, also when it became one later', async () => {
    await using world = await testPawl()
    now = world.clock.now()
    const made = await world.owner.platform.createApp({
      ...{ name: 'x', slug: 'my-defi', oidc_jwks_url: 'https://rebound.example.com/jwks' },
    })
    const call = world.pawl.as(made.api_key.reveal()).platform.upsertUser({ subject_token: person() })
    await expect(call).rejects.toMatchObject({ code: 'issuer_unavailable', kind: 'unavailable' })
  })

  it('E5: is not checked with keys of a name that leads inside later, once the keys are asked for again', async () => {
    const name = `http://idp.example.test:${new URL(issuer.url).port}`
    const addresses = [['127.0.0.1']]
    const egress = nodeEgress({ allow: [name, issuer.url], lookup: async () => addresses[0] ?? [] })
    await using world = await testPawl({ egress })
    now = world.clock.now()
    const made = await world.owner.platform.createApp({ name: 'x', slug: 'my-defi', oidc_jwks_url: `${name}/jwks` })
    const { platform } = world.pawl.as(made.api_key.reveal())
    expect((await platform.upsertUser({ subject_token: person() })).is_new).toBe(true)
    addresses[0] = ['169.254.169.254']
    world.clock.advance(11 * 60_000)
    now = world.clock.now()
    await expect(platform.upsertUser({ subject_token: person() })).rejects.toMatchObject({ code: 'issuer_unavailable' })
  })
})
