import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { matchesRedirect, redirectProblem } from './redirect-uris.ts'

// Goal: an app is run by the admins of its organisation, and its key opens what names apps and nothing else. Method: a whole
// engine in memory; every bearer form is tried.

const day = 24 * 60 * 60 * 1_000
const notAuthenticated = expect.objectContaining({ code: 'not_authenticated' })
const denied = expect.objectContaining({ kind: 'denied' })

async function withApp(
  wanted: Partial<{ slug: string; api_key_expires_at: string; max_connected_users: number }> = {},
) {
  const world = await testPawl()
  const made = await world.owner.platform.createApp({ name: 'My DeFi Platform', slug: 'my-defi', ...wanted })
  const key = made.api_key.reveal()
  const exchange = (api_key: string) => world.pawl.as({}).auth.apiKeyToken({ api_key })
  const works = (bearer: string) =>
    world.pawl
      .as(bearer)
      .platform.getApp({ app_id: made.id })
      .then(
        () => true,
        () => false,
      )
  return { ...world, made, key, app_id: made.id, exchange, works }
}

describe('the key of an app', () => {
  it('works as it is and as a token, and the login of an admin works in its place', async () => {
    const { key, exchange, works, owner, app_id } = await withApp()
    expect(key).toMatch(/^plt_[\w-]{43}$/)
    const { access_token, expires_in } = await exchange(key)
    expect(expires_in).toBe(86_400)
    expect([await works(key), await works(access_token.reveal())]).toEqual([true, true])
    expect(await owner.platform.getApp({ app_id })).toMatchObject({ slug: 'my-defi', api_key_prefix: key.slice(0, 12) })
  })

  it('ends with its expiry, and null clears the expiry', async () => {
    const { key, works, clock, owner, app_id } = await withApp({ api_key_expires_at: '2026-01-02T00:00:00Z' })
    await owner.platform.updateApp({ app_id, api_key_expires_at: null })
    clock.advance(3 * day)
    expect(await works(key)).toBe(true)
    await owner.platform.updateApp({ app_id, api_key_expires_at: '2026-01-05T00:00:00Z' })
    clock.advance(3 * day)
    expect(await works(key)).toBe(false)
  })

  it('ends with its tokens when it is rotated, unless an overlap was asked for', async () => {
    const { key, exchange, works, clock, owner, app_id } = await withApp()
    const token = (await exchange(key)).access_token.reveal()
    const second = (await owner.platform.rotateAppKey({ app_id })).api_key.reveal()
    expect([await works(key), await works(token), await works(second)]).toEqual([false, false, true])
    const third = (await owner.platform.rotateAppKey({ app_id, overlap_seconds: 60 })).api_key.reveal()
    expect([await works(second), await works(third)]).toEqual([true, true])
    clock.advance(61_000)
    expect([await works(second), await works(third)]).toEqual([false, true])
  })

  it('is refused while the app is switched off, and after the app is gone', async () => {
    const { key, works, owner, app_id, pawl } = await withApp()
    await owner.platform.updateApp({ app_id, is_active: false })
    expect(await works(key)).toBe(false)
    await owner.platform.updateApp({ app_id, is_active: true })
    expect(await works(key)).toBe(true)
    expect(await owner.platform.deleteApp({ app_id })).toMatchObject({ slug: 'my-defi', slug_released: true })
    await expect(pawl.as(key).platform.getApp({ app_id })).rejects.toEqual(notAuthenticated)
    await owner.platform.createApp({ name: 'Again', slug: 'my-defi' })
  })

  it('neither creates, changes, rotates nor deletes apps', async () => {
    const { key, pawl, app_id } = await withApp()
    const { platform } = pawl.as(key)
    for (const call of [
      () => platform.createApp({ name: 'x', slug: 'other' }),
      () => platform.listApps(),
      () => platform.updateApp({ app_id, name: 'x' }),
      () => platform.rotateAppKey({ app_id }),
      () => platform.deleteApp({ app_id }),
    ]) {
      await expect(call()).rejects.toEqual(denied)
    }
  })

  it('opens no other app, not even of the same organisation', async () => {
    const { key, pawl, owner } = await withApp()
    const other = await owner.platform.createApp({ name: 'Other', slug: 'other' })
    const call = pawl.as(key).platform.getApp({ app_id: other.id })
    await expect(call).rejects.toMatchObject({ code: 'platform_app_not_found' })
  })
})

describe('an app', () => {
  it('is for admins: a member neither sees nor creates one', async () => {
    const { member, app_id } = await withApp()
    const { as } = await member()
    await expect(as.platform.createApp({ name: 'x', slug: 'mine' })).rejects.toEqual(denied)
    await expect(as.platform.getApp({ app_id })).rejects.toMatchObject({ code: 'platform_app_not_found' })
  })

  it('has a slug of its own, whatever its case', async () => {
    const { owner } = await withApp()
    await expect(owner.platform.createApp({ name: 'x', slug: 'MY-DEFI' })).rejects.toMatchObject({ code: 'slug_taken' })
  })

  it.each([
    ...['http://idp.example.com/jwks', 'https://localhost/jwks', 'https://127.0.0.1/jwks', 'https://[::1]/jwks'],
    ...['https://10.1.2.3/jwks', 'https://169.254.169.254/latest', 'https://metadata.google.internal/jwks'],
    ...['https://idp.example.com./jwks', 'https://[::ffff:10.0.0.1]/jwks', 'https://[fd00::1]/jwks'],
    ...['https://user:pass@idp.example.com/jwks', 'https://100.64.0.1/jwks', 'https://idp.local/jwks'],
    ...['https://0177.0.0.1/jwks', 'https://127.1/jwks', 'https://[64:ff9b::7f00:1]/jwks', 'https://2130706433/jwks'],
    ...['https://10.0.0.1#.idp.example.com/jwks', 'https://idp.example.com\\\\@10.0.0.1/jwks', 'https:/\\\\10.0.0.1/'],
  ])('B2, E3, E5: refuses to call %s, for a key set, a webhook and a logo', async (url) => {
    const { owner, app_id } = await withApp()
    for (const field of ['oidc_jwks_url', 'webhook_url', 'logo_url']) {
      for (const call of [
        () => owner.platform.createApp({ name: 'x', slug: 'other', [field]: url }),
        () => owner.platform.updateApp({ app_id, [field]: url }),
      ]) {
        await expect(call()).rejects.toMatchObject({
          code: 'invalid_input',
          data: { fields: { [field]: expect.any(String) } },
        })
      }
    }
    expect((await owner.platform.listApps()).apps).toHaveLength(1)
  })
})

describe('the issuer of an app', () => {
  it('M24: is a URL, when the app is created and when it is changed', async () => {
    const { owner, app_id } = await withApp()
    const problem = { code: 'invalid_input', data: { fields: { oidc_issuer: 'must be a URL' } } }
    for (const oidc_issuer of ['AAA', 'accounts.example.com']) {
      const made = owner.platform.createApp({ name: 'x', slug: 'other', oidc_issuer })
      await expect(made).rejects.toMatchObject(problem)
      await expect(owner.platform.updateApp({ app_id, oidc_issuer })).rejects.toMatchObject(problem)
    }
    const oidc_issuer = 'https://accounts.example.com'
    expect(await owner.platform.updateApp({ app_id, oidc_issuer })).toMatchObject({ oidc_issuer })
    expect(await owner.platform.updateApp({ app_id, oidc_issuer: null })).toMatchObject({ oidc_issuer: null })
  })
})

describe('a redirect URI', () => {
  it.each([
    ...['http://myapp.com/callback', 'https://myapp.com/*', 'https://myapp.com/cb#part', 'javascript:alert(1)'],
    ...[
      'https://10.0.0.1/cb',
      'https://169.254.169.254/cb',
      'https://u:p@myapp.com/cb',
      'file:///etc/passwd',
      'cb',
      '',
    ],
    ...['https://intranet/cb', 'https://host.internal/cb', 'https://myapp.com./cb', 'https://my app.com/cb'],
  ])('cannot be %s', (uri) => {
    expect(redirectProblem(uri)).toBeTypeOf('string')
  })

  it('is https, or a loopback address', () => {
    const uris = [
      'https://myapp.com/callback',
      'http://localhost:3000/callback',
      'http://127.0.0.1/cb',
      'http://[::1]:9/cb',
    ]
    for (const uri of uris) expect(redirectProblem(uri)).toBe(null)
  })

  it('matches exactly, and a loopback address with any port (RFC 8252)', () => {
    const registered = ['https://myapp.com/callback', 'http://localhost:3000/callback']
    const matches = (given: string) => matchesRedirect(registered, given)
    expect(
      ['https://myapp.com/callback', 'http://localhost:4567/callback', 'http://localhost/callback'].map(matches),
    ).toEqual([...[true, true, true]])
    const others = [
      ...['https://myapp.com/callback/', 'https://myapp.com:444/callback', 'https://MYAPP.com/callback?x=1'],
      ...['http://localhost:3000/other', 'https://localhost:3000/callback', 'http://127.0.0.1:3000/callback'],
      ...[
        'http://localhost:3000@evil.com/callback',
        'http://localhost.evil.com/callback',
        'https://myapp.com/callback#x',
      ],
    ]
    expect(others.filter(matches)).toEqual([])
  })
})
