import { tagged } from '@pawl/testkit/canary'
import { describe, expect, it } from 'vitest'
import { pageText, send, served, signedIn } from '../../test/pages.ts'

// Goal: a user claims, shares and takes back on pages, and no page does more than its button says. Method: the pages as a
// browser gets them, over a socket.

type World = Parameters<Parameters<typeof served>[0]>[0]

async function withApp(world: World, fields: object = {}) {
  const made = await world.owner.platform.createApp({ name: 'My <b>DeFi</b>', slug: 'my-defi', ...fields })
  return { app: world.pawl.as(made.api_key.reveal()), app_id: made.id, key: made.api_key.reveal() }
}

async function withClaim(world: World, url: string, fields: object = {}) {
  const email = 'ada@example.com'
  const { cookie, id } = await signedIn(world, url, email)
  const { app, key } = await withApp(world, fields)
  const { connection_id } = await app.platform.upsertUser({ email })
  const { claim_url, summary } = await app.platform.bootstrap({ connection_id })
  const own = await world.pawl.as({ user: id }).vaults.create({ name: 'own' })
  return { app, key, cookie, id, connection_id, link: claim_url.reveal(), summary, own: own.id }
}

describe('the claim page', () => {
  it('shows what was made, and claims it with one click', () =>
    served(async (world, url) => {
      const { link, app, connection_id } = await withClaim(world, url)
      const shown = await pageText(link)
      expect(shown).toContain('1 vault')
      expect(shown).toContain('My &lt;b&gt;DeFi&lt;/b&gt;')
      expect((await app.platform.listGrants({ connection_id })).grants).toEqual([])
      const answer = await send(link, {})
      expect(await answer.text()).toContain('It is yours')
      expect(await pageText(link)).toContain('It is yours')
      expect(await (await send(link, {})).text()).toContain('was used')
    }))

  it('asks for a sign-in where the app wants one, and takes only that of the user', () =>
    served(async (world, url) => {
      const { link, cookie } = await withClaim(world, url, { auth_mode: 'user_signin' })
      const first = await fetch(link, { redirect: 'manual', headers: { accept: 'text/html' } })
      expect([first.status, first.headers.get('location')]).toEqual([303, expect.stringContaining('/login?next=')])
      const other = await signedIn(world, url, 'eve@example.com')
      expect(await (await send(link, {}, { cookie: other.cookie })).text()).toContain('Sign in as the user')
      expect(await (await send(link, {}, { cookie })).text()).toContain('It is yours')
    }))

  it('says that a link has expired, and nothing of one that never was', () =>
    served(async (world, url) => {
      const { link } = await withClaim(world, url)
      world.clock.advance(11 * 60_000)
      const expired = await fetch(link, { headers: { accept: 'text/html' } })
      expect([expired.status, await expired.text()]).toEqual([410, expect.stringContaining('The link has expired')])
      expect(await pageText(link.replace(/ct_.*/, 'ct_nonsense'))).toContain('does not exist')
    }))

  it('takes no form of another site (CSRF), and cannot be framed', () =>
    served(async (world, url) => {
      const { link } = await withClaim(world, url)
      expect((await send(link, {}, { origin: 'https://evil.example' })).status).toBe(403)
      const { headers } = await fetch(link, { headers: { accept: 'text/html' } })
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }))
})

describe('the grant page', () => {
  it('shares what the user chooses, and the account page takes it back', () =>
    served(async (world, url) => {
      const { cookie, connection_id, own, key, id } = await withClaim(world, url)
      await world.pawl.as({ user: id }).secrets.put({ vault_id: own, path: 'keys/one', value: tagged('v1') })
      const page = `${url}/connect/my-defi/grant?connection=${connection_id}`
      expect(await pageText(page, cookie)).toContain('Vault own')
      const acting = world.pawl.as({ bearer: key, platformConnection: connection_id })
      const read = () => acting.secrets.get({ vault_id: own, path: 'keys/one' })
      await expect(read()).rejects.toMatchObject({ kind: 'denied' })
      const answer = await send(page, { [`vault ${own}`]: 'yes', paths: 'keys/*', act: 'yes' }, { cookie })
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account/apps'])
      expect((await read()).value.reveal()).toBe(tagged('v1'))
      const apps = `${url}/account/apps`
      expect(await pageText(apps, cookie)).toContain('own: read')
      expect(await pageText(`${url}/account`, cookie)).toContain('/account/apps')
      const [, grant_id = ''] = /name="grant_id" value="([^"]+)"/.exec(await pageText(apps, cookie)) ?? []
      await send(apps, { connection_id, grant_id }, { cookie })
      await expect(read()).rejects.toMatchObject({ kind: 'denied' })
      await send(apps, { connection_id, action: 'disconnect' }, { cookie })
      expect(await pageText(apps, cookie)).toContain('not connected to any app')
    }))

  it('is for who is signed in, and for a connection of theirs', () =>
    served(async (world, url) => {
      const { connection_id } = await withClaim(world, url)
      const page = `${url}/connect/my-defi/grant?connection=${connection_id}`
      expect((await fetch(page, { redirect: 'manual' })).headers.get('location')).toContain('/login')
      const { cookie } = await signedIn(world, url, 'eve@example.com')
      expect(await pageText(page, cookie)).toContain('not connected')
      expect((await send(page, { paths: '**' }, { cookie })).status).toBe(404)
    }))
})
