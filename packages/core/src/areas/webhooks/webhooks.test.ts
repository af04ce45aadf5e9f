import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { verifyWebhook } from '@pawl/core/client'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { failing } from '@pawl/testkit/wrappers'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

// Goal: what happened arrives once it is committed, in order, signed so that two kinds of receivers can prove it, and never
// at a place that the operator did not allow. Method: a real receiver on loopback, behind the egress of a server.

interface Arrived {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let arrived: Arrived[] = []
let statusOf: (request: Arrived) => number = () => 200
let base = ''
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { url = '', headers } = request
    const one = { path: url, headers, body: Buffer.concat(chunks).toString() }
    arrived.push(one)
    const status = statusOf(one)
    response.writeHead(status, status === 302 ? { location: `${base}/elsewhere` } : {}).end('ignored')
  })
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  arrived = []
  statusOf = () => 200
})

const world = (options: WorldOptions = {}) => testPawl({ egress: nodeEgress({ allow: [base] }), ...options })

const subscribed = async ({ owner }: World, more: { events?: string[]; secret?: string; path?: string } = {}) => {
  const { events = ['vault.*'], path = '/hook', secret } = more
  const webhook = await owner.webhooks.create({ url: base + path, events, ...(secret && { secret }) })
  return { ...webhook, key: webhook.secret.reveal() }
}

const vaults = async ({ owner }: World, ...names: string[]) => {
  for (const name of names) await owner.vaults.create({ name })
}

const bodies = () => arrived.map(({ body }) => JSON.parse(body))
const namesArrived = () => bodies().map(({ data }) => data.name)

describe('a webhook', () => {
  it('gets an event with who did what to which thing, after the change, and never an address', async () => {
    await using one = await world()
    await subscribed(one)
    const { id } = await one.owner.vaults.create({ name: 'prod' })
    expect(arrived).toEqual([])
    await one.pawl.runJobs()
    const actor = { actor_type: 'user', actor_id: one.ownerId }
    expect(bodies()).toEqual([
      {
        id: expect.any(String),
        ...{ type: 'vault.created', event: 'vault.created', created_at: '2026-01-01T00:00:00.000Z', org_id: one.org },
        data: expect.objectContaining({ ...actor, resource_type: 'vault', resource_id: id, name: 'prod' }),
      },
    ])
    const [event] = (await one.owner.audit.events({ action: 'vault.create' })).events
    expect(bodies()[0].id).toBe(event?.id)
    expect(arrived[0]?.body).not.toContain('ip')
  })

  it('shows its secret once, and takes one that the caller brings', async () => {
    await using one = await world()
    const { id, key } = await subscribed(one)
    expect(key).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const own = await subscribed(one, { secret: tagged('whsec_of-the-caller') })
    expect(own.key).toBe(tagged('whsec_of-the-caller'))
    const shown = [await one.owner.webhooks.get({ webhook_id: id }), await one.owner.webhooks.list()]
    expect(JSON.stringify(shown)).not.toContain('whsec_')
    expect(shown[0]).toMatchObject({ secret_configured: true, is_active: true, org_id: one.org })
    await expect(subscribed(one, { secret: 'short' })).rejects.toThrow('secret: must have at least 8 characters')
  })

  it.each([
    ['a new secret', undefined, {}],
    ['a secret of the caller', tagged('whsec_of-the-caller'), { format: 'raw' as const }],
    ['a secret of the caller in base64', 'c2VjcmV0IG9mIHRoZSBjYWxsZXI', {}],
  ])('signs so that Standard Webhooks and the contract verify it: %s', async (_, secret, format) => {
    await using one = await world()
    const { key } = await subscribed(one, secret ? { secret } : {})
    await vaults(one, 'Größe')
    await one.pawl.runJobs()
    const [{ headers, body } = {} as Arrived] = arrived
    const oracle = new StandardWebhook(key, format)
    // The clock of the world stands still, and the library has no clock to set: it checks the signature only.
    const id = String(headers['webhook-id'])
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000)
    expect(headers['webhook-signature']).toBe(oracle.sign(id, at, body))
    const plain = createHmac('sha256', key).update(body).digest('hex')
    expect(headers).toMatchObject({
      ...{ 'x-webhook-signature': plain, 'x-1claw-signature': plain, 'x-webhook-event': 'vault.created' },
      ...{
        'content-type': 'application/json',
        'x-webhook-timestamp': headers['webhook-timestamp'],
        'x-webhook-id': id,
      },
      'x-webhook-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    const now = one.clock.now()
    const verified = await verifyWebhook(headers, body, key, { now })
    expect(verified).toMatchObject({ id, type: 'vault.created' })
  })

  it('gets only what it named: a pattern stands for what happened, a read has to be named itself', async () => {
    await using one = await world()
    await subscribed(one, { events: ['secret.*'], path: '/pattern' })
    await subscribed(one, { events: ['secret.read', 'vault.deleted'], path: '/named' })
    await subscribed(one, { events: ['*'], path: '/all' })
    const { id: vault_id } = await one.owner.vaults.create({ name: 'prod' })
    await one.owner.secrets.put({ vault_id, path: 'a', value: tagged('x') })
    await one.owner.secrets.get({ vault_id, path: 'a' })
    await one.owner.vaults.delete({ vault_id })
    await one.pawl.runJobs()
    const of = (path: string) =>
      arrived.filter((request) => request.path === path).map(({ body }) => JSON.parse(body).type)
    expect(of('/pattern')).toEqual(['secret.written'])
    expect(of('/named')).toEqual(['secret.read', 'vault.deleted'])
    expect(of('/all')).toEqual(
      expect.arrayContaining(['webhook.created', 'vault.created', 'secret.written', 'vault.deleted']),
    )
    expect(of('/all')).not.toContain('secret.read')
    expect(arrived.map(({ body }) => body).join()).not.toContain(tagged('x'))
  })

  it('hears nothing of calls that were refused, nothing from before, and nothing of other organisations', async () => {
    await using one = await world()
    const { as } = await one.agent()
    await vaults(one, 'before')
    one.clock.advance(1)
    await subscribed(one)
    await expect(as.vaults.create({ name: '' })).rejects.toThrow()
    await expect(one.owner.vaults.create({ name: 'before' })).rejects.toThrow()
    await (await one.otherOrg()).owner.vaults.create({ name: 'theirs' })
    await vaults(one, 'after')
    await one.pawl.runJobs()
    expect(namesArrived()).toEqual(['after'])
  })

  it('is only for owners and admins, and another organisation finds none of it', async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    const { as: member } = await one.member()
    const { as: agent } = await one.agent()
    const wanted = { url: `${base}/mine`, events: ['*'] }
    await expect(member.webhooks.create(wanted)).rejects.toMatchObject({ kind: 'denied' })
    await expect(agent.webhooks.create(wanted)).rejects.toMatchObject({ kind: 'denied' })
    const { owner: stranger } = await one.otherOrg()
    for (const call of [
      stranger.webhooks.get({ webhook_id }),
      stranger.webhooks.update({ webhook_id, is_active: false }),
      stranger.webhooks.delete({ webhook_id }),
      stranger.webhooks.rotateSecret({ webhook_id }),
      stranger.webhooks.test({ webhook_id }),
      stranger.webhooks.deliveries({ webhook_id }),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'webhook_not_found' })
    }
    expect((await stranger.webhooks.list()).webhooks).toEqual([])
  })

  it('says which of its names no event has', async () => {
    await using one = await world()
    const events = ['policy.created', 'polcy.created', 'agents.*', 'vault.*', '*', 'agent.transaction.broadcast']
    const { unknown_events } = await subscribed(one, { events })
    expect(unknown_events).toContain('polcy.created')
    expect(unknown_events).toContain('agents.*')
    expect(unknown_events).not.toContain('policy.created')
    for (const wrong of ['Policy.created', 'a b', 'policy.cre*', '**', '']) {
      await expect(subscribed(one, { events: [wrong] })).rejects.toMatchObject({ code: 'invalid_input' })
    }
    const { event_types } = await one.owner.webhooks.eventTypes()
    const typeOf = (action: string) => event_types.find(({ audit_action }) => audit_action === action)
    expect(typeOf('policy.create')).toMatchObject({ event: 'policy.created', is_read: false, shows_secret: false })
    expect(typeOf('secret.read')).toMatchObject({ event: 'secret.read', is_read: true, shows_secret: true })
    expect(typeOf('secret.list')).toMatchObject({ is_read: true, shows_secret: false })
    for (const action of ['audit.export', 'audit.segments', 'shroud.flagged_request'])
      expect(typeOf(action)).toMatchObject({ is_read: true, shows_secret: true })
  })
})

describe('a delivery', () => {
  it('has five attempts, each later than the one before, and the next one waits for its end', async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    statusOf = ({ body }) => (body.includes('broken') ? 500 : 200)
    await vaults(one, 'broken', 'fine')
    const waits: number[] = []
    await one.pawl.runJobs()
    for (let at = 1; at < 5; at++) {
      const before = arrived.length
      let waited = 0
      while (arrived.length === before) {
        one.clock.advance(1_000)
        waited++
        await one.pawl.runJobs()
      }
      waits.push(waited)
    }
    expect(waits).toEqual([5, 25, 125, 625])
    expect(namesArrived()).toEqual(['broken', 'broken', 'broken', 'broken', 'broken', 'fine'])
    expect(new Set(arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(2)
    const { deliveries } = await one.owner.webhooks.deliveries({ webhook_id })
    const error = 'The endpoint answered with status 500.'
    expect(deliveries).toMatchObject([
      { status: 'delivered', attempts: 1, http_status: 200, error: null },
      { status: 'failed', attempts: 5, http_status: 500, error },
    ])
  })

  it('keeps the order of the events', async () => {
    await using one = await world()
    await subscribed(one)
    const names = Array.from({ length: 30 }, (_, at) => `vault ${at}`)
    await vaults(one, ...names)
    await one.pawl.runJobs()
    expect(namesArrived()).toEqual(names)
  })

  it('E4: follows no redirect', async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    statusOf = () => 302
    await vaults(one, 'prod')
    await one.pawl.runJobs()
    expect(arrived.map(({ path }) => path)).toEqual(['/hook'])
    const [delivery] = (await one.owner.webhooks.deliveries({ webhook_id })).deliveries
    expect(delivery).toMatchObject({ status: 'pending', http_status: 302 })
  })

  it('is sent again on request, with the same event ID, and the receiver cannot be made to take it for another', async () => {
    await using one = await world()
    const { id: webhook_id, key } = await subscribed(one)
    await vaults(one, 'prod')
    await one.pawl.runJobs()
    const [{ id: delivery_id } = { id: '' }] = (await one.owner.webhooks.deliveries({ webhook_id })).deliveries
    one.clock.advance(3_600_000)
    expect(await one.owner.webhooks.replay({ webhook_id, delivery_id })).toMatchObject({
      status: 'pending',
      attempts: 0,
    })
    await one.pawl.runJobs()
    const [first, again] = arrived as [Arrived, Arrived]
    expect(again.body).toBe(first.body)
    expect(again.headers['webhook-id']).toBe(first.headers['webhook-id'])
    expect(again.headers['x-webhook-delivery']).not.toBe(first.headers['x-webhook-delivery'])
    const now = one.clock.now()
    await expect(verifyWebhook(first.headers, first.body, key, { now })).rejects.toThrow('too far from now')
    await expect(verifyWebhook(again.headers, again.body, key, { now })).resolves.toHaveProperty(
      'type',
      'vault.created',
    )
    const other = await subscribed(one, { path: '/other' })
    const foreign = one.owner.webhooks.replay({ webhook_id: other.id, delivery_id })
    await expect(foreign).rejects.toMatchObject({ code: 'webhook_delivery_not_found' })
  })

  it('to a webhook that is disabled waits, and no new one does', async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    statusOf = () => 500
    await vaults(one, 'waiting')
    await one.pawl.runJobs()
    await one.owner.webhooks.update({ webhook_id, is_active: false })
    statusOf = () => 200
    one.clock.advance(60_000)
    await vaults(one, 'meanwhile')
    one.clock.advance(1)
    await one.pawl.runJobs()
    await one.owner.webhooks.update({ webhook_id, is_active: true })
    await vaults(one, 'again')
    await one.pawl.runJobs()
    expect(namesArrived()).toEqual(['waiting', 'waiting', 'again'])
  })

  it('of a webhook that was deleted is not sent, and nothing of it stays', async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    statusOf = () => 500
    await vaults(one, 'prod')
    await one.pawl.runJobs()
    await one.owner.webhooks.delete({ webhook_id })
    one.clock.advance(60_000)
    await one.pawl.runJobs()
    expect(arrived).toHaveLength(1)
    const { webhook = 0, webhookQueue = 0, webhookDelivery = 0 } = one.storedKinds()
    expect([webhook, webhookQueue, webhookDelivery]).toEqual([0, 0, 0])
  })

  it('does not keep a commit waiting, and an endpoint that is silent holds up no other', async () => {
    const real = nodeEgress({ allow: [base] })
    let answer = () => {}
    const silent = new Promise<void>((resolve) => {
      answer = resolve
    })
    const egress: typeof real = {
      ...real,
      fetch: async (request) => {
        if (request.url.endsWith('/silent')) await silent
        return real.fetch(request)
      },
    }
    await using one = await world({ egress })
    await subscribed(one, { path: '/silent' })
    await subscribed(one, { path: '/fast' })
    await vaults(one, 'first')
    const running = one.pawl.runJobs()
    while (arrived.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await vaults(one, 'second')
    expect(arrived.map(({ path }) => path)).toEqual(['/fast'])
    answer()
    await running
    await one.pawl.runJobs()
    expect(arrived.filter(({ path }) => path === '/silent')).toHaveLength(2)
  })
})

describe('an endpoint that is dead', () => {
  it('is disabled after five days without success, with an event, and goes on where it was', async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    statusOf = () => 503
    for (let hour = 0; hour <= 5 * 24 + 2; hour++) {
      if (hour < 10) await vaults(one, `vault ${hour}`)
      await one.pawl.runJobs()
      one.clock.advance(3_600_000)
      if (hour >= 10) await vaults(one, `later ${hour}`)
    }
    const webhook = await one.owner.webhooks.get({ webhook_id })
    expect(webhook).toMatchObject({ is_active: false, disabled_reason: 'No attempt succeeded for 5 days.' })
    const { events } = await one.owner.audit.events({ action: 'webhook.disable' })
    expect(events).toMatchObject([{ actor_type: 'system', resource_id: webhook_id }])
    const before = arrived.length
    one.clock.advance(3_600_000)
    await one.pawl.runJobs()
    expect(arrived).toHaveLength(before)
    statusOf = () => 200
    expect(await one.owner.webhooks.update({ webhook_id, is_active: true })).not.toHaveProperty(
      'disabled_reason',
      expect.anything(),
    )
    await one.pawl.runJobs()
    expect(arrived.length).toBeGreaterThan(before)
    expect((await one.owner.webhooks.get({ webhook_id })).is_active).toBe(true)
  })

  it('fills its queue to the limit and no further, and one event says that others were dropped', {
    timeout: 60_000,
  }, async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one, { events: ['secret.written'] })
    statusOf = () => 503
    const { id: vault_id } = await one.owner.vaults.create({ name: 'prod' })
    const put = (at: number) => one.owner.secrets.put({ vault_id, path: `p${at % 10}`, value: tagged('x') })
    for (let at = 0; at < 1_010; at += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, more) => put(at + more)))
    }
    for (let looks = 0; looks < 3; looks++) await one.pawl.runJobs()
    expect(one.storedKinds().webhookDelivery).toBe(1_000)
    expect((await one.owner.audit.events({ action: 'webhook.overflow' })).events).toHaveLength(1)
    statusOf = () => 200
    one.clock.advance(5_000)
    await one.pawl.runJobs()
    await put(1)
    await one.pawl.runJobs()
    expect(one.storedKinds().webhookDelivery).toBeLessThanOrEqual(1_000)
    const { deliveries } = await one.owner.webhooks.deliveries({ webhook_id, limit: 1 })
    expect(deliveries).toMatchObject([{ status: 'delivered' }])
  })
})

describe('where a webhook leads', () => {
  it.each([
    ['without TLS', 'http://hooks.example.com/'],
    ['to this machine', 'https://localhost/'],
    ['to a private address', 'https://10.0.0.5/'],
    ['to the metadata of a cloud', 'https://169.254.169.254/latest'],
    ['to an address of IPv4 in IPv6', 'https://[::ffff:10.0.0.1]/'],
    ['with credentials', 'https://user:password@hooks.example.com/'],
  ])('E3: is refused when it is %s', async (_, url) => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    const events = ['*']
    await expect(one.owner.webhooks.create({ url, events })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(one.owner.webhooks.update({ webhook_id, url })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('E5: is checked at each attempt, and a name that leads inside later is not called', async () => {
    const addresses = [['127.0.0.1']]
    const port = new URL(base).port
    const name = `http://hooks.example.test:${port}`
    const lookup = async () => addresses[0] ?? []
    const logged: string[] = []
    const log = (_: string, message: string, about?: object) => logged.push(`${message} ${JSON.stringify(about)}`)
    await using one = await world({ egress: nodeEgress({ allow: [name, base], lookup }), log })
    const { id: webhook_id } = await one.owner.webhooks.create({ url: `${name}/hook`, events: ['vault.*'] })
    await vaults(one, 'first')
    await one.pawl.runJobs()
    addresses[0] = ['169.254.169.254']
    await vaults(one, 'second')
    await one.pawl.runJobs()
    expect(namesArrived()).toEqual(['first'])
    const [delivery] = (await one.owner.webhooks.deliveries({ webhook_id })).deliveries
    expect(delivery).toMatchObject({ status: 'pending', http_status: null })
    expect(delivery?.error).toContain('not allowed')
    expect(delivery?.error).not.toContain('169.254')
    expect(logged.join()).toContain('169.254.169.254')
  })

  it('is not called while the operator allows nothing, and the log of the webhook says how to allow it', async () => {
    await using one = await testPawl({ egress: nodeEgress({ allow: [] }) })
    const { id: webhook_id } = await one.owner.webhooks.create({ url: 'https://hooks.example.com/a', events: ['*'] })
    expect(await one.owner.webhooks.test({ webhook_id })).toMatchObject({
      ...{ delivered: false, http_status: null },
      error: expect.stringContaining('Add hooks.example.com to PAWL_EGRESS_ALLOW'),
    })
  })
})

describe('the secret of a webhook', () => {
  it('is rotated: both sign until the overlap ends, and then only the new one', async () => {
    await using one = await world()
    const { id: webhook_id, key: former } = await subscribed(one)
    const { secret, former_valid_until } = await one.owner.webhooks.rotateSecret({ webhook_id, overlap_seconds: 3_600 })
    expect(former_valid_until).toBe('2026-01-01T01:00:00.000Z')
    await vaults(one, 'during')
    await one.pawl.runJobs()
    one.clock.advance(3_600_000)
    await vaults(one, 'after')
    await one.pawl.runJobs()
    const [during, after] = arrived as [Arrived, Arrived]
    const verify = ({ headers, body }: Arrived, key: string) =>
      verifyWebhook(headers, body, key, { now: Number(headers['webhook-timestamp']) * 1_000 })
    for (const key of [former, secret.reveal()]) expect(await verify(during, key)).toHaveProperty('type')
    const plain = createHmac('sha256', secret.reveal()).update(during.body).digest('hex')
    expect(during.headers['x-webhook-signature']).toBe(plain)
    await expect(verify(after, former)).rejects.toThrow('no signature fits')
    expect(await verify(after, secret.reveal())).toHaveProperty('type')
    const at = Number(after.headers['webhook-timestamp']) * 1_000
    const both = verifyWebhook(after.headers, after.body, [former, secret], { now: at })
    expect(await both).toHaveProperty('type')
  })

  it('is replaced at once without an overlap', async () => {
    await using one = await world()
    const { id: webhook_id } = await subscribed(one)
    await one.owner.webhooks.rotateSecret({ webhook_id, overlap_seconds: 0, secret: tagged('whsec_brought') })
    await vaults(one, 'prod')
    await one.pawl.runJobs()
    expect(arrived[0]?.headers['webhook-signature']).not.toContain(' ')
  })
})

describe('a test of a webhook', () => {
  it('sends webhook.ping once, tells what the endpoint answered, and is in no queue', async () => {
    await using one = await world()
    const { id: webhook_id, key } = await subscribed(one)
    expect(await one.owner.webhooks.test({ webhook_id })).toMatchObject({
      delivered: true,
      http_status: 200,
      error: null,
    })
    const [{ headers, body } = {} as Arrived] = arrived
    expect(await verifyWebhook(headers, body, key, { now: one.clock.now() })).toMatchObject({ type: 'webhook.ping' })
    statusOf = () => 404
    expect(await one.owner.webhooks.test({ webhook_id })).toMatchObject({ delivered: false, http_status: 404 })
    expect((await one.owner.webhooks.deliveries({ webhook_id })).deliveries).toEqual([])
  })
})

describe('a vault', () => {
  it('without webhooks reads no trail for them, and nothing of them is stored', async () => {
    await using one = await world()
    await vaults(one, 'prod')
    await one.pawl.runJobs()
    expect(one.storedKinds()).not.toHaveProperty('auditDelivery')
    const { id: webhook_id } = await subscribed(one)
    await one.owner.webhooks.update({ webhook_id, is_active: false })
    await vaults(one, 'other')
    await one.pawl.runJobs()
    expect(one.storedKinds()).not.toHaveProperty('auditDelivery')
  })

  it('with two engines on one store delivers each event once and in order', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const hsm = memoryHsm()
    const one = await world({ storage, hsm })
    const two = await world({ storage, hsm, clock: one.clock, seed: 'two' })
    await subscribed(one)
    const names = Array.from({ length: 20 }, (_, at) => `vault ${at}`)
    for (const name of names) {
      await vaults(one, name)
      await Promise.all([one.pawl.runJobs(), two.pawl.runJobs()])
    }
    one.clock.advance(120_000)
    await Promise.all([one.pawl.runJobs(), two.pawl.runJobs()])
    expect(namesArrived()).toEqual(names)
    await one.close()
    await two.close()
  })

  it.each(['before', 'after'] as const)(
    'loses no event and keeps the order wherever the store fails, %s it has done what was asked',
    { timeout: 60_000 },
    async (when) => {
      const names = ['first', 'second', 'third']
      let faults = 0
      for (let at = 1, isOver = false; !isOver; at++) {
        arrived = []
        let calls = 0
        let isArmed = false
        const only = () => isArmed && ++calls > 0
        const storage = failing(memoryStorage(), { at, only, after: when === 'after' })
        await using one = await world({ storage })
        await subscribed(one)
        await vaults(one, ...names)
        isArmed = true
        await one.pawl.runJobs().catch(() => {})
        isArmed = false
        isOver = calls < at
        if (!isOver) faults++
        for (let looks = 0; looks < 3; looks++) {
          one.clock.advance(120_000)
          await one.pawl.runJobs()
        }
        const once = namesArrived().filter((name, place, all) => name !== all[place - 1])
        expect(once, `call ${at}`).toEqual(names)
      }
      expect(faults).toBeGreaterThan(10)
    },
  )
})
