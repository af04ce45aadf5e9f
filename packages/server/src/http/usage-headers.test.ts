import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { withBearers } from '../../test/transports.ts'
import { createApp } from './app.ts'

// Goal: a caller over HTTP sees what a call took of the tier (§2.5), and what to do when nothing is left (§16.3).

async function open(tiers: Parameters<typeof testPawl>[0] = {}) {
  const world = await testPawl(tiers)
  const { id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id: id, path: 'a', value: tagged('x') })
  const app = createApp(withBearers(world.pawl, { owner: { user: world.ownerId } }), { now: world.clock.now })
  const ask = (path: string, init: RequestInit = {}) =>
    app.fetch(new Request(`http://vault.test${path}`, { headers: { authorization: 'Bearer owner' }, ...init }))
  return { world, ask, read: () => ask(`/v1/vaults/${id}/secrets/a`) }
}

const limited = { tiers: { default: 'free', tiers: { free: { limits: { requests: 5 }, request_usd: '0.001' } } } }

describe('a metered answer', () => {
  it('says what is used of the tier, with a warning from 80 % on', async () => {
    const { read } = await open(limited)
    const first = (await read()).headers
    expect(first.get('x-ratelimit-requests-used')).toBe('3')
    expect(first.get('x-ratelimit-requests-limit')).toBe('5')
    expect(first.get('x-ratelimit-requests-percent')).toBe('60')
    expect(first.get('x-quota-warning')).toBeNull()
    expect(first.get('x-credit-balance-cents')).toBe('0')
    expect(first.get('x-overage-method')).toBe('credits')
    expect((await read()).headers.get('x-quota-warning')).toContain('80 %')
  })

  it('says nothing of it where nothing is limited, and in free areas', async () => {
    const unlimited = await open()
    expect((await unlimited.read()).headers.get('x-ratelimit-requests-used')).toBeNull()
    const { ask } = await open(limited)
    expect((await ask('/v1/billing/usage')).headers.get('x-ratelimit-requests-used')).toBeNull()
  })

  it('is a 402 that says what to do, in the words of x402, when the tier is used up', async () => {
    const { read } = await open(limited)
    for (let call = 0; call < 3; call++) expect((await read()).status).toBe(200)
    const refused = await read()
    expect(refused.status).toBe(402)
    expect(await refused.json()).toMatchObject({
      type: 'about:blank',
      title: 'Payment Required',
      x402Version: 1,
      accepts: [],
      required_usd: '0.001',
      detail: expect.stringContaining('/v1/billing/credits/topup'),
    })
  })
})

it('an event of the provider is verified over the bytes of its body', async () => {
  const { world, ask } = await open()
  const event = {
    id: 'evt_1',
    type: 'credits_paid',
    org: world.org,
    customer: null,
    cents: 100,
    reference: 'r',
  } as const
  const { body, signature } = world.billing.deliver(event, world.clock.now())
  const send = (text: string) =>
    ask('/v1/billing/webhooks', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body: text,
    })
  expect((await send(JSON.stringify(JSON.parse(body), null, 1))).status).toBe(400)
  const accepted = await send(body)
  expect([accepted.status, await accepted.json()]).toEqual([200, { received: true }])
  expect((await world.owner.billing.balance({})).balance_cents).toBe(100)
})
