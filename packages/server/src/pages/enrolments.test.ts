import { tagged } from '@pawl/testkit/canary'
import { describe, expect, it } from 'vitest'
import { pageText, send, served, signedIn } from '../../test/pages.ts'

const email = 'ada@example.com'

describe('the page of an agent that asks for an identity', () => {
  it('asks to sign in, shows what asks, and gives the key once with the access that was chosen', () =>
    served(async (world, url) => {
      const asked = await world.pawl
        .as({ bearer: null })
        .enrolments.enroll({ name: '<b>bot', description: 'Reads "mail"' })
      const page = asked.approval_url ?? ''
      const away = await fetch(page, { redirect: 'manual' })
      expect(away.headers.get('location')).toMatch(/^\/login\?next=%2Fagents%2Fenroll%2Fapprove/)
      const { id, cookie } = await signedIn(world, url, email)
      const user = world.pawl.as({ user: id })
      const { id: vault_id } = await user.vaults.create({ name: 'prod' })
      await user.secrets.put({ vault_id, path: 'api-keys/openai', value: tagged('sk') })
      const text = await pageText(page, cookie)
      for (const shown of ['&lt;b&gt;bot', 'Reads &quot;mail&quot;', `<option value="${vault_id}">prod`]) {
        expect(text).toContain(shown)
      }
      expect(text).toContain('name="mail_key" value="yes">')
      const wrong = { decision: 'yes', vault_id, secret_path_pattern: 'a//b' }
      const refused = await send(page, wrong, { cookie })
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('Paths in this vault ')])
      const given = { ...wrong, secret_path_pattern: 'api-keys/*', mail_key: 'yes' }
      const allowed = await send(page, given, { cookie })
      const [, key = ''] = /PAWL_API_KEY=(ocv_\S{43})/.exec(await allowed.text()) ?? []
      expect(allowed.headers.get('cache-control')).toBe('no-store')
      const { value } = await world.pawl.as(key).secrets.get({ vault_id, path: 'api-keys/openai' })
      expect(value.reveal()).toBe(tagged('sk'))
      await world.pawl.runJobs()
      expect(world.mail.sent.at(-1)).toMatchObject({ to: email, text: expect.stringContaining(key) })
      expect(await pageText(page, cookie)).toContain('does not exist')
    }))

  it('denies, from the page and from the link in the mail', () =>
    served(async (world, url) => {
      const { id, cookie } = await signedIn(world, url, email)
      const asking = world.pawl.as({ bearer: null }).enrolments
      await asking.enroll({ name: 'bot', human_email: email })
      await world.pawl.runJobs()
      const [link = ''] = /http\S+enroll\/deny\S+/.exec(world.mail.sent.at(-1)?.text ?? '') ?? []
      expect(await pageText(link, cookie)).toContain('bot')
      expect((await world.pawl.as({ user: id }).enrolments.list()).enrollments).toHaveLength(1)
      expect(await (await send(link, {}, { cookie })).text()).toContain('was denied')
      const { approval_url = '' } = await asking.enroll({ name: 'bot' })
      expect(await (await send(approval_url, { decision: 'no' }, { cookie })).text()).toContain('was denied')
      expect((await world.pawl.as({ user: id }).agents.list()).agents).toEqual([])
    }))
})
