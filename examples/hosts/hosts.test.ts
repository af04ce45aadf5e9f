import { createServer, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Pawl } from '@pawl/core'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { expressHost } from './express.ts'
import { fastifyHost } from './fastify.ts'
import { honoHost } from './hono.ts'

const hosts: Record<string, (pawl: Pawl) => Promise<RequestListener>> = {
  Express: async (pawl) => expressHost(pawl) as RequestListener,
  Fastify: async (pawl) => {
    const app = fastifyHost(pawl)
    await app.ready()
    return app.routing as RequestListener
  },
  Hono: async (pawl) => getRequestListener(honoHost(pawl).fetch),
}

for (const [name, listenerOf] of Object.entries(hosts)) {
  describe(`a vault mounted in ${name}`, () => {
    const mounted = async (use: (call: Call, world: World, sendRaw: SendRaw) => Promise<void>) => {
      await using world = await testPawl()
      const { id } = await world.owner.vaults.create({ name: 'prod' })
      const agent = await world.agent({ policies: [{ vault_id: id, pattern: '**', permissions: ['read', 'write'] }] })
      const server = createServer(await listenerOf(world.pawl))
      const base = await listen(server)
      const headers = { authorization: `Bearer ${agent.key}`, 'content-type': 'application/json' }
      const call: Call = (method, path, body) =>
        fetch(base + path.replace(':vault', id), { method, headers, ...(body === undefined ? {} : { body }) })
      await use(call, world, (path) => statusOf(base, path.replace(':vault', id), headers))
      server.closeAllConnections()
      server.close()
    }

    it('stores and reads secrets, with slashes as they are or encoded, beside the host’s own pages', () =>
      mounted(async (call) => {
        const stored = await call('PUT', '/vault/v1/vaults/:vault/secrets/db/password', '{"value":"hunter2"}')
        expect(stored.status).toBe(201)
        for (const path of ['db/password', 'db%2Fpassword']) {
          const read = await call('GET', `/vault/v1/vaults/:vault/secrets/${path}`)
          expect(await read.json()).toMatchObject({ path: 'db/password', value: 'hunter2' })
          expect(read.headers.get('cache-control')).toBe('no-store')
        }
        expect(await (await call('GET', '/')).text()).toBe('my own page')
      }))

    it('answers in its own manner: problems, limits, unknown paths', () =>
      mounted(async (call) => {
        const bad = await call('PUT', '/vault/v1/vaults/:vault/secrets/db/password', '{"value":7}')
        expect(bad.status).toBe(400)
        expect(await bad.json()).toMatchObject({ status: 400, fields: { value: 'must be a string' } })
        const large = await call(
          'PUT',
          '/vault/v1/vaults/:vault/secrets/x',
          `{"value":"${'x'.repeat(5 * 1024 * 1024 + 1)}"}`,
        )
        expect(large.status).toBe(413)
        expect((await call('GET', '/vault/v1/nothing')).status).toBe(404)
      }))

    it('goes by the path as it was sent, and knows the address that it came from', () =>
      mounted(async (call, { owner }, sendRaw) => {
        await call('PUT', '/vault/v1/vaults/:vault/secrets/db/password', '{"value":"hunter2"}')
        const { events } = await owner.audit.events({ action: 'secret.write' })
        expect(events[0]?.ip_address).toBe('127.0.0.1')
        expect(await sendRaw('/vault/v1/vaults/:vault/secrets/db/password')).toBe(200)
        for (const path of ['secrets/x/../db/password', 'secrets/x/%2e%2e/db/password', 'secrets//db/password']) {
          expect(await sendRaw(`/vault/v1/vaults/:vault/${path}`), path).toBeGreaterThanOrEqual(400)
        }
      }))

    it('answers HEAD and OPTIONS too', () =>
      mounted(async (call) => {
        const head = await call('HEAD', '/vault/v1/vaults')
        expect([head.status, await head.text()]).toEqual([200, ''])
        expect((await call('OPTIONS', '/vault/v1/vaults')).headers.get('allow')).toContain('POST')
      }))
  })
}

type Call = (method: string, path: string, body?: string) => Promise<Response>

type SendRaw = (path: string) => Promise<number>

/** Sends the path as it is written: `fetch` would make it plain before. */
function statusOf(base: string, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    request({ hostname, port, path, headers }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end()
  })
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
