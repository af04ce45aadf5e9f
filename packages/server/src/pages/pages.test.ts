import { createHash } from 'node:crypto'
import { tagged } from '@pawl/testkit/canary'
import { appCode } from '@pawl/testkit/fakes'
import { sentIn } from '@pawl/testkit/world'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { cookieIn, pageText, send, served } from '../../test/pages.ts'
import { pages } from './index.ts'

const email = 'ada@example.com'
const password = tagged('Correct-Horse-7')

/** The page without the one script that its policy lets run. */
function withoutOwnScript(body: string, policy: string): string {
  return body.replace(/<script>([^<]*)<\/script>/, (tag, text: string) =>
    policy.includes(`'sha256-${createHash('sha256').update(text).digest('base64')}'`) ? '' : tag,
  )
}

function pathsAt(publicUrl: string): string[] {
  const none = () => null as never
  return Object.keys(pages({ as: none, currentSettings: none, settings: { publicUrl } as never }))
}

describe('a page', () => {
  it('loads nothing from elsewhere, runs no script but that of a passkey, is in no frame and in no cache', () =>
    served(async (_, url) => {
      for (const path of pathsAt(url)) {
        const { headers } = await fetch(url + path, { redirect: 'manual', headers: { accept: 'text/html' } })
        const policy = headers.get('content-security-policy') ?? ''
        const scripts = path === '/login/passkey' ? "script-src 'sha256-[^ ;]+'; " : ''
        const start = new RegExp(`^default-src 'none'; style-src 'sha256-[^ ;]+'; ${scripts}form-action 'self'`)
        expect(policy, path).toMatch(start)
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
      for (const path of pathsAt(url)) {
        const answer = await fetch(`${url}${path}?${query}`, { redirect: 'manual' })
        const body = withoutOwnScript(await answer.text(), answer.headers.get('content-security-policy') ?? '')
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
      expect(body).toContain('Password must have at least 12 characters, an upper-case letter, a digit and a symbol.')
      expect(body).toContain('value="Ada &amp; Co"')
      expect(body).not.toContain('short')
    }))

  it('begins with the e-mail address, and after a wrong password with the password', () =>
    served(async (_, url) => {
      const focused = /id="(\w+)"[^>]* autofocus/
      expect(focused.exec(await pageText(`${url}/login`))?.[1]).toBe('email')
      const answer = await send(`${url}/login`, { email, password: 'wrong' })
      expect(focused.exec(await answer.text())?.[1]).toBe('password')
    }))

  it('offers an account when the operator has opened sign-up, whatever the environment says', () =>
    served(
      async ({ owner }, url) => {
        const offersAccount = async () => (await (await fetch(`${url}/login`)).text()).includes('href="/sign-up"')
        expect(await offersAccount()).toBe(false)
        expect(await pageText(`${url}/sign-up`)).toContain('Ask an owner or admin')
        await owner.admin.updateSetting({ key: 'sign_up', value: 'example.com' })
        expect(await offersAccount()).toBe(true)
        await owner.admin.updateSetting({ key: 'sign_up', value: 'closed' })
        expect(await offersAccount()).toBe(false)
      },
      { signUp: 'closed' },
    ))

  it('of a link uses up nothing when a program looks at the link', () =>
    served(async (world, url) => {
      await world.pawl.as({}).accounts.signUp({ email, password })
      await world.pawl.runJobs()
      const token = sentIn(world)
      for (let looks = 0; looks < 3; looks++) await fetch(`${url}/verify-email?token=${token}`)
      expect((await send(`${url}/verify-email`, { token })).headers.get('location')).toBe('/account')
    }))

  it.each([
    ['verify-email', '/sign-up'],
    ['reset-password', '/forgot-password'],
    ['accept-invitation', '/login'],
  ])('of a link that was used has no form, and leads on: /%s', (path, next) =>
    served(async (_, url) => {
      const given = { token: 'A'.repeat(43), password, new_password: password }
      const text = await (await send(`${url}/${path}`, given)).text()
      expect(text).toContain('role="alert"')
      expect(text).toContain(`href="${next}"`)
      expect(text).not.toContain('<form')
    }),
  )
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
            await page.click('text=Forgot your password?')
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

describe('signing in with an authenticator app', () => {
  it('takes a second page with a code, whose token is in no URL', () =>
    served(async (world, url) => {
      const { id } = await world.owner.orgs.addMember({ email, password })
      const as = world.pawl.as({ user: id })
      const { secret } = await as.factors.setUpMfa()
      await as.factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
      world.clock.advance(30_000)
      const first = await send(`${url}/login?next=/account`, { email, password })
      expect([first.status, cookieIn(first)]).toEqual([200, ''])
      const text = await first.text()
      const mfa_token = /name="mfa_token" value="([^"]+)"/.exec(text)?.[1] ?? ''
      expect(text).toContain('action="/login?next=/account"')
      const wrong = await send(`${url}/login?next=/account`, { mfa_token, code: '000000' })
      expect([wrong.status, cookieIn(wrong)]).toEqual([400, ''])
      expect(await wrong.text()).toContain(`value="${mfa_token}"`)
      const code = appCode(secret.reveal(), world.clock.now())
      const second = await send(`${url}/login?next=/account`, { mfa_token, code })
      expect([second.status, second.headers.get('location')]).toEqual([303, '/account'])
      const account = await fetch(`${url}/account`, { headers: { cookie: cookieIn(second) } })
      expect(await account.text()).toContain(email)
    }))
})
