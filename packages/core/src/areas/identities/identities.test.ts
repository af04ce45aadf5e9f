import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { tagged } from '@pawl/testkit/canary'
import { type FakeIssuer, type Person, type Spoiled, startFakeIssuer } from '@pawl/testkit/fakes'
import { testPawl, type World } from '@pawl/testkit/world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PawlError } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import { type IdentityProvider, identityProvider } from '../../operations/index.ts'

// Goal: a person signs in with an identity provider of the operator as who they are there, and as nobody else. Method: an
// issuer on loopback that signs good and spoiled tokens, and a whole engine in the place of a browser's server.

let issuer: FakeIssuer
let time = () => 0
beforeAll(async () => {
  issuer = await startFakeIssuer({ now: () => time() })
})
afterAll(() => issuer.close())

const ada: Person = { sub: 'ada', email: 'Ada@Example.com', email_verified: true, name: 'Ada Lovelace' }
const password = tagged('Correct-Horse-7')

async function started(wanted: Partial<IdentityProvider> = {}, more: readonly IdentityProvider[] = []) {
  const { url, clientId, clientSecret: secret } = issuer
  const usual = { name: 'corp', issuer: url, clientId, clientSecret: Secret.of(secret), domains: ['example.com'] }
  const world = await testPawl({ identityProviders: [identityProvider({ ...usual, ...wanted }), ...more] })
  time = () => world.clock.now()
  return world
}

const anybody = (world: World) => world.pawl.as({}).identities

/** What a browser goes through, up to the answer of the provider. */
async function begun(
  world: World,
  person: Person,
  spoiled: Spoiled = {},
  flow?: { authorization_url: string; browser_secret: Secret<string> },
) {
  const { authorization_url, browser_secret } =
    flow ?? (await anybody(world).begin({ provider: 'corp', next: '/account' }))
  const back = await issuer.signIn(authorization_url, person, spoiled)
  const given = (name: string) => back.searchParams.get(name) ?? ''
  const [code, state, iss] = ['code', 'state', 'iss'].map(given) as [string, string, string]
  return { provider: 'corp', code, state, iss, browser_secret: browser_secret.reveal() }
}

const signIn = async (world: World, person: Person = ada, spoiled: Spoiled = {}) =>
  anybody(world).complete(await begun(world, person, spoiled))

const failed = { kind: 'unauthenticated', code: 'sign_in_failed' }
const notAdmitted = { kind: 'denied', code: 'not_admitted' }

describe('a sign-in with an identity provider', () => {
  it.each(['RS256', 'ES256'] as const)('makes a member of somebody new, and finds them again (%s)', async (alg) => {
    await using world = await started()
    const first = await signIn(world, ada, { alg })
    expect(first).toMatchObject({ is_new: true, org_id: world.org, next: '/account', token_type: 'Bearer' })
    const me = await world.pawl.as(first.access_token.reveal()).auth.me()
    expect(me).toMatchObject({
      ...{ email: 'ada@example.com', email_verified: true, display_name: 'Ada Lovelace' },
      ...{ role: 'member', auth_method: 'oidc' },
    })
    const second = await signIn(world, { ...ada, email: 'lovelace@example.com' }, { alg })
    expect(second).toMatchObject({ is_new: false, user_id: first.user_id })
    expect(await world.pawl.as(second.access_token.reveal()).auth.me()).toMatchObject({ email: 'ada@example.com' })
  })

  it('asks with PKCE, a state, a nonce and the exact redirect URI, and with no secret', async () => {
    await using world = await started()
    const { authorization_url } = await anybody(world).begin({ provider: 'corp' })
    const { origin, pathname, searchParams } = new URL(authorization_url)
    expect(`${origin}${pathname}`).toBe(`${issuer.url}/authorize`)
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'pawl',
      redirect_uri: `${world.pawl.settings.publicUrl}/login/oidc/corp/callback`,
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(authorization_url).not.toContain(issuer.clientSecret)
  })

  it.each<[string, Spoiled]>([
    ['with the nonce of another sign-in', { claims: { nonce: 'another' } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['for another client', { claims: { aud: 'another' } }],
    ['for two clients (B7)', { claims: { aud: ['pawl', 'another'] } }],
    ['issued to another client', { claims: { azp: 'another' } }],
    ['of another issuer', { claims: { iss: 'https://other.example.com' } }],
    ['that has expired', { claims: { exp: 1 } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['with an empty subject', { claims: { sub: '' } }],
    ['with the signature of another key', { wrongKey: true }],
    ['with the signature of another key (ES256)', { wrongKey: true, alg: 'ES256' }],
    ['signed with the public key as a secret (B8)', { alg: 'HS256' }],
    ['without a signature (B8)', { alg: 'none' }],
    ['with a key that the issuer does not have', { kid: 'unknown' }],
  ])('refuses an ID token %s', async (_, spoiled) => {
    await using world = await started()
    await expect(signIn(world, ada, spoiled)).rejects.toMatchObject(failed)
    expect((await world.owner.orgs.listMembers()).members).toHaveLength(1)
  })

  it('works once, for one of 50 at once, and only within 10 minutes', async () => {
    await using world = await started()
    const given = await begun(world, ada)
    const settled = await Promise.allSettled(Array.from({ length: 50 }, () => anybody(world).complete(given)))
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(anybody(world).complete(given)).rejects.toMatchObject(failed)
    const late = await begun(world, ada)
    world.clock.advance(10 * minute)
    await expect(anybody(world).complete(late)).rejects.toMatchObject(failed)
  })

  it('belongs to the browser and to the provider that it began with, and asks the provider for nobody else', async () => {
    const { url, clientId } = issuer
    await using world = await started({}, [identityProvider({ name: 'other', issuer: url, clientId, domains: ['*'] })])
    const [mine, theirs] = [await begun(world, ada), await begun(world, ada)]
    const before = issuer.asked.filter((path) => path === '/token').length
    const wrong = [
      { ...mine, browser_secret: theirs.browser_secret },
      { ...theirs, provider: 'other' },
      { ...(await begun(world, ada)), state: 'unknown' },
      { ...(await begun(world, ada)), iss: 'https://other.example.com' },
    ]
    for (const given of wrong) await expect(anybody(world).complete(given)).rejects.toMatchObject(failed)
    expect(issuer.asked.filter((path) => path === '/token').length).toBe(before)
    await expect(anybody(world).begin({ provider: 'unknown' })).rejects.toMatchObject({
      code: 'identity_provider_not_configured',
      message: expect.stringContaining('PAWL_OIDC_PROVIDERS'),
    })
  })

  it('needs the name of the issuer in the answer, if the issuer says that it is there (RFC 9207)', async () => {
    await using world = await started()
    issuer.discovery = { authorization_response_iss_parameter_supported: true }
    const { iss: _, ...given } = await begun(world, ada)
    await expect(anybody(world).complete(given)).rejects.toMatchObject(failed)
    await expect(signIn(world)).resolves.toMatchObject({ is_new: true })
    issuer.discovery = {}
  })

  it('fails if the provider refuses the code', async () => {
    await using world = await started()
    const given = await begun(world, ada)
    await expect(anybody(world).complete({ ...given, code: 'made up' })).rejects.toMatchObject(failed)
  })

  it('gives no token to a user who was removed, and makes no new account of the identity', async () => {
    await using world = await started()
    const { user_id } = await signIn(world)
    await world.owner.orgs.removeMember({ user_id })
    expect(world.storedKinds().identity ?? 0).toBe(0)
    expect(await signIn(world)).toMatchObject({ is_new: true })
  })

  it('is in the trail, by whom and with what, and holds no token of the provider', async () => {
    await using world = await started()
    const { user_id } = await signIn(world)
    const { events } = await world.owner.audit.events()
    const seen = events.filter(({ resource_id }) => resource_id === user_id)
    expect(seen).toMatchObject([
      { action: 'auth.success', actor_id: user_id, details: { method: 'oidc' } },
      { action: 'user.register', details: { provider: 'corp', role: 'member' } },
    ])
    expect(JSON.stringify(events)).not.toMatch(/eyJ|id_token/)
  })
})

describe('an account that has the address of a person (A12)', () => {
  it('is never taken over: the answer is 409, whatever the provider says of the address', async () => {
    await using world = await started({ domains: ['*'] })
    await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    await expect(signIn(world)).rejects.toMatchObject({ kind: 'conflict', code: 'identity_not_linked' })
    await expect(signIn(world, { ...ada, sub: 'mallory', email: 'owner@example.com' })).rejects.toMatchObject({
      code: 'identity_not_linked',
    })
    expect(world.storedKinds().identity ?? 0).toBe(0)
  })

  it('links an identity with its password, and signs in with it from then on', async () => {
    await using world = await started({ domains: [] })
    const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    await expect(signIn(world)).rejects.toMatchObject(notAdmitted)
    const { access_token } = await world.pawl.as({ bearer: null }).auth.token({ email: 'ada@example.com', password })
    const own = world.pawl.as(access_token.reveal()).identities
    await expect(own.link({ provider: 'corp' })).rejects.toMatchObject({ kind: 'denied' })
    const wrong = own.link({ provider: 'corp', auth_confirm: 'wrong' })
    await expect(wrong).rejects.toBeInstanceOf(PawlError)
    const flow = await own.link({ provider: 'corp', auth_confirm: password })
    expect(await own.complete(await begun(world, ada, {}, flow))).toMatchObject({ user_id: id, is_new: false })
    expect(await signIn(world, { ...ada, email: 'other@example.net' })).toMatchObject({ user_id: id, is_new: false })
    const { identities } = await own.list()
    expect(identities).toMatchObject([{ provider: 'corp', issuer: issuer.url, email: 'other@example.net' }])
  })

  it('signs in with a linked identity of any domain, because the rules of the operator are for new users (V2)', async () => {
    await using world = await started()
    const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    const elsewhere = { ...ada, email: 'ada@elsewhere.example' }
    await expect(signIn(world, elsewhere)).rejects.toMatchObject(notAdmitted)
    const { access_token } = await world.pawl.as({ bearer: null }).auth.token({ email: 'ada@example.com', password })
    const own = world.pawl.as(access_token.reveal()).identities
    const flow = await own.link({ provider: 'corp', auth_confirm: password })
    await own.complete(await begun(world, elsewhere, {}, flow))
    expect(await signIn(world, elsewhere)).toMatchObject({ user_id: id, is_new: false })
  })

  it('links nothing in the session of another user, or of nobody', async () => {
    await using world = await started()
    const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    const link = () => world.pawl.as({ user: id }).identities.link({ provider: 'corp', auth_confirm: password })
    for (const who of [{ bearer: null }, { user: world.ownerId }]) {
      const given = await begun(world, ada, {}, await link())
      await expect(world.pawl.as(who).identities.complete(given)).rejects.toMatchObject(failed)
    }
    const { user_id } = await signIn(world, { ...ada, sub: 'bob', email: 'bob@example.com' })
    const given = await begun(world, { ...ada, sub: 'bob' }, {}, await link())
    const taken = world.pawl.as({ user: id }).identities.complete(given)
    await expect(taken).rejects.toMatchObject({ code: 'identity_taken' })
    expect((await world.pawl.as({ user: user_id }).identities.list()).identities).toHaveLength(1)
  })

  it('unlinks an identity, but not its only way in, and nobody else’s', async () => {
    await using world = await started()
    const { user_id } = await signIn(world)
    const own = world.pawl.as({ user: user_id }).identities
    const identity_id = (await own.list()).identities[0]?.id ?? ''
    await expect(own.unlink({ identity_id })).rejects.toMatchObject({ code: 'last_way_in' })
    await expect(world.owner.identities.unlink({ identity_id })).rejects.toMatchObject({ kind: 'not_found' })
    const flow = await own.link({ provider: 'corp' })
    await own.complete(await begun(world, { ...ada, sub: 'ada-2' }, {}, flow))
    await own.unlink({ identity_id })
    await expect(signIn(world)).rejects.toMatchObject({ code: 'identity_not_linked' })
    expect(await signIn(world, { ...ada, sub: 'ada-2' })).toMatchObject({ user_id })
  })
})

describe('the rules of the operator', () => {
  it.each<[string, Partial<IdentityProvider>, Person]>([
    ['of another domain', {}, { ...ada, email: 'ada@evil.example' }],
    ['of a domain below', {}, { ...ada, email: 'ada@sub.example.com' }],
    ['whose address only ends so', {}, { ...ada, email: 'ada@notexample.com' }],
    ['whose address has two signs', {}, { ...ada, email: 'ada@example.com@evil.example' }],
    ['whose address nobody verified', {}, { ...ada, email_verified: false }],
    ['whose address may be verified', {}, { ...ada, email_verified: undefined }],
    ['whose address is verified in words', {}, { ...ada, email_verified: 'yes' }],
    ['without an address', { domains: [], groups: { staff: 'member' } }, { sub: 'ada', groups: ['staff'] }],
    ['in none of the groups', { domains: [], groups: { staff: 'member' } }, { ...ada, groups: ['guests'] }],
    ['in a group of another spelling', { domains: [], groups: { staff: 'member' } }, { ...ada, groups: ['Staff'] }],
    [
      'in a group that every object has',
      { domains: [], groups: { staff: 'member' } },
      { ...ada, groups: ['toString'] },
    ],
    [
      'in a group, of another domain',
      { groups: { staff: 'member' } },
      { ...ada, email: 'a@b.example', groups: ['staff'] },
    ],
    ['where nobody is let in', { domains: [] }, ada],
  ])('let nobody in %s', async (_, wanted, person) => {
    await using world = await started(wanted)
    await expect(signIn(world, person)).rejects.toMatchObject(notAdmitted)
    const [event] = (await world.owner.audit.events({ action: 'auth.failure' })).events
    expect(event).toMatchObject({ details: { method: 'oidc', provider: 'corp', reason: expect.any(String) } })
    expect((await world.owner.orgs.listMembers()).members).toHaveLength(1)
  })

  it.each<[string, Partial<IdentityProvider>, Person]>([
    ['of any domain', { domains: ['*'] }, { ...ada, email: 'ada@elsewhere.example' }],
    ['whose provider verifies every address', { emailsAreVerified: true }, { ...ada, email_verified: undefined }],
    ['whose address stands in another claim', { emailClaim: 'upn' }, { ...ada, email: 'x', upn: 'ada@example.com' }],
    ['with an address that Apple calls verified', {}, { ...ada, email_verified: 'true' }],
    [
      'by a group alone',
      { domains: [], groups: { staff: 'member' } },
      { ...ada, email_verified: false, groups: 'staff' },
    ],
    [
      'by a group deep in the token',
      { domains: [], groups: { staff: 'member' }, groupsClaim: 'realm_access.roles' },
      { ...ada, realm_access: { roles: ['staff'] } },
    ],
  ])('let somebody in %s', async (_, wanted, person) => {
    await using world = await started(wanted)
    expect(await signIn(world, person)).toMatchObject({ is_new: true })
  })

  it('never say that an address is verified if the provider denies it', async () => {
    await using world = await started({ emailsAreVerified: true })
    await expect(signIn(world, { ...ada, email_verified: false })).rejects.toMatchObject(notAdmitted)
  })

  it('give the highest role of all groups, at each sign-in, and leave owners alone', async () => {
    const groups = { staff: 'member', admins: 'admin' } as const
    await using world = await started({ domains: [], groups })
    const roleAfter = async (...given: string[]) => {
      const { access_token } = await signIn(world, { ...ada, groups: given })
      return (await world.pawl.as(access_token.reveal()).auth.me()).role
    }
    expect(await roleAfter('staff', 'admins')).toBe('admin')
    expect(await roleAfter('staff')).toBe('member')
    expect(await roleAfter('admins', 'others')).toBe('admin')
    const changes = (await world.owner.audit.events({ action: 'member.role_change' })).events
    expect(changes).toMatchObject([{ details: { role: 'admin' } }, { details: { role: 'member' } }])
    await expect(roleAfter('others')).rejects.toMatchObject(notAdmitted)
    const { members } = await world.owner.orgs.listMembers()
    const user_id = members.find(({ email }) => email === 'ada@example.com')?.id ?? ''
    await world.owner.orgs.setRole({ user_id, role: 'owner' })
    expect(await roleAfter('others')).toBe('owner')
  })

  it('show no name that is not fit to be shown', async () => {
    await using world = await started()
    const { access_token } = await signIn(world, { ...ada, name: 'Ada\u202e\n[owner]' })
    expect(await world.pawl.as(access_token.reveal()).auth.me()).toMatchObject({ display_name: '' })
  })
})

describe('the social sign-in of the contract (3.8)', () => {
  const social = () => ({ name: 'google', label: 'Google' })
  let tokens = 0
  const idToken = (claims: Partial<Person> = {}, spoiled: Spoiled = {}) =>
    issuer.token({ ...ada, jti: `${++tokens}`, ...claims }, spoiled)

  it('takes an ID token of Google, on both routes, each once', async () => {
    await using world = await started(social())
    const id_token = idToken()
    const first = await anybody(world).socialLogin({ provider: 'google', id_token })
    expect(first).toMatchObject({ is_new: true, org_id: world.org, token_type: 'Bearer' })
    expect(await world.pawl.as(first.access_token.reveal()).auth.me()).toMatchObject({ auth_method: 'google' })
    await expect(anybody(world).socialLogin({ provider: 'google', id_token })).rejects.toMatchObject(failed)
    await expect(anybody(world).google({ id_token })).rejects.toMatchObject(failed)
    const { access_token } = await anybody(world).google({ id_token: idToken() })
    expect((await world.pawl.as(access_token.reveal()).auth.me()).id).toBe(first.user_id)
  })

  it('creates the wallets that the user lacks on the chains that the app names', async () => {
    await using world = await started(social())
    const enter = (...auto_provision_chains: string[]) =>
      anybody(world).socialLogin({ provider: 'google', id_token: idToken(), auto_provision_chains })
    await expect(enter('dogecoin')).rejects.toMatchObject({ kind: 'invalid' })
    const { access_token } = await enter('base', 'solana')
    await enter('ethereum')
    const { wallets } = await world.pawl.as(access_token.reveal()).wallets.list({})
    expect(wallets).toMatchObject([{ chain: 'ethereum' }, { chain: 'solana' }])
  })

  it('works once for one of 50 at once', async () => {
    await using world = await started(social())
    await anybody(world).google({ id_token: idToken() })
    const id_token = idToken()
    const settled = await Promise.allSettled(Array.from({ length: 50 }, () => anybody(world).google({ id_token })))
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('answers 409 where an account has the address, and 401 to an address that nobody verified', async () => {
    await using world = await started(social())
    await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    const asked = anybody(world).socialLogin({ provider: 'google', id_token: idToken() })
    await expect(asked).rejects.toMatchObject({ kind: 'conflict', code: 'identity_not_linked' })
    const other = { sub: 'bob', email: 'bob@example.com', email_verified: false }
    await expect(anybody(world).google({ id_token: idToken(other) })).rejects.toMatchObject(failed)
    for (const spoiled of [{ wrongKey: true }, { alg: 'none' }, { claims: { aud: 'another' } }] as const) {
      await expect(anybody(world).google({ id_token: idToken({}, spoiled) })).rejects.toMatchObject(failed)
    }
  })

  it('takes a code of Discord once, with its redirect URI, and only for a verified address', async () => {
    const user = { id: '80351110224678912', email: 'nelly@example.com', verified: true, global_name: 'Nelly' }
    const codes = new Set(['first', 'second', 'third'])
    const seen: { path: string | undefined; authorization: string | undefined; body: string }[] = []
    const server = createServer(async (request, response) => {
      const { url: path, headers } = request
      const body = await textOf(request)
      seen.push({ path, authorization: headers.authorization, body })
      const isRight = path === '/api/users/@me' || codes.delete(new URLSearchParams(body).get('code') ?? '')
      response.writeHead(isRight ? 200 : 400)
      response.end(JSON.stringify(path === '/api/users/@me' ? user : { access_token: 'discord-token' }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const clientSecret = Secret.of('of discord')
    await using world = await started({ name: 'discord', issuer: url, clientId: 'app', clientSecret })
    const oauth_redirect_uri = 'https://app.example.com/back'
    const enter = (id_token: string, given = {}) =>
      anybody(world).socialLogin({ provider: 'discord', id_token, oauth_redirect_uri, ...given })
    await expect(enter('first', { oauth_redirect_uri: null })).rejects.toMatchObject({ kind: 'invalid' })
    const first = await enter('first')
    expect(first).toMatchObject({ is_new: true })
    expect(seen).toMatchObject([
      { path: '/api/oauth2/token', authorization: `Basic ${btoa('app:of+discord')}` },
      { path: '/api/users/@me', authorization: 'Bearer discord-token' },
    ])
    expect(new URLSearchParams(seen[0]?.body).get('redirect_uri')).toBe(oauth_redirect_uri)
    await expect(enter('first')).rejects.toMatchObject(failed)
    user.verified = false
    await expect(enter('second')).rejects.toMatchObject(failed)
    user.verified = true
    expect(await enter('third')).toMatchObject({ is_new: false, user_id: first.user_id })
    server.close()
    server.closeAllConnections()
  })

  it('names the setting where it is not configured', async () => {
    await using world = await started()
    for (const provider of ['google', 'apple', 'discord'] as const) {
      const asked = anybody(world).socialLogin({
        provider,
        id_token: 'x',
        oauth_redirect_uri: 'https://app.example.com',
      })
      await expect(asked).rejects.toMatchObject({
        code: 'identity_provider_not_configured',
        message: expect.stringMatching(new RegExp(`${provider}.*PAWL_OIDC_PROVIDERS`)),
      })
    }
  })
})
