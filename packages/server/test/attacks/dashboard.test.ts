import { describe, expect, it } from 'vitest'
import { ownerEmail, ownerPassword, servedDashboard } from '../dashboard/served.ts'
import { send } from '../pages.ts'

// Goal: the session of a person in the dashboard serves the dashboard and nothing else. Each row has its id in the list of
// attacks.

const asDashboard = { 'x-pawl-dashboard': '1' }

/** The cookie of the owner, signed in as a browser does it. */
async function sessionAt(url: string): Promise<string> {
  const answer = await send(`${url}/login`, { email: ownerEmail, password: ownerPassword })
  return /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? ''
}

async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(url, { redirect: 'manual', ...init })).status
}

describe('C10: the session of a person', () => {
  it('is in a cookie that no script reads, and that other sites do not send', () =>
    servedDashboard(async (_, url) => {
      const answer = await send(`${url}/login`, { email: ownerEmail, password: ownerPassword })
      const cookie = answer.headers.get('set-cookie') ?? ''
      expect(cookie).toContain('HttpOnly')
      expect(cookie).toMatch(/SameSite=(Lax|Strict)/)
      expect(answer.headers.get('location')).toBe('/')
      expect(await answer.text()).not.toContain(cookie.split(/[=;]/)[1])
    }))

  it('ends in the browser and on the server when the person signs out', () =>
    servedDashboard(async (_, url) => {
      const cookie = await sessionAt(url)
      const me = () => statusOf(`${url}/v1/auth/me`, { headers: { cookie, ...asDashboard } })
      expect(await me()).toBe(200)
      const out = await send(`${url}/logout`, {}, { cookie })
      expect(out.headers.get('clear-site-data')).toBe('"cache", "storage"')
      expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
      expect(await me()).toBe(401)
    }))

  it('leaves nothing in caches: pages and answers are not stored, and files hold nothing of a person', () =>
    servedDashboard(async (_, url) => {
      const cookie = await sessionAt(url)
      const page = await fetch(url, { headers: { cookie, accept: 'text/html' } })
      expect(page.headers.get('cache-control')).toBe('no-store')
      const answer = await fetch(`${url}/v1/auth/me`, { headers: { cookie, ...asDashboard } })
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const [script = ''] = /assets\/[\w-]+\.js/.exec(await page.text()) ?? []
      const [one, other] = await Promise.all([
        fetch(`${url}/${script}`, { headers: { cookie } }),
        fetch(`${url}/${script}`),
      ])
      expect(one.headers.get('cache-control')).toContain('immutable')
      expect(await one.text()).toBe(await other.text())
    }))

  it('serves no call but those of the dashboard itself', () =>
    servedDashboard(async ({ owner }, url) => {
      const cookie = await sessionAt(url)
      const call = (headers: Record<string, string>, init: RequestInit = {}) =>
        statusOf(`${url}/v1/vaults`, { headers: { cookie, 'content-type': 'application/json', ...headers }, ...init })
      const create = { method: 'POST', body: '{"name":"made by another site"}' }
      expect(await call(asDashboard)).toBe(200)
      expect(await call({})).toBe(401)
      expect(await call({ ...asDashboard, 'sec-fetch-site': 'cross-site' })).toBe(401)
      expect(await call({ ...asDashboard, 'sec-fetch-site': 'same-site' })).toBe(401)
      expect(await call({ ...asDashboard, origin: 'https://evil.example' })).toBe(401)
      expect(await call(asDashboard, create)).toBe(401)
      expect(await call({ origin: url }, create)).toBe(401)
      expect(await call({ ...asDashboard, origin: 'null' }, create)).toBe(401)
      expect(await call({ ...asDashboard, origin: 'https://evil.example' }, create)).toBe(401)
      expect((await owner.vaults.list()).vaults).toEqual([])
      expect(await call({ ...asDashboard, origin: url }, create)).toBe(201)
    }))

  it('cannot be asked for by the script of another site: no preflight allows the header', () =>
    servedDashboard(async (_, url) => {
      const asked = {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-pawl-dashboard,content-type',
      }
      const answer = await fetch(`${url}/v1/vaults`, { method: 'OPTIONS', headers: asked })
      expect(answer.headers.get('access-control-allow-headers') ?? '').not.toMatch(/x-pawl-dashboard/i)
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    }))

  it('does not serve a token in its place, and a token does not need it', () =>
    servedDashboard(async ({ owner, pawl }, url) => {
      const { id } = await owner.orgs.addMember({ email: 'bea@example.com', password: ownerPassword })
      const bearer = await pawl.as({ bearer: null }).auth.token({ email: 'bea@example.com', password: ownerPassword })
      const headers = {
        cookie: await sessionAt(url),
        ...asDashboard,
        authorization: `Bearer ${bearer.access_token.reveal()}`,
      }
      expect(await (await fetch(`${url}/v1/auth/me`, { headers })).json()).toMatchObject({ id })
      const wrong = { ...headers, authorization: 'Bearer nonsense' }
      expect(await statusOf(`${url}/v1/auth/me`, { headers: wrong })).toBe(401)
    }))
})

describe('E13: a name of another site that points here', () => {
  // `fetch` sets the Host header itself, so this goes over a socket.
  const under = async (url: string, host: string, path: string, headers: Record<string, string> = {}) => {
    const { request } = await import('node:http')
    const { hostname, port } = new URL(url)
    return new Promise<number>((done, failed) => {
      const sent = request({ hostname, port, path, headers: { ...headers, host } }, (answer) => {
        answer.resume()
        done(answer.statusCode ?? 0)
      })
      sent.on('error', failed)
      sent.end()
    })
  }

  it('gets no dashboard, and no call with the session', () =>
    servedDashboard(async (_, url) => {
      const cookie = await sessionAt(url)
      const html = { cookie, accept: 'text/html' }
      for (const host of ['evil.example', 'evil.example:8210', '127.0.0.1.evil.example']) {
        expect(await under(url, host, '/', html)).toBe(403)
        expect(await under(url, host, '/vaults', html)).toBe(403)
        expect(await under(url, host, '/v1/auth/me', { cookie, ...asDashboard })).toBe(403)
      }
      expect(await under(url, new URL(url).host, '/', html)).toBe(200)
    }))
})

describe('E17: the Host header', () => {
  it('is in no link that the dashboard sends a person to', () =>
    servedDashboard(
      async (_, url) => {
        const answer = await fetch(`${url}/agents?x=1`, { redirect: 'manual', headers: { accept: 'text/html' } })
        expect(answer.headers.get('location')).toBe('/vault/login?next=%2Fagents%3Fx%3D1')
        const text = await (await fetch(url, { headers: { accept: 'text/html', cookie: '__Host-pawl=x' } })).text()
        expect(text).toContain('content="/vault/"')
        expect(text).toMatch(/src="\/vault\/assets\//)
      },
      { publicUrl: 'https://secrets.example.com/vault' },
    ))
})

describe('the page of the dashboard', () => {
  it('runs nothing inline, loads nothing from elsewhere, and is framed by no site', () =>
    servedDashboard(async (_, url) => {
      const page = await fetch(url, { headers: { cookie: await sessionAt(url), accept: 'text/html' } })
      const policy = page.headers.get('content-security-policy') ?? ''
      expect(policy).not.toMatch(/unsafe|https?:|data:|\*/)
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      const text = await page.text()
      expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|https?:\/\//)
    }))

  it('is at every address that a person can open, and never in the place of an operation', () =>
    servedDashboard(async (_, url) => {
      const cookie = await sessionAt(url)
      const html = { cookie, accept: 'text/html' }
      for (const path of ['/', '/vaults', '/vaults/1?secret=a', '/agents/x', '/no-such-page']) {
        expect(await statusOf(url + path, { headers: html }), path).toBe(200)
      }
      expect(await statusOf(`${url}/v1/no-such-operation`, { headers: html })).toBe(404)
      expect(await statusOf(`${url}/vaults`, { headers: { cookie } })).toBe(404)
      expect(await statusOf(`${url}/vaults`, { method: 'POST', headers: html })).toBe(404)
      expect(await statusOf(`${url}/assets/../package.json`, { headers: html })).not.toBe(500)
      expect(await statusOf(`${url}/session`, { method: 'POST' })).toBe(401)
    }))
})
