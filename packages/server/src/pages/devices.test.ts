import { parseAddress } from '@pawl/core/surfaces'
import type { World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { pageText, password, send, served, signedIn } from '../../test/pages.ts'

const email = 'ada@example.com'
const grant_type = 'urn:ietf:params:oauth:grant-type:device_code' as const

async function asked({ pawl }: World, ip = '127.0.0.1') {
  const device = pawl.as({ bearer: null, ip: parseAddress(ip) }).logins
  const { user_code, device_code } = await device.request({ client_id: 'cli <b>' })
  return { user_code, poll: () => device.poll({ device_code, grant_type }) }
}

describe('the page /cli/verify', () => {
  it('asks a visitor to sign in, and leads back with the code', () =>
    served(async (world, url) => {
      const { user_code } = await asked(world)
      const answer = await fetch(`${url}/cli/verify?code=${user_code}`, { redirect: 'manual' })
      const login = answer.headers.get('location') ?? ''
      expect(login).toBe(`/login?next=${encodeURIComponent(`/cli/verify?code=${user_code}`)}`)
      await world.owner.orgs.addMember({ email, password })
      const entered = await send(url + login, { email, password })
      expect(entered.headers.get('location')).toBe(`/cli/verify?code=${user_code}`)
    }))

  it('shows who asks, from where and when, and signs the device in with a click', () =>
    served(async (world, url) => {
      const { id, cookie } = await signedIn(world, url, email)
      const { user_code, poll } = await asked(world)
      const page = `${url}/cli/verify?code=${user_code}`
      const text = await pageText(page, cookie)
      for (const shown of ['cli &lt;b&gt;', '127.0.0.1', '2026-01-01 00:00 UTC', user_code])
        expect(text).toContain(shown)
      expect(await poll()).toEqual({ error: 'authorization_pending' })
      const allowed = await send(page, { decision: 'yes', code: user_code }, { cookie })
      expect(await allowed.text()).toContain('The device is signed in.')
      expect(await poll()).toMatchObject({ user_id: id, email })
    }))

  it('denies, and finds the code that was typed', () =>
    served(async (world, url) => {
      const { cookie } = await signedIn(world, url, email)
      const { user_code, poll } = await asked(world)
      const typed = await send(`${url}/cli/verify`, { code: user_code.toLowerCase().replace('-', ' ') }, { cookie })
      const page = url + (typed.headers.get('location') ?? '')
      expect(page).toBe(`${url}/cli/verify?code=${user_code}`)
      expect(await (await send(page, { decision: 'no' }, { cookie })).text()).toContain('not signed in')
      expect(await poll()).toEqual({ error: 'access_denied' })
      expect(await pageText(page, cookie)).toContain('was denied')
      const unknown = await send(`${url}/cli/verify`, { code: 'BBBB-BBBB' }, { cookie })
      expect(await unknown.text()).toContain('The code does not exist')
    }))

  it('lets no click on a link of another person sign their device in: the code must be typed (B17)', () =>
    served(async (world, url) => {
      const { cookie } = await signedIn(world, url, email)
      const { user_code, poll } = await asked(world, '203.0.113.9')
      const page = `${url}/cli/verify?code=${user_code}`
      const text = await pageText(page, cookie)
      expect(text).toContain('another address than yours')
      expect(text).not.toContain(`value="${user_code}"`)
      for (const code of ['', 'BBBB-BBBB']) {
        const refused = await send(page, { decision: 'yes', code }, { cookie })
        expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('is not the code')])
      }
      expect(await poll()).toEqual({ error: 'authorization_pending' })
      await send(page, { decision: 'yes', code: user_code }, { cookie })
      expect(await poll()).toHaveProperty('access_token')
    }))
})
