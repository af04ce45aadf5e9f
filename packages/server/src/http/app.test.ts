import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { bareEngine } from '../../test/operations.ts'
import { sendOverSocket } from '../../test/transports.ts'
import { createApp } from './app.ts'

// The app in somebody else's Hono app, behind a real socket.

let server: Server | null = null

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)))
})

async function open(app: Hono): Promise<number> {
  return new Promise((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
      resolve(port),
    ) as Server
  })
}

test('it lives below a path of another app, and leaves the rest to that one', async () => {
  const engine = bareEngine()
  const host = new Hono()
  host.get('/hello', (context) => context.text('hello'))
  host.route('/vault', createApp(engine, { basePath: '/vault' }))
  const port = await open(host)
  expect((await sendOverSocket(port, '/hello', {})).text).toBe('hello')
  expect((await sendOverSocket(port, '/vault/v1/echo/a/b%2Fc', {})).json).toMatchObject({ first: 'a', rest: 'b/c' })
  const post = { method: 'POST', body: '{"colour": "red"}' }
  expect((await sendOverSocket(port, '/vault/v1/echo-post/a', post)).json).toMatchObject({ colour: 'red' })
})

test('it knows the address and the path as the socket had them (E1, A1)', async () => {
  const engine = bareEngine()
  const port = await open(new Hono().route('/', createApp(engine)))
  await sendOverSocket(port, '/v1/count', {})
  expect(engine.performed[0]?.origin.ip).toEqual({ version: 4, words: [(127 << 24) | 1] })
  for (const path of ['/v1/echo/a/../b', '/v1/echo/x/%2e%2e/a/b', '/v1/./count', '/v1//count']) {
    expect((await sendOverSocket(port, path, {})).status, path).toBeGreaterThanOrEqual(400)
  }
  expect(engine.performed).toHaveLength(1)
})

test('HEAD and OPTIONS get there as well', async () => {
  const port = await open(new Hono().route('/', createApp(bareEngine())))
  expect((await sendOverSocket(port, '/v1/count', { method: 'HEAD' })).headers['content-length']).toBe('2')
  expect((await sendOverSocket(port, '/v1/keys', { method: 'OPTIONS' })).headers.allow).toBe('POST, OPTIONS')
})
