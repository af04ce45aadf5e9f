import { tagged } from '@pawl/testkit/canary'
import type { World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { cookieIn, pageText, password, send, served, signedIn } from '../../test/pages.ts'

const value = `${tagged('hunter2')}\n<b>&`
const shownValue = `${tagged('hunter2')}\n&lt;b&gt;&amp;`
const passphrase = tagged('open sesame')
const email = 'ada@example.com'

type Wanted = Omit<Parameters<World['owner']['sharing']['create']>[0], 'secret_id'>

async function shared({ owner }: World, wanted: Wanted) {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  const { id: secret_id } = await owner.secrets.put({ vault_id, path: 'db/password', value })
  const { id, share_url } = await owner.sharing.create({ secret_id, ...wanted })
  const used = async () => (await owner.sharing.get({ share_id: id })).access_count
  return { id, secret_id, share_url, used }
}

describe('the page of a share', () => {
  it('shows the value after a click, once for each read that the share has, and JSON to programs that ask for it', () =>
    served(async (world, url) => {
      const { share_url, used, id } = await shared(world, { recipient_type: 'anyone_with_link', max_access_count: 2 })
      expect(share_url.startsWith(url)).toBe(true)
      // A browser, a mail scanner, a chat preview.
      for (const method of ['GET', 'HEAD', 'GET']) {
        const look = await fetch(share_url, { method, headers: { accept: 'text/html,*/*' } })
        expect([look.status, look.headers.get('cache-control')]).toEqual([200, 'no-store'])
        expect(await look.text()).not.toContain(tagged('hunter2'))
      }
      expect(await used()).toBe(0)
      const clicked = await send(share_url, {})
      expect([clicked.status, clicked.headers.get('cache-control')]).toEqual([200, 'no-store'])
      expect(await clicked.text()).toContain(shownValue)
      const program = await fetch(share_url, { headers: { accept: 'application/json' } })
      expect(program.url).toBe(`${url}/v1/share/${id}`)
      expect(await program.json()).toMatchObject({ value, access_count: 2 })
      const ended = await (await send(share_url, {})).text()
      expect(ended).toContain('<h1>This share has ended</h1>')
      expect(ended).toContain('reached its read limit')
      expect(ended).toContain('another person used the link')
      expect(ended).not.toContain('<button')
    }))

  // The previews of several chats accept everything, as fetch and curl do.
  it('uses up no read for a link preview, whatever the preview accepts (V1)', () =>
    served(async (world) => {
      const { share_url, used } = await shared(world, { recipient_type: 'anyone_with_link', max_access_count: 1 })
      for (const accept of ['*/*', 'text/html,application/json', 'image/*', '']) {
        for (const target of [share_url, `${share_url}/`, `${share_url}?preview=1`]) {
          const preview = await fetch(target, { headers: { accept } })
          expect(await preview.text()).not.toContain(tagged('hunter2'))
        }
      }
      expect(await used()).toBe(0)
      expect(await (await send(share_url, {})).text()).toContain(shownValue)
    }))

  it('asks for the passphrase, and counts a wrong one', () =>
    served(async (world) => {
      const { share_url, used } = await shared(world, { recipient_type: 'anyone_with_link', passphrase })
      expect(await pageText(share_url)).not.toContain('passphrase')
      expect(await (await send(share_url, {})).text()).toContain('type="password"')
      const wrong = await send(share_url, { passphrase: 'wrong' })
      expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('Passphrase is wrong.')])
      expect(await used()).toBe(0)
      expect(await (await send(share_url, { passphrase })).text()).toContain(shownValue)
    }))

  it('looks the same for a share that exists and for one that does not (D12)', () =>
    served(async (world, url) => {
      const { share_url } = await shared(world, { recipient_type: 'anyone_with_link' })
      const other = `${url}/v1/share/00000000-0000-4000-8000-000000000000`
      const same = (text: string) => text.replace(/action="[^"]*"/, '')
      expect(same(await pageText(other))).toBe(same(await pageText(share_url)))
      expect(await (await send(other, {})).text()).toContain('does not exist')
    }))

  it('says that a share has expired or cannot be opened, and what to do', () =>
    served(async (world, url) => {
      const { share_url, secret_id } = await shared(world, { recipient_type: 'anyone_with_link' })
      const revoked = await world.owner.sharing.create({ secret_id, recipient_type: 'anyone_with_link' })
      await world.owner.sharing.revoke({ share_id: revoked.id })
      world.clock.advance(30 * 86_400_000)
      const after = async (link: string) => (await send(link, {})).text()
      const expired = await after(share_url)
      expect(expired).toContain('<h1>This share has ended</h1>')
      expect(expired).toContain('Ask the person who shared the secret for a new share.')
      expect(expired).not.toContain('<button')
      // A revoked share and one that never was are the same (D12).
      const never = await after(`${url}/share/00000000-0000-4000-8000-000000000000`)
      expect(never).toContain('<h1>This share cannot be opened</h1>')
      expect(await after(revoked.share_url)).toBe(never)
    }))

  it('takes no click from a page of another site (CSRF)', () =>
    served(async (world) => {
      const { share_url, used } = await shared(world, { recipient_type: 'anyone_with_link' })
      expect((await send(share_url, {}, { origin: 'https://evil.example' })).status).toBe(403)
      expect(await used()).toBe(0)
    }))

  it('leads a named recipient through the sign-in, and the click accepts the share', () =>
    served(async (world, url) => {
      const { id, cookie } = await signedIn(world, url, email)
      const { share_url, used } = await shared(world, { recipient_type: 'user', recipient_id: id })
      const { pathname } = new URL(share_url)
      const away = await send(share_url, {})
      expect(away.headers.get('location')).toBe(`/login?next=${encodeURIComponent(pathname)}`)
      const entered = await send(url + away.headers.get('location'), { email, password })
      expect(entered.headers.get('location')).toBe(pathname)
      expect(await (await send(share_url, {}, { cookie })).text()).toContain(shownValue)
      expect(await used()).toBe(1)
      const { cookie: other } = await signedIn(world, url, 'bob@example.com')
      expect(await (await send(share_url, {}, { cookie: other })).text()).toContain('not for you')
    }))

  it('gives a share by e-mail to a person who signs up with that address, in an organisation of their own', () =>
    served(async (world, url) => {
      const { share_url } = await shared(world, { recipient_type: 'external_email', email })
      await world.pawl.runJobs()
      expect(world.mail.sent.at(-1)).toMatchObject({ to: email, text: expect.stringContaining(share_url) })
      await send(`${url}/sign-up`, { email, password })
      await world.pawl.runJobs()
      const [link = '', token = ''] = /http\S+token=(\S+)/.exec(world.mail.sent.at(-1)?.text ?? '') ?? []
      const cookie = cookieIn(await send(link, { token }))
      expect(await pageText(`${url}/account`, cookie)).toContain('db/password')
      expect(await (await send(share_url, {}, { cookie })).text()).toContain(shownValue)
      const { cookie: other } = await signedIn(world, url, 'eve@example.com')
      expect(await (await send(share_url, {}, { cookie: other })).text()).not.toContain(tagged('hunter2'))
    }))
})
