import { readFileSync } from 'node:fs'
import { httpFacilitator } from '@pawl/adapters/facilitator/http'
import { tagged } from '@pawl/testkit/canary'
import { loopbackEgress, startFakeFacilitator } from '@pawl/testkit/fakes'
import { expect, test } from 'vitest'
import { hasCurl } from '../../../tools/real-parts/curl.ts'
import { guideShell } from './guide-shell.ts'
import { served } from './pages.ts'

// Goal: what docs/running-pawl-for-others.md says can be pasted. Method: its commands are typed in their order, on a server with
// tiers and a facilitator on loopback.

const guide = readFileSync(new URL('../../../docs/running-pawl-for-others.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, lines = '']) => lines)
const free = { limits: { requests: 1_000 }, request_usd: '0.001' }
const tiers = { default: 'free', tiers: { free, pro: { limits: { requests: 25_000 }, request_usd: '0.001' } } }

test.skipIf(!hasCurl)(
  'an operator opens sign-up, gives a tier, takes a payment and removes a user',
  { timeout: 120_000 },
  async () => {
    await using fake = await startFakeFacilitator()
    const egress = loopbackEgress()
    const work: Parameters<typeof served>[0] = async (world, url) => {
      const { org, owner: tenant } = await world.otherOrg()
      const { id: member } = await tenant.orgs.addMember({ email: 'ada@example.org', role: 'member' })
      const { id: vault } = await tenant.vaults.create({ name: 'prod' })
      await tenant.secrets.put({ vault_id: vault, path: 'db', value: tagged('hunter2') })
      const { api_key } = await world.owner.auth.createApiKey({ name: 'operator' })
      const token = (await tenant.auth.refresh()).access_token.reveal()
      const { type, forget } = guideShell(url, {
        ...{ PAWL_API_KEY: api_key.reveal(), FACILITATOR: fake.url },
        ...{ ORG: org, USER_ID: member, VAULT: vault, TOKEN: token },
      })
      const [settings = '', tier = '', x402 = '', unpaid = '', remove = '', ...others] = blocks
      expect(others).toEqual([])
      expect(await type(settings)).toContain('example.com')
      expect(await type(tier)).toContain('30000')
      expect(await type(x402)).toContain(fake.url)
      await world.owner.admin.updateOrgLimits({ org_id: org, free_tier_override: 0 })
      // Otherwise the credits of the operator pay.
      await tenant.billing.setOverageMethod({ method: 'x402' })
      const { status, accepts } = JSON.parse(await type(unpaid))
      expect([status, accepts?.[0]?.price]).toEqual([402, '0.001'])
      const paid = await fetch(`${url}/v1/vaults/${vault}/secrets/db`, {
        headers: { authorization: `Bearer ${token}`, 'x-payment': JSON.stringify(fake.facilitator.pay(accepts[0])) },
      })
      expect(await paid.json()).toMatchObject({ value: tagged('hunter2') })
      const { events } = await tenant.audit.events({ limit: 10 })
      expect(events.map(({ action }) => action)).toContain('payment.settle')
      await type(remove)
      expect((await world.owner.admin.listUsers()).users.map(({ id }) => id)).not.toContain(member)
      forget()
    }
    await served(work, { tiers, facilitators: (url) => httpFacilitator({ url, egress }) })
  },
)
