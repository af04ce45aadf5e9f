import { describe, expect, it } from 'vitest'
import { pageText, send, served, signedIn } from '../../test/pages.ts'

const email = 'ada@example.com'
const wanted = { action: 'invoice.pay', target_type: 'invoice', target_id: '17', summary: { amount: '<b>120' } }

describe('the page of a link that decides', () => {
  it('decides nothing when it is opened, because scanners of mail open links, and decides with the button', () =>
    served(async (world) => {
      const { id } = await world.agent({ name: 'shop' })
      const asking = world.pawl.as({ agent: id })
      const { id: approval_id } = await asking.approvals.request(wanted)
      await world.pawl.runJobs()
      const [page = ''] = /http\S+quick-decide\?token=[\w-]+/.exec(world.mail.sent.at(-1)?.text ?? '') ?? []
      for (const query of ['', '&decision=approved']) await pageText(page + query)
      expect(await asking.approvals.get({ approval_id })).toMatchObject({ status: 'pending' })
      expect(await (await send(page, { decision: 'no' })).text()).toContain('Rejected')
      expect(await asking.approvals.get({ approval_id })).toMatchObject({ status: 'rejected' })
      expect((await send(page, { decision: 'yes' })).status).toBe(400)
    }))

  it('leaves the operation at the same path to programs', () =>
    served(async (_, url) => {
      const path = `${url}/v1/approvals/quick-decide`
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ token: 'of no mail', decision: 'approved' })
      const answer = await fetch(path, { method: 'POST', headers, body })
      expect(answer.headers.get('content-type')).toBe('application/json')
    }))
})

describe('the page of an approval', () => {
  it('asks to sign in, shows what was asked for, and decides with a proof', () =>
    served(async (world, url) => {
      const { id, cookie } = await signedIn(world, url, email)
      const { agent } = await world.pawl.as({ user: id }).agents.create({ name: 'shop' })
      const asking = world.pawl.as({ agent: agent.id })
      const { id: approval_id } = await asking.approvals.request({ ...wanted, risk_tier: 2 })
      const page = `${url}/v1/approvals/${approval_id}`
      const away = await fetch(page, { redirect: 'manual', headers: { accept: 'text/html' } })
      expect(away.headers.get('location')).toContain('/login?next=')
      expect(await pageText(page, cookie)).toContain('&lt;b&gt;120')
      expect(await (await send(page, { decision: 'yes' }, { cookie })).text()).toContain('needs a proof')
      expect((await send(page, { decision: 'no' }, { cookie })).status).toBe(200)
      expect(await asking.approvals.get({ approval_id })).toMatchObject({ status: 'rejected' })
    }))
})
