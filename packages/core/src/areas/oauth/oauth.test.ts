import { createHash, createPublicKey, verify } from 'node:crypto'
import { memoryStorage } from '@pawl/core/ports/reference'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { failing } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'

// Goal: an app learns what its user allowed, while they allow it, and a thief of any part of the flow learns nothing.

const callback = 'https://myapp.com/callback'
const verifier = 'v'.repeat(43)
const challengeOf = (text: string) => createHash('sha256').update(text).digest('base64url')
const pkce = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }
const exchange = { client_id: 'my-defi', redirect_uri: callback, code_verifier: verifier }

/** A world with an app of the owner, and a user of another organisation. */
async function platform(options: WorldOptions = {}) {
  const world = await testPawl(options)
  const app = await world.owner.platform.createApp({
    ...{ name: 'My DeFi', slug: 'my-defi' },
    redirect_uris: [callback, 'http://localhost:3000/callback'],
  })
  const user = await world.otherOrg()
  return { world, app, user, nobody: world.pawl.as({ bearer: null }).oauth }
}

type Platform = Awaited<ReturnType<typeof platform>>

const request = { client_id: 'my-defi', redirect_uri: callback, scope: 'openid profile email offline_access', ...pkce }

async function codeOf({ user }: Platform, more: object = {}) {
  const { redirect_url } = await user.owner.oauth.decide({ ...request, ...more, approve: true })
  return new URL(redirect_url.reveal()).searchParams.get('code') ?? ''
}

const signedIn = async (given: Platform, more: object = {}) => {
  const tokens = await given.nobody.token({ ...exchange, code: await codeOf(given, more) })
  return { access: tokens.access_token.reveal(), refresh: tokens.refresh_token?.reveal() ?? '', tokens }
}

const infoOf = ({ world }: Platform, access: string) => world.pawl.as(access).oauth.userInfo()
const opens = (given: Platform, access: string) =>
  infoOf(given, access).then(
    () => true,
    () => false,
  )
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => null,
    ({ data }) => data?.error,
  )
const actions = async ({ user }: Platform) => (await user.owner.audit.events({})).events.map(({ action }) => action)

describe('a sign-in', () => {
  it('tells the app who the user is, as far as its scopes go', async () => {
    const given = await platform()
    const { tokens, access } = await signedIn(given)
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 900, scope: request.scope })
    const { email } = await given.user.owner.auth.me()
    const sub = given.user.ownerId
    expect(await infoOf(given, access)).toEqual({ sub, email, email_verified: expect.any(Boolean), name: null })
    const { access: narrow } = await signedIn(given, { scope: 'openid' })
    expect(await infoOf(given, narrow)).toEqual({ sub })
  })

  it('tells the address of the wallet with the scope wallet only, and of the newest wallet', async () => {
    const given = await platform()
    const { access } = await signedIn(given, { scope: 'openid wallet' })
    expect(await infoOf(given, access)).toEqual({ sub: given.user.ownerId, wallet_address: null })
    const { wallets } = await given.user.owner.wallets.generate({ chains: ['ethereum'] })
    expect(await infoOf(given, access)).toEqual({ sub: given.user.ownerId, wallet_address: wallets[0]?.address })
    const without = await signedIn(given, { scope: 'openid' })
    expect(await infoOf(given, without.access)).toEqual({ sub: given.user.ownerId })
  })

  it('gives an ID token for the app, with the nonce, that the published keys verify', async () => {
    const given = await platform()
    const { tokens } = await signedIn(given, { nonce: 'n-1' })
    const [head = '', body = '', signature = ''] = (tokens.id_token?.reveal() ?? '').split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    const { kid, alg } = read(head)
    const key = (await given.world.pawl.as({ bearer: null }).auth.jwks()).keys.find((one) => one.kid === kid)
    const publicKey = createPublicKey({ key: { ...key } as never, format: 'jwk' })
    expect(alg).toBe('RS256')
    expect(verify('sha256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
    expect(read(body)).toMatchObject({
      aud: 'my-defi',
      sub: given.user.ownerId,
      nonce: 'n-1',
      email: expect.any(String),
    })
  })

  it('opens nothing but userinfo: no vault, no account, and no other token', async () => {
    const given = await platform()
    const { access, refresh, tokens } = await signedIn(given)
    for (const bearer of [access, refresh, tokens.id_token?.reveal() ?? '', await codeOf(given)]) {
      const as = given.world.pawl.as(bearer)
      for (const call of [as.vaults.list(), as.auth.me(), as.auth.refresh(), as.oauth.consents(), as.agents.list()]) {
        await expect(call).rejects.toMatchObject({ kind: 'unauthenticated' })
      }
    }
    expect(await opens(given, refresh)).toBe(false)
    expect(await opens(given, tokens.id_token?.reveal() ?? '')).toBe(false)
  })

  it('answers with state and issuer, also when the user denies', async () => {
    const given = await platform()
    const { owner } = given.user
    const allowed = new URL(
      (await owner.oauth.decide({ ...request, state: 'a b&c', approve: true })).redirect_url.reveal(),
    )
    expect(`${allowed.origin}${allowed.pathname}`).toBe(callback)
    const { code: _, ...rest } = Object.fromEntries(allowed.searchParams)
    expect(rest).toEqual({ state: 'a b&c', iss: given.world.pawl.settings.publicUrl })
    const denied = new URL((await owner.oauth.decide({ ...request, state: 's', approve: false })).redirect_url.reveal())
    expect(Object.fromEntries(denied.searchParams)).toMatchObject({ error: 'access_denied', state: 's' })
    expect(denied.searchParams.has('code')).toBe(false)
    expect((await owner.oauth.consents()).consents).toHaveLength(1)
  })

  it('ends with its time: a code after five minutes, an access token after fifteen', async () => {
    const given = await platform()
    const code = await codeOf(given)
    const { access } = await signedIn(given)
    given.world.clock.advance(300_000)
    expect(await refusal(given.nobody.token({ ...exchange, code }))).toBe('invalid_grant')
    expect(await opens(given, access)).toBe(true)
    given.world.clock.advance(600_000)
    expect(await opens(given, access)).toBe(false)
    given.world.clock.advance(40 * 86_400_000)
    await given.world.pawl.runJobs()
    expect(given.world.storedKinds()).not.toHaveProperty('oauthGrant')
  })
})

describe('a request', () => {
  const wrong = [
    ['an unknown client', { client_id: 'nobody' }, 'Unknown client_id'],
    ['the ID of the app', { client_id: '' }, 'Unknown client_id'],
    ['another place', { redirect_uri: 'https://evil.com/callback' }, 'not registered'],
    ['a longer path', { redirect_uri: `${callback}/more` }, 'not registered'],
    ['another query', { redirect_uri: `${callback}?next=https://evil.com` }, 'not registered'],
    ['a host that begins like it', { redirect_uri: 'https://myapp.com.evil.com/callback' }, 'not registered'],
    ['credentials that look like it', { redirect_uri: 'https://myapp.com@evil.com/callback' }, 'not registered'],
    ['another scheme', { redirect_uri: 'http://myapp.com/callback' }, 'not registered'],
    ['a fragment', { redirect_uri: `${callback}#x` }, 'not registered'],
    ['a path of loopback that is not registered', { redirect_uri: 'http://localhost:3000/other' }, 'not registered'],
    ['another loopback host', { redirect_uri: 'http://127.0.0.1:3000/callback' }, 'not registered'],
    ['no place', { redirect_uri: undefined }, 'redirect_uri is missing'],
    ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'PKCE'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'S256'],
    ['no method', { code_challenge_method: undefined }, 'S256'],
    ['a challenge that is no digest', { code_challenge: 'short' }, '43 characters'],
    ['an unknown scope', { scope: 'openid vaults:read' }, 'scope can have'],
  ] as const

  it.each(wrong)('with %s is refused, and nothing is stored', async (_, change, text) => {
    const given = await platform()
    const asked = { ...request, ...change, ...(change === wrong[1][1] && { client_id: given.app.id }) }
    const calls = [
      () => given.user.owner.oauth.consent({ ...asked, response_type: 'code' }),
      () => given.user.owner.oauth.decide({ ...asked, approve: true }),
      () => given.user.owner.oauth.decide({ ...asked, approve: false }),
    ]
    for (const call of calls) await expect(call()).rejects.toThrow(text)
    expect(given.world.storedKinds()).not.toHaveProperty('oauthConsent')
  })

  it('leads to a loopback address on any port', async () => {
    const given = await platform()
    const redirect_uri = 'http://localhost:4567/callback'
    const code = await codeOf(given, { redirect_uri })
    const other = given.nobody.token({ ...exchange, redirect_uri: 'http://localhost:3000/callback', code })
    expect(await refusal(other)).toBe('invalid_grant')
    const again = await codeOf(given, { redirect_uri })
    expect(await given.nobody.token({ ...exchange, redirect_uri, code: again })).toHaveProperty('access_token')
  })

  it('of an app that is switched off is one of nobody', async () => {
    const given = await platform()
    const { access, refresh } = await signedIn(given)
    await given.world.owner.platform.updateApp({ app_id: given.app.id, is_active: false })
    await expect(codeOf(given)).rejects.toThrow('Unknown client_id')
    expect(await opens(given, access)).toBe(false)
    expect(await refusal(given.nobody.token({ grant_type: 'refresh_token', refresh_token: refresh }))).toBe(
      'invalid_grant',
    )
  })

  it('tells whether the user allowed the same before', async () => {
    const given = await platform()
    const ask = (scope: string) => given.user.owner.oauth.consent({ ...request, scope, response_type: 'code' })
    expect(await ask('openid')).toMatchObject({ app_name: 'My DeFi', app_slug: 'my-defi', already_consented: false })
    await codeOf(given, { scope: 'openid email' })
    expect((await ask('email')).already_consented).toBe(true)
    expect((await ask('email profile')).already_consented).toBe(false)
  })
})

describe('a code', () => {
  const wrong = [
    ['another verifier', { code_verifier: 'w'.repeat(43) }],
    ['no verifier', { code_verifier: undefined }],
    ['the challenge as the verifier', { code_verifier: pkce.code_challenge }],
    ['another place', { redirect_uri: 'http://localhost:3000/callback' }],
    ['no place', { redirect_uri: undefined }],
    ['another app', { client_id: 'other-app' }],
  ] as const

  it.each(wrong)('with %s gives nothing, and is void from then on', async (_, change) => {
    const given = await platform()
    await given.world.owner.platform.createApp({ name: 'Other', slug: 'other-app', redirect_uris: [callback] })
    const code = await codeOf(given)
    expect(await refusal(given.nobody.token({ ...exchange, ...change, code }))).toBe('invalid_grant')
    expect(await refusal(given.nobody.token({ ...exchange, code }))).toBe('invalid_grant')
    expect(await actions(given)).toContain('oauth.code_refuse')
  })

  it('of an unknown client is 401 and stays good', async () => {
    const given = await platform()
    const code = await codeOf(given)
    for (const client_id of [given.app.id, 'nobody', undefined]) {
      await expect(given.nobody.token({ ...exchange, client_id, code })).rejects.toMatchObject({
        ...{ kind: 'unauthenticated', data: { error: 'invalid_client' } },
        message: expect.stringContaining('Unknown client_id'),
      })
    }
    expect(await given.nobody.token({ ...exchange, code })).toHaveProperty('access_token')
  })

  it('that is used twice revokes what was issued for it', async () => {
    const given = await platform()
    const code = await codeOf(given)
    const { access_token, refresh_token } = await given.nobody.token({ ...exchange, code })
    expect(await opens(given, access_token.reveal())).toBe(true)
    expect(await refusal(given.nobody.token({ ...exchange, code }))).toBe('invalid_grant')
    expect(await opens(given, access_token.reveal())).toBe(false)
    const refreshed = given.nobody.token({ grant_type: 'refresh_token', refresh_token: refresh_token?.reveal() ?? '' })
    expect(await refusal(refreshed)).toBe('invalid_grant')
    expect(await actions(given)).toContain('oauth.code_reuse')
  })

  it('that 50 present at the same time has one winner at most', async () => {
    const given = await platform()
    const code = await codeOf(given)
    const tries = Array.from({ length: 50 }, () => given.nobody.token({ ...exchange, code }).catch(() => null))
    expect((await Promise.all(tries)).filter((one) => one !== null)).toHaveLength(1)
  })

  it.each(['oac_', 'oat_', 'ort_'])('that is made up is refused: %s', async (prefix) => {
    const given = await platform()
    const real = await codeOf(given)
    const body = real.slice(4)
    const forged = [
      `${prefix}${body}x`,
      `${prefix}${body.replace(/\.[^.]+$/, `.${'A'.repeat(43)}`)}`,
      `${prefix}x`,
      prefix,
    ]
    if (prefix !== 'oac_') forged.push(prefix + body)
    for (const code of forged) expect(await refusal(given.nobody.token({ ...exchange, code }))).toBe('invalid_grant')
    for (const token of forged) expect(await opens(given, token)).toBe(false)
    expect(await given.nobody.token({ ...exchange, code: real })).toHaveProperty('access_token')
  })
})

describe('a refresh token', () => {
  const refreshWith = (given: Platform, refresh_token: string) =>
    given.nobody.token({ grant_type: 'refresh_token', refresh_token, client_id: 'my-defi' })

  it('is replaced at each use, and an old one ends the sign-in', async () => {
    const given = await platform()
    const { refresh, access } = await signedIn(given)
    const second = await refreshWith(given, refresh)
    expect(second.refresh_token?.reveal()).not.toBe(refresh)
    expect(await opens(given, second.access_token.reveal())).toBe(true)
    expect(await refusal(refreshWith(given, refresh))).toBe('invalid_grant')
    expect(await refusal(refreshWith(given, second.refresh_token?.reveal() ?? ''))).toBe('invalid_grant')
    for (const one of [access, second.access_token.reveal()]) expect(await opens(given, one)).toBe(false)
    expect(await actions(given)).toContain('oauth.refresh_reuse')
  })

  it('is given only for offline_access, and ends 30 days after its last use', async () => {
    const given = await platform()
    expect((await signedIn(given, { scope: 'openid email' })).refresh).toBe('')
    let { refresh } = await signedIn(given)
    for (let month = 0; month < 3; month++) {
      given.world.clock.advance(29 * 86_400_000)
      refresh = (await refreshWith(given, refresh)).refresh_token?.reveal() ?? ''
    }
    given.world.clock.advance(30 * 86_400_000)
    expect(await refusal(refreshWith(given, refresh))).toBe('invalid_grant')
  })

  it('of one app is worth nothing to another', async () => {
    const given = await platform()
    await given.world.owner.platform.createApp({ name: 'Other', slug: 'other-app', redirect_uris: [callback] })
    const { refresh } = await signedIn(given)
    const stolen = given.nobody.token({ grant_type: 'refresh_token', refresh_token: refresh, client_id: 'other-app' })
    expect(await refusal(stolen)).toBe('invalid_grant')
  })

  it('that 50 use at the same time has one winner at most', async () => {
    const given = await platform()
    const { refresh } = await signedIn(given)
    const tries = Array.from({ length: 50 }, () => refreshWith(given, refresh).catch(() => null))
    expect((await Promise.all(tries)).filter((one) => one !== null)).toHaveLength(1)
  })
})

describe('a token', () => {
  const ways = [
    ['revokes it', async ({ nobody }: Platform, access: string) => nobody.revoke({ token: access })],
    [
      'revokes its refresh token',
      async ({ nobody }: Platform, _: string, refresh: string) => nobody.revoke({ token: refresh }),
    ],
    ['takes back the consent', async ({ user, app }: Platform) => user.owner.oauth.revokeConsent({ app_id: app.id })],
    [
      'takes back the consent by its slug',
      async ({ user }: Platform) => user.owner.oauth.revokeConsent({ app_id: 'my-defi' }),
    ],
    ['deletes the app', async ({ world, app }: Platform) => world.owner.platform.deleteApp({ app_id: app.id })],
  ] as const

  it.each(ways)('ends at once for one who %s', async (_, end) => {
    const given = await platform()
    const { access, refresh } = await signedIn(given)
    expect(await opens(given, access)).toBe(true)
    await end(given, access, refresh)
    expect(await opens(given, access)).toBe(false)
    const refreshed = given.nobody.token({ grant_type: 'refresh_token', refresh_token: refresh })
    expect(await refusal(refreshed)).toBe('invalid_grant')
  })

  it('ends when its user changes the password, is removed, or disconnects', async () => {
    const given = await platform()
    const { id, as } = await given.world.member()
    const member = { ...given, user: { ...given.user, owner: as } }
    const first = await signedIn(member)
    await as.accounts.setPassword({ password: 'Correct-Horse-7', password_confirm: 'Correct-Horse-7' })
    await as.auth.changePassword({ current_password: 'Correct-Horse-7', new_password: 'Correct-Horse-8' })
    expect(await opens(given, first.access)).toBe(false)

    const second = await signedIn(member, { scope: 'openid link' })
    const [consent] = (await as.oauth.consents()).consents
    await as.platform.disconnect({ connection_id: consent?.connection_id ?? '' })
    expect(await opens(given, second.access)).toBe(false)

    const third = await signedIn(member)
    await given.world.owner.orgs.removeMember({ user_id: id })
    expect(await opens(given, third.access)).toBe(false)
    expect(given.world.storedKinds()).not.toHaveProperty('oauthConsent')
  })

  it('that is unknown is revoked with the same answer', async () => {
    const { nobody } = await platform()
    for (const token of ['oat_unknown', 'x', 'ocv_key'])
      expect(await nobody.revoke({ token })).toEqual({ revoked: true })
  })

  it('of another sign-in of the same user goes on', async () => {
    const given = await platform()
    const [one, two] = [await signedIn(given), await signedIn(given)]
    await given.nobody.revoke({ token: one.access })
    expect([await opens(given, one.access), await opens(given, two.access)]).toEqual([false, true])
  })
})

describe('the scope link', () => {
  it('connects the user to the app, with a place and without, and needs no PKCE', async () => {
    const given = await platform()
    const { owner, ownerId } = given.user
    const plain = { client_id: 'my-defi', scope: 'link' }
    const { redirect_url, connection_id = '' } = await owner.oauth.decide({ ...plain, approve: true })
    expect(redirect_url.reveal()).toBe(`${given.world.pawl.settings.publicUrl}/oauth/linked?app=my-defi`)
    const there = await owner.oauth.decide({ ...plain, redirect_uri: callback, state: 's', approve: true })
    const { code = '', ...told } = Object.fromEntries(new URL(there.redirect_url.reveal()).searchParams)
    const iss = given.world.pawl.settings.publicUrl
    expect(told).toEqual({ linked: 'true', connection_id, state: 's', iss })
    const { access_token, scope } = await given.nobody.token({ client_id: 'my-defi', redirect_uri: callback, code })
    expect(scope).toBe('link')
    expect(await infoOf(given, access_token.reveal())).toEqual({ sub: ownerId })
    const { users } = await given.world.owner.platform.listUsers({ app_id: given.app.id })
    expect(users).toMatchObject([{ connection_id, user_id: ownerId, status: 'active' }])
  })

  it('needs the verifier when there was a challenge, and takes none when there was none', async () => {
    const given = await platform()
    const code = await codeOf(given, { scope: 'link' })
    expect(await refusal(given.nobody.token({ client_id: 'my-defi', redirect_uri: callback, code }))).toBe(
      'invalid_grant',
    )
    const bare = { scope: 'link', code_challenge: undefined, code_challenge_method: undefined }
    const other = await codeOf(given, bare)
    expect(await refusal(given.nobody.token({ ...exchange, code: other }))).toBe('invalid_grant')
  })

  it('that 50 allow at the same time makes one connection and one consent', async () => {
    const given = await platform()
    const tries = Array.from({ length: 50 }, () => codeOf(given, { scope: 'openid link' }))
    expect(new Set(await Promise.all(tries)).size).toBe(50)
    const { oauthConsent, platformConnection, oauthGrant } = given.world.storedKinds()
    expect([oauthConsent, platformConnection, oauthGrant]).toEqual([1, 1, 50])
    await codeOf(given)
    expect(given.world.storedKinds().oauthGrant).toBe(50)
  })

  it('is refused when the app has all its users, and then nothing is stored', async () => {
    const given = await platform()
    await given.world.owner.platform.updateApp({ app_id: given.app.id, max_connected_users: 0 })
    await expect(codeOf(given, { scope: 'openid link' })).rejects.toMatchObject({ code: 'platform_users_exceeded' })
    expect(given.world.storedKinds()).not.toHaveProperty('oauthConsent')
  })
})

describe('the token endpoint of the discovery documents', () => {
  const grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange'

  it('also exchanges the credential of an agent, and refuses what the federation of the agent refuses', async () => {
    const { world, nobody } = await platform()
    const audience = 'https://api.example.com'
    const settings = { federation_enabled: true, federation_audiences: [audience] }
    const { key: subject_token } = await world.agent(settings)
    const given = await nobody.token({ grant_type, subject_token, audience })
    expect(given).toMatchObject({ token_type: 'Bearer', issued_token_type: expect.stringContaining('jwt') })
    const other = nobody.token({ grant_type, subject_token, audience: 'https://other.example.com' })
    await expect(other).rejects.toMatchObject({ code: 'federation_refused' })
    expect(await refusal(nobody.token({ grant_type, subject_token }))).toBe('invalid_request')
    const { auth, oauth } = world.pawl.as({ bearer: null })
    const [openid, server] = [await auth.openidConfiguration(), await oauth.metadata()]
    for (const name of ['issuer', 'token_endpoint', 'authorization_endpoint', 'grant_types_supported'] as const) {
      expect(openid[name]).toEqual(server[name])
    }
  })

  it('takes no token of OAuth for an agent (3.1)', async () => {
    const given = await platform()
    const { access } = await signedIn(given)
    for (const subject_token of [access, given.app.api_key.reveal()]) {
      const exchanged = given.nobody.token({ grant_type, subject_token, audience: 'https://api.example.com' })
      await expect(exchanged).rejects.toMatchObject({ kind: expect.stringMatching(/unauthenticated|denied|invalid/) })
    }
  })
})

describe('D1, D4: other people', () => {
  it('find no consent of a user, and an agent can give none', async () => {
    const given = await platform()
    await codeOf(given)
    const { as: stranger } = await given.world.member()
    const { as: agent } = await given.world.agent()
    expect((await stranger.oauth.consents()).consents).toEqual([])
    const foreign = stranger.oauth.revokeConsent({ app_id: given.app.id })
    await expect(foreign).rejects.toMatchObject({ code: 'oauth_consent_not_found' })
    await expect(agent.oauth.decide({ ...request, approve: true })).rejects.toMatchObject({ kind: 'denied' })
    const app = given.world.pawl.as(given.app.api_key.reveal())
    await expect(app.oauth.decide({ ...request, approve: true })).rejects.toMatchObject({ kind: 'denied' })
  })
})

describe('a store that fails', () => {
  it.each(['before', 'after'] as const)('leaves nothing or all of a consent, %s each call', async (when) => {
    let faults = 0
    for (let at = 1, isOver = false; !isOver; at++) {
      let calls = 0
      let isArmed = false
      const only = () => isArmed && ++calls > 0
      const storage = failing(memoryStorage(), { at, only, after: when === 'after' })
      const given = await platform({ storage })
      isArmed = true
      const code = await codeOf(given, { scope: 'openid link' }).catch(() => null)
      isArmed = false
      isOver = calls < at
      if (!isOver) faults++
      const { consents } = await given.user.owner.oauth.consents()
      const { users } = await given.world.owner.platform.listUsers({ app_id: given.app.id })
      expect([consents.length, users.length], `call ${at}`).toEqual(
        code !== null || consents.length > 0 ? [1, 1] : [0, 0],
      )
      if (code !== null) expect(await given.nobody.token({ ...exchange, code })).toHaveProperty('access_token')
      await given.world.close()
    }
    expect(faults).toBeGreaterThan(0)
  })
})
