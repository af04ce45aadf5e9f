import { readFileSync } from 'node:fs'
import { tagged } from '@pawl/testkit/canary'
import { expect, test } from 'vitest'
import { guideShell } from './guide-shell.ts'
import { cookieIn, pageText, password, send, served } from './pages.ts'

// Goal: a new user gets through docs/people-and-agents.md. Method: its commands are typed, its mails are read, and its pages
// are visited, in the order of the guide.

const guide = readFileSync(new URL('../../../docs/people-and-agents.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, lines = '']) => lines)

test('from the first sign-in to a colleague, an agent, shared secrets and an API key', { timeout: 120_000 }, () =>
  served(async (world, url) => {
    const { type, forget } = guideShell(url, { NEW_SECRET: tagged('sk-team'), OWN_PASSWORD: password })
    const mailTo = async (address: string) => {
      await world.pawl.runJobs()
      const { text: body = '' } = world.mail.sent.findLast(({ to }) => to === address) ?? {}
      return /^http\S+$/m.exec(body)?.[0] ?? ''
    }
    const signIn = async (email: string) => cookieIn(await send(`${url}/login`, { email, password }))
    const [login = '', store = '', invite = '', grant = '', enroll = '', share = '', key = ''] = blocks
    try {
      const you = 'owner@example.com'
      await world.owner.accounts.setPassword({ password, password_confirm: password })
      const cookie = await signIn(you)
      const signedIn = await type(login, {}, async (said) => {
        const [page, code = ''] = /http\S+code=(\S+)/.exec(said) ?? []
        if (!page) return
        expect(await pageText(page, cookie)).toContain('pawl on ')
        await send(page, { decision: 'yes', code }, { cookie })
      })
      expect(signedIn).toContain(`as ${you}.`)
      await type(store)

      await type(invite)
      const invitation = await mailTo('ada@example.com')
      const token = new URL(invitation).searchParams.get('token') ?? ''
      expect(await (await send(invitation, { token, password })).text()).toContain('You are a member')
      await type(grant)
      const ada = await signIn('ada@example.com')

      expect(await type(enroll)).toContain('If this address has an account')
      const request = await mailTo('ada@example.com')
      expect(await pageText(`${url}/account`, ada)).toContain('my-agent')
      expect(await pageText(request, ada)).toContain('my-agent')
      const allowed = await (await send(request, { decision: 'yes' }, { cookie: ada })).text()
      const [, agentKey = ''] = /PAWL_API_KEY=(ocv_\S{43})/.exec(allowed) ?? []
      expect((await world.pawl.as(agentKey).agents.me()).name).toBe('my-agent')

      const [, byMail = '', byLink = ''] = /(.*)\n(.*)\n/.exec(share) ?? []
      await type(byMail)
      const toBob = await mailTo('bob@example.org')
      await send(`${url}/sign-up`, { email: 'bob@example.org', password })
      const confirm = await mailTo('bob@example.org')
      const bob = cookieIn(await send(confirm, { token: new URL(confirm).searchParams.get('token') ?? '' }))
      expect(await pageText(`${url}/account`, bob)).toContain('api-keys/openai')
      expect(await (await send(toBob, {}, { cookie: bob })).text()).toContain(tagged('sk-team'))
      const made = JSON.parse(await type(`${byLink} --json`))
      expect(await pageText(made.share_url)).not.toContain(tagged('sk-team'))
      expect(await (await send(made.share_url, {})).text()).toContain(tagged('sk-team'))

      const { api_key, key: kept } = JSON.parse(await type(`printf %s "$OWN_PASSWORD" | ${key.trim()} --json`))
      expect([api_key, kept.scopes]).toEqual([expect.stringMatching(/^1ck_/), ['secrets:read']])
      const days = (Date.parse(kept.expires_at) - Date.parse(kept.created_at)) / 86_400_000
      expect(days).toBeGreaterThan(29)
    } finally {
      forget()
    }
  }),
)
