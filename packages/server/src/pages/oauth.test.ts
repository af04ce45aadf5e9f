import { createHash } from 'node:crypto'
import type { World } from '@pawl/testkit/world'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { cookieIn, pageText, password, send, served, signedIn } from '../../test/pages.ts'

const email = 'ada@example.com'
const callback = 'https://myapp.com/callback'
const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url')
const asked = {
  ...{ client_id: 'my-defi', redirect_uri: callback, response_type: 'code', scope: 'openid email', state: 's 1' },
  ...{ code_challenge: challenge, code_challenge_method: 'S256' },
}
const pageOf = (url: string, more: Record<string, string> = {}) =>
  `${url}/oauth/authorize?${new URLSearchParams({ ...asked, ...more })}`

const withApp = ({ owner }: World, more: object = {}) =>
  owner.platform.createApp({ name: 'My <DeFi>', slug: 'my-defi', redirect_uris: [callback], ...more })

describe('the page /oauth/authorize', () => {
  it('asks a visitor to sign in, and leads back to the same request, also written as in the seed', () =>
    served(async (world, url) => {
      await withApp(world)
      await world.owner.orgs.addMember({ email, password })
      const seed = `${url}/oauth/authorize?client_id=my-defi&redirect_uri=${callback}&response_type=code&scope=link&state=a+b`
      const answer = await fetch(seed, { redirect: 'manual' })
      const login = answer.headers.get('location') ?? ''
      const entered = await send(url + login, { email, password })
      const back = new URL(entered.headers.get('location') ?? '', url)
      expect(back.pathname).toBe('/oauth/authorize')
      expect(Object.fromEntries(back.searchParams)).toEqual({
        ...{ client_id: 'my-defi', redirect_uri: callback, response_type: 'code', scope: 'link', state: 'a b' },
      })
      expect(await pageText(back.href, cookieIn(entered))).toContain('Connect your account')
    }))

  it('shows who asks for what, as which account and where it leads, and a click gives a code', () =>
    served(async (world, url) => {
      await withApp(world)
      const { cookie } = await signedIn(world, url, email)
      const response = await fetch(pageOf(url), { headers: { cookie, accept: 'text/html' } })
      const text = await response.text()
      for (const shown of ['My &lt;DeFi&gt;', 'Know that it is you', 'See your e-mail address', email, 'myapp.com']) {
        expect(text).toContain(shown)
      }
      expect(response.headers.get('content-security-policy')).toContain("form-action 'self' https://myapp.com;")
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      const allowed = await send(pageOf(url), { decision: 'yes' }, { cookie })
      const there = new URL(allowed.headers.get('location') ?? '')
      expect([allowed.status, there.origin + there.pathname]).toEqual([303, callback])
      expect(Object.fromEntries(there.searchParams)).toEqual({
        code: expect.stringMatching(/^oac_/),
        state: 's 1',
        iss: url,
      })
      expect(await pageText(pageOf(url), cookie)).toContain('You allowed this before')
    }))

  it('gives nothing when the visitor denies, and tells the app so', () =>
    served(async (world, url) => {
      await withApp(world)
      const { cookie } = await signedIn(world, url, email)
      const denied = await send(pageOf(url), { decision: 'no' }, { cookie })
      const there = new URL(denied.headers.get('location') ?? '')
      expect(Object.fromEntries(there.searchParams)).toMatchObject({ error: 'access_denied', state: 's 1', iss: url })
      expect(world.storedKinds()).not.toHaveProperty('oauthGrant')
    }))

  it('B18: never leads to a place that is not registered, and repeats nothing of the address', () =>
    served(async (world, url) => {
      const { id } = await withApp(world)
      const { cookie } = await signedIn(world, url, email)
      const wrong: Record<string, string>[] = [
        { redirect_uri: 'https://evil.com/<script>' },
        { client_id: id },
        { client_id: '<script>' },
      ]
      for (const more of wrong) {
        for (const response of [
          await fetch(pageOf(url, more), { redirect: 'manual', headers: { cookie } }),
          await send(pageOf(url, more), { decision: 'yes' }, { cookie }),
        ]) {
          const text = await response.text()
          expect([response.status, response.headers.get('location')]).toEqual([400, null])
          expect(text).not.toMatch(/evil|<script|Back to the app/)
        }
      }
    }))

  it('explains what else is wrong, and has a link back, but sends no one on by itself', () =>
    served(async (world, url) => {
      await withApp(world)
      const { cookie } = await signedIn(world, url, email)
      const response = await fetch(pageOf(url, { scope: 'vaults' }), { redirect: 'manual', headers: { cookie } })
      const text = await response.text()
      expect([response.status, response.headers.get('location')]).toEqual([400, null])
      expect(text).toContain('scope can have')
      expect(text).toContain('https://myapp.com/callback?error=invalid_scope&amp;iss=')
    }))

  it('refuses a parameter that comes twice', () =>
    served(async (world, url) => {
      await withApp(world)
      const { cookie } = await signedIn(world, url, email)
      const response = await fetch(`${pageOf(url)}&redirect_uri=https://evil.com`, { headers: { cookie } })
      expect(response.status).toBe(400)
    }))

  it('takes no form from another site', () =>
    served(async (world, url) => {
      await withApp(world)
      const { cookie } = await signedIn(world, url, email)
      const forged = await send(pageOf(url), { decision: 'yes' }, { cookie, origin: 'https://evil.com' })
      expect(forged.status).toBe(403)
      expect(world.storedKinds()).not.toHaveProperty('oauthGrant')
    }))

  it('warns when the app expects another account', () =>
    served(async (world, url) => {
      await withApp(world)
      const { cookie } = await signedIn(world, url, email)
      expect(await pageText(pageOf(url, { login_hint: 'bea@example.com' }), cookie)).toContain(
        'expects another account',
      )
      expect(await pageText(pageOf(url, { login_hint: 'Ada@example.com' }), cookie)).not.toContain(
        'expects another account',
      )
    }))
})

const browser = programAt('chromium')

describe.skipIf(!hasPart('Chromium', 'apt-get install chromium', browser !== null))(
  'in a browser without JavaScript',
  () => {
    it(
      'a person signs in, allows an app and arrives there; and a link without a place ends here',
      { timeout: 120_000 },
      () =>
        served(async (world, url) => {
          const chrome = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox'] })
          try {
            // Another port of loopback stands for the app.
            const { origin } = new URL(url)
            const there = `${origin.replace('127.0.0.1', 'localhost')}/oauth/linked`
            await withApp(world, { redirect_uris: [`http://localhost:1/oauth/linked`] })
            await world.owner.orgs.addMember({ email, password })
            const page = await (await chrome.newContext({ javaScriptEnabled: false })).newPage()
            await page.goto(pageOf(url, { redirect_uri: there, login_hint: email }))
            await page.fill('#email', email)
            await page.fill('#password', password)
            await page.click('button')
            expect(await page.textContent('main')).toContain('See your e-mail address')
            await page.click('button[value=yes]')
            await page.waitForURL(`${there}?*`)
            const { code, state } = Object.fromEntries(new URL(page.url()).searchParams)
            expect([code, state]).toEqual([expect.stringMatching(/^oac_/), 's 1'])
            const exchange = { client_id: 'my-defi', redirect_uri: there, code_verifier: 'v'.repeat(43), code }
            const { access_token } = await world.pawl.as({ bearer: null }).oauth.token(exchange)
            expect(await world.pawl.as(access_token.reveal()).oauth.userInfo()).toMatchObject({ email })

            await page.goto(`${url}/oauth/authorize?client_id=my-defi&scope=link&login_hint=${email}`)
            await page.click('button[value=yes]')
            await page.waitForSelector('text=Your account is connected.')
            await page.goto(pageOf(url, { redirect_uri: there }))
            await page.click('button[value=no]')
            await page.waitForURL(`${there}?error=access_denied*`)
          } finally {
            await chrome.close()
          }
        }),
    )
  },
)
