import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tagged } from '@pawl/testkit/canary'
import { sentIn, testPawl, type World } from '@pawl/testkit/world'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { nodeListener } from '../http/index.ts'
import { pages } from './index.ts'

const email = 'ada@example.com'
const password = tagged('Correct-Horse-7')

/** A vault whose pages are served on loopback. */
async function served(work: (world: World, url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = await testPawl({ publicUrl: url })
  const listener = nodeListener(world.pawl, { mounts: pages(world.pawl) })
  try {
    await work(world, url)
  } finally {
    await world.close()
    server.closeAllConnections()
    server.close()
  }
}

/** Sends a form as the browser does, from a page of this origin. */
function send(page: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const { origin } = new URL(page)
  return fetch(page, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })
}

const cookieIn = (response: Response) => /^[^;]+/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? ''

describe('a page', () => {
  it('loads nothing from elsewhere, runs no script, is in no frame and in no cache', () =>
    served(async (_, url) => {
      for (const path of Object.keys(pages({ as: () => null as never, settings: { publicUrl: url } as never }))) {
        const { headers } = await fetch(url + path, { redirect: 'manual' })
        const policy = headers.get('content-security-policy') ?? ''
        expect(policy, path).toMatch(/^default-src 'none'; style-src 'sha256-[^ ;]+'; form-action 'self'/)
        expect(policy).toContain("frame-ancestors 'none'")
        expect(headers.get('cache-control')).toBe('no-store')
      }
    }))

  it('escapes what a link puts into it', () =>
    served(async (_, url) => {
      const text = '"><script>alert(1)</script>'
      for (const path of ['/verify-email?token=', '/reset-password?token=', '/login/code?email=', '/login?next=']) {
        const body = await (await fetch(url + path + encodeURIComponent(text))).text()
        expect(body).not.toContain('<script')
      }
    }))

  it('B18: shows no text of a link, whatever the parameter and the page', () =>
    served(async (_, url) => {
      const text = '<script>alert("owned")</script>'
      const shown = ['error', 'error_description', 'message', 'reason', 'title', 'state']
      const query = new URLSearchParams(shown.map((name): [string, string] => [name, text]))
      for (const path of Object.keys(pages({ as: () => null as never, settings: { publicUrl: url } as never }))) {
        const body = await (await fetch(`${url}${path}?${query}`, { redirect: 'manual' })).text()
        expect(body, path).not.toMatch(/<script/i)
        expect(body, path).not.toContain('alert("owned")')
      }
    }))

  it('takes no form of another site, and none that says no origin (CSRF)', () =>
    served(async (world, url) => {
      await world.owner.orgs.addMember({ email, password })
      const fields = { email, password }
      for (const origin of ['https://evil.example', 'null', '']) {
        const answer = await send(`${url}/login`, fields, { origin })
        expect(answer.status).toBe(403)
        expect(answer.headers.get('set-cookie')).toBeNull()
      }
      expect((await send(`${url}/login`, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
      expect((await send(`${url}/login`, fields)).status).toBe(303)
    }))

  it('leads back to a page of this server after signing in, and to no other site', () =>
    served(async (world, url) => {
      await world.owner.orgs.addMember({ email, password })
      const nextOf = async (next: string) => {
        const answer = await send(`${url}/login?next=${encodeURIComponent(next)}`, { email, password })
        return answer.headers.get('location')
      }
      expect(await nextOf('/cli/verify?code=AB')).toBe('/cli/verify?code=AB')
      for (const bad of ['//evil.example', 'https://evil.example', '/\\evil.example', '/a//b', 'javascript:alert(1)']) {
        expect(await nextOf(bad)).toBe('/account')
      }
    }))

  it('keeps the session in a cookie that scripts cannot read, until the visitor signs out', () =>
    served(async (world, url) => {
      await world.owner.orgs.addMember({ email, password })
      const answer = await send(`${url}/login`, { email, password })
      expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/; Max-Age=900; HttpOnly; SameSite=Lax$/)
      const cookie = cookieIn(answer)
      const account = await fetch(`${url}/account`, { headers: { cookie } })
      expect(await account.text()).toContain(email)
      const out = await send(`${url}/logout`, {}, { cookie })
      expect(out.headers.get('set-cookie')).toMatch(/^pawl=; .*Max-Age=0/)
      const later = await fetch(`${url}/account`, { headers: { cookie }, redirect: 'manual' })
      expect([later.status, later.headers.get('location')]).toEqual([303, '/login?next=%2Faccount'])
    }))

  it('shows what is wrong beside its field, and keeps what was typed but no password', () =>
    served(async (_, url) => {
      const answer = await send(`${url}/sign-up`, { email, display_name: 'Ada & Co', password: 'short' })
      const body = await answer.text()
      expect(answer.status).toBe(400)
      expect(body).toContain('Password must have at least 12 characters.')
      expect(body).toContain('value="Ada &amp; Co"')
      expect(body).not.toContain('short')
    }))

  it('of a link uses up nothing when a program looks at the link', () =>
    served(async (world, url) => {
      await world.pawl.as({}).accounts.signUp({ email, password })
      await world.pawl.runJobs()
      const token = sentIn(world)
      for (let looks = 0; looks < 3; looks++) await fetch(`${url}/verify-email?token=${token}`)
      expect((await send(`${url}/verify-email`, { token })).headers.get('location')).toBe('/account')
    }))
})

const browser = programAt('chromium')

describe.skipIf(!hasPart('Chromium', 'apt-get install chromium', browser !== null))(
  'in a browser without JavaScript',
  () => {
    it(
      'a person signs up, forgets the password, gets another and signs in with a code',
      () =>
        served(async (world, url) => {
          const chrome = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox'] })
          try {
            const page = await (await chrome.newContext({ javaScriptEnabled: false })).newPage()
            const mailed = async (pattern: RegExp) => {
              await world.pawl.runJobs()
              return pattern.exec(world.mail.sent.at(-1)?.text ?? '')?.[0] ?? ''
            }
            await page.goto(`${url}/login`)
            await page.click('text=Create an account')
            await page.fill('#email', email)
            await page.fill('#password', password)
            await page.click('button')
            await page.goto(await mailed(/http\S+verify-email\S+/))
            await page.click('button')
            await page.waitForURL('**/account')
            expect(await page.textContent('dl')).toContain(email)
            await page.click('text=Sign out')
            await page.click('text=Choose a new password')
            await page.fill('#email', email)
            await page.click('button')
            await page.goto(await mailed(/http\S+reset-password\S+/))
            await page.fill('#new_password', tagged('Battery-Staple-8'))
            await page.click('button')
            await page.click('a.button')
            await page.click('text=Sign in with a code by e-mail')
            await page.fill('#email', email)
            await page.click('button')
            await page.fill('#code', await mailed(/^\d{6}$/m))
            await page.click('button')
            await page.waitForURL('**/account')
            expect(await page.textContent('dl')).toContain(email)
          } finally {
            await chrome.close()
          }
        }),
      120_000,
    )
  },
)
