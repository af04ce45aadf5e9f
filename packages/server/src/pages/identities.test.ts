import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { identityProvider, Secret } from '@pawl/core'
import { systemClock } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { appCode, type FakeIssuer, startFakeIssuer } from '@pawl/testkit/fakes'
import { testPawl, type World } from '@pawl/testkit/world'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { nodeListener } from '../http/index.ts'
import { pages } from './index.ts'

// Goal: a person signs in with a provider by its button, and nobody signs a visitor in to another account. Method: an issuer on
// loopback, the real pages, and a browser or what a browser sends.

const ada = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada' }

async function served(work: (world: World, url: string, issuer: FakeIssuer) => Promise<void>): Promise<void> {
  await using issuer = await startFakeIssuer()
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { clientId, clientSecret } = issuer
  const usual = { name: 'corp', label: 'Corp <ID>', issuer: issuer.url, clientId, domains: ['example.com'] }
  const provider = identityProvider({ ...usual, clientSecret: Secret.of(clientSecret) })
  const world = await testPawl({ publicUrl: url, clock: systemClock, identityProviders: [provider] })
  const listener = nodeListener(world.pawl, { mounts: pages(world.pawl) })
  try {
    issuer.visitor = ada
    await work(world, url, issuer)
  } finally {
    await world.close()
    server.closeAllConnections()
    server.close()
  }
}

const visit = (url: string, cookie = '') => fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} })

const cookiesIn = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((one) => /^[^;]+/.exec(one)?.[0] ?? '')
    .join('; ')

/** From the button to where the provider sends the browser back. */
async function throughProvider(url: string, query = '') {
  const began = await visit(`${url}/login/oidc/corp${query}`)
  const back = await visit(began.headers.get('location') ?? '')
  return { began, cookie: cookiesIn(began), back: back.headers.get('location') ?? '' }
}

describe('the page of a provider', () => {
  it('is offered on the sign-in page, with its name escaped, and leads to where the visitor wanted to go', () =>
    served(async (_, url) => {
      const login = await (await visit(`${url}/login?next=%2Faccount`)).text()
      expect(login).toContain(
        '<a class="button second" href="/login/oidc/corp?next=%2Faccount">Sign in with Corp &lt;ID&gt;</a>',
      )
      const { began, cookie, back } = await throughProvider(url, '?next=%2Flogout')
      expect(began.status).toBe(303)
      expect(began.headers.get('set-cookie')).toMatch(
        /^pawl-flow=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
      )
      const done = await visit(back, cookie)
      expect([done.status, done.headers.get('location')]).toEqual([303, '/logout'])
      const account = await (await visit(`${url}/account`, cookiesIn(done))).text()
      expect(account).toContain('ada@example.com')
      expect(account).toContain('Corp &lt;ID&gt;')
    }))

  it('asks for the code of the authenticator app, and its form leads on to where the visitor wanted to go (B16)', () =>
    served(async (world, url) => {
      const first = await throughProvider(url)
      await visit(first.back, first.cookie)
      const { members } = await world.owner.orgs.listMembers()
      const { factors } = world.pawl.as({ user: members.find(({ email }) => email === ada.email)?.id ?? '' })
      const app = (await factors.setUpMfa()).secret.reveal()
      await factors.confirmMfa({ code: appCode(app, Date.now()) })
      const { back, cookie } = await throughProvider(url, '?next=%2Flogout')
      const asked = await visit(back, cookie)
      expect(cookiesIn(asked)).not.toMatch(/pawl=[^;]/)
      const form = await asked.text()
      const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(form) ?? []
      const [, mfa_token = ''] = /name="mfa_token" value="([^"]+)"/.exec(form) ?? []
      const done = await fetch(new URL(action, url), {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ mfa_token, code: appCode(app, Date.now() + 30_000) }).toString(),
      })
      expect([done.status, done.headers.get('location')]).toEqual([303, '/logout'])
      expect(cookiesIn(done)).toMatch(/pawl=[^;]/)
    }))

  it('leads to no other site, whatever a link says', () =>
    served(async (_, url) => {
      for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) {
        const { cookie, back } = await throughProvider(url, `?next=${encodeURIComponent(next)}`)
        expect((await visit(back, cookie)).headers.get('location')).toBe('/account')
      }
    }))

  it('signs in nobody without the browser that began, nor a second time', () =>
    served(async (_, url) => {
      const [mine, theirs] = [await throughProvider(url), await throughProvider(url)]
      for (const cookie of ['', theirs.cookie]) {
        const refused = await visit(mine.back, cookie)
        expect(refused.status).toBe(400)
        expect(cookiesIn(refused)).not.toMatch(/pawl=[^;]/)
      }
      expect((await visit(theirs.back, theirs.cookie)).status).toBe(303)
      expect((await visit(theirs.back, theirs.cookie)).status).toBe(400)
    }))

  it('shows nothing of what the address says (B18)', () =>
    served(async (_, url, issuer) => {
      const text = '<script>alert(1)</script>'
      const query = new URLSearchParams({ error: text, error_description: text, state: text }).toString()
      const body = await (await visit(`${url}/login/oidc/corp/callback?${query}`)).text()
      expect(body).toContain('did not sign you in')
      expect(body).not.toContain('alert(1)')
      issuer.visitor = null
      const { cookie, back } = await throughProvider(url)
      expect((await visit(back, cookie)).status).toBe(400)
      issuer.visitor = { ...ada, email: 'ada@evil.example' }
      const other = await throughProvider(url)
      expect(await (await visit(other.back, other.cookie)).text()).toContain('domain')
    }))

  it('answers 404 for a provider that is not configured', () =>
    served(async (_, url) => {
      expect((await visit(`${url}/login/oidc/other`)).status).toBe(404)
    }))

  it('links the provider to an account, after its password', () =>
    served(async (world, url) => {
      const password = tagged('Correct-Horse-7')
      const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password })
      const { access_token } = await world.pawl.as({ user: id }).auth.refresh()
      const session = `pawl=${access_token.reveal()}`
      const link = (auth_confirm: string) =>
        fetch(`${url}/login/oidc/corp/link`, {
          method: 'POST',
          headers: { cookie: session, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ auth_confirm }).toString(),
        })
      expect((await link('wrong')).status).toBe(400)
      const going = await link(password)
      const [, href = ''] = /class="button" href="([^"]+)"/.exec(await going.text()) ?? []
      const back = (await visit(href.replaceAll('&amp;', '&'))).headers.get('location') ?? ''
      expect((await visit(back, `${session}; ${cookiesIn(going)}`)).headers.get('location')).toBe('/account')
      const { identities } = await world.pawl.as({ user: id }).identities.list()
      expect(identities).toMatchObject([{ provider: 'corp', email: 'ada@example.com' }])
    }))
})

const chromiumProgram = programAt('chromium')
const hasChromium = hasPart('chromium', 'apt-get install chromium', chromiumProgram !== null)

describe.skipIf(!hasChromium)('a browser', () => {
  it('signs in by the button, without a script, and signs out here and at the provider', () =>
    served(async (_, url, issuer) => {
      const browser = await chromium.launch({ executablePath: chromiumProgram ?? '', args: ['--no-sandbox'] })
      try {
        const context = await browser.newContext({ javaScriptEnabled: false })
        const tab = await context.newPage()
        await tab.goto(`${url}/login`)
        await tab.getByRole('link', { name: 'Sign in with Corp <ID>' }).click()
        await tab.waitForURL(`${url}/account`)
        expect(await tab.textContent('main')).toContain('ada@example.com')
        await tab.getByRole('button', { name: 'Sign out' }).click()
        const there = await tab.getByRole('link', { name: 'Sign out at Corp <ID> too' }).getAttribute('href')
        expect(there).toBe(
          `${issuer.url}/logout?client_id=pawl&post_logout_redirect_uri=${encodeURIComponent(`${url}/login`)}`,
        )
        await tab.goto(`${url}/account`)
        expect(tab.url()).toContain('/login')
      } finally {
        await browser.close()
      }
    }))
})
