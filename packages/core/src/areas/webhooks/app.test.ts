import type { EgressRequest } from '@pawl/core/ports'
import { testPawl } from '@pawl/testkit/world'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { type Area, auditEvent, fields, operation } from '../../operations/index.ts'
import { rotateAppWebhookSecret, setAppWebhook } from './app.ts'

// Goal: the webhook of an app hears of this app and of nothing else. Method: an area in the place of the platform.

const access = { signedIn: ['user'] as const }
const shared = { access, audit: 'none', effect: 'write', errors: [] } as const
const app = { app_id: fields.id() }

const apps = {
  name: 'apps',
  operations: {
    set: operation({
      ...shared,
      ...{ name: 'apps.set', summary: 'Set.', input: z.object({ ...app, url: z.string().nullable() }) },
      output: z.object({ secret: z.string().nullable() }),
      run: (context, { app_id: appId, url }) => ({ secret: setAppWebhook(context, { appId, url })?.reveal() ?? null }),
    }),
    rotate: operation({
      ...shared,
      ...{ name: 'apps.rotate', summary: 'Rotate.', input: z.object(app), output: z.object({ secret: z.string() }) },
      run: (context, { app_id }) => ({ secret: rotateAppWebhookSecret(context, app_id)?.reveal() ?? '' }),
    }),
    act: operation({
      ...shared,
      ...{ name: 'apps.act', summary: 'Act.', input: z.object({ ...app, action: z.string() }), output: z.object({}) },
      run: (context, { app_id, action }) => {
        context.unit.audit(auditEvent(context, { action, resource: { type: 'app', id: app_id }, details: { app_id } }))
        return {}
      },
    }),
  },
} as const satisfies Area

const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const

it('E3: the webhook of an app leads nowhere that no webhook may lead', async () => {
  await using world = await testPawl({ areas: [apps] })
  const { owner } = world
  await owner.apps.set({ app_id: one, url: 'https://one.example.com/hook' })
  for (const url of [
    'http://one.example.com/',
    'https://169.254.169.254/',
    'https://[::ffff:10.0.0.1]/',
    'https://127.1/',
  ]) {
    for (const app_id of [one, two]) {
      await expect(owner.apps.set({ app_id, url })).rejects.toMatchObject({
        data: { fields: { webhook_url: expect.any(String) } },
      })
    }
  }
})

it('the webhook of an app that was disabled is active again once its URL is set, and sends what waited', async () => {
  let status = 503
  const egress = { fetch: async () => ({ status, headers: {}, body: new Uint8Array() }) }
  await using world = await testPawl({ areas: [apps], egress })
  const url = 'https://one.example.com/hook'
  await world.owner.apps.set({ app_id: one, url })
  await world.owner.apps.act({ app_id: one, action: 'platform.user.connected' })
  for (const days of [6, 1]) {
    await world.pawl.runJobs()
    world.clock.advance(days * 24 * 60 * 60_000)
  }
  const disabled = async () => (await world.owner.audit.events({ action: 'webhook.disable' })).events
  const webhook_id = (await disabled())[0]?.resource_id ?? ''
  expect(await world.owner.webhooks.get({ webhook_id })).toMatchObject({ is_active: false, app_id: one })
  status = 200
  await world.owner.apps.set({ app_id: one, url })
  await world.pawl.runJobs()
  const { deliveries } = await world.owner.webhooks.deliveries({ webhook_id })
  expect(deliveries).toMatchObject([{ event: 'platform.user.connected', status: 'delivered' }])
})

it('the webhook of an app gets the platform events about this app only, and goes with it', async () => {
  const sent: EgressRequest[] = []
  const egress = {
    fetch: async (request: EgressRequest) => {
      sent.push(request)
      return { status: 204, headers: {}, body: new Uint8Array() }
    },
  }
  await using world = await testPawl({ areas: [apps], egress })
  const { owner } = world
  const { secret } = await owner.apps.set({ app_id: one, url: 'https://one.example.com/hook' })
  expect(secret).toMatch(/^whsec_/)
  await owner.apps.act({ app_id: one, action: 'platform.user.connected' })
  await owner.apps.act({ app_id: two, action: 'platform.user.connected' })
  await owner.apps.act({ app_id: one, action: 'vault.create' })
  await world.pawl.runJobs()
  expect(sent.map(({ url, headers }) => [url, headers['x-webhook-event']])).toEqual([
    ['https://one.example.com/hook', 'platform.user.connected'],
  ])
  expect((await owner.webhooks.list()).webhooks).toEqual([])
  expect((await owner.apps.set({ app_id: one, url: 'https://moved.example.com/hook' })).secret).toBeNull()
  expect((await owner.apps.rotate({ app_id: one })).secret).not.toBe(secret)
  await owner.apps.act({ app_id: one, action: 'platform.bootstrap.completed' })
  await world.pawl.runJobs()
  expect(sent.at(-1)?.url).toBe('https://moved.example.com/hook')
  await owner.apps.set({ app_id: one, url: null })
  await owner.apps.act({ app_id: one, action: 'platform.user.claimed' })
  await world.pawl.runJobs()
  expect(sent).toHaveLength(2)
  expect(world.storedKinds()).not.toHaveProperty('webhookDelivery')
})
