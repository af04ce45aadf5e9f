import { expect, test } from 'vitest'
import { bareEngine } from '../../test/operations.ts'
import { createApp } from './app.ts'

// What a fetch handler makes of what its host passes on. Behind real servers it is tested in examples/hosts.

const loopback = { version: 4, words: [(127 << 24) | 1] }

test('it lives below a path of its host, and answers for no other', async () => {
  const { fetch } = createApp(bareEngine(), { basePath: '/vault' })
  const post = new Request('http://host.test/vault/v1/echo-post/a', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"colour": "red"}',
  })
  expect(await (await fetch(post)).json()).toMatchObject({ colour: 'red' })
  const read = await fetch(new Request('http://host.test/vault/v1/echo/a/b%2Fc'))
  expect(await read.json()).toMatchObject({ first: 'a', rest: 'b/c' })
  expect((await fetch(new Request('http://host.test/v1/echo/a/b'))).status).toBe(404)
})

test('it goes by the address and the path that the socket had (E1, A1)', async () => {
  const engine = bareEngine()
  const { fetch } = createApp(engine)
  const sent = (url: string) => ({ incoming: { url, socket: { remoteAddress: '127.0.0.1' } } })
  await fetch(new Request('http://host.test/v1/count'), sent('/v1/count'))
  expect(engine.performed[0]?.origin.ip).toEqual(loopback)
  for (const path of ['/v1/echo/a/../b', '/v1/echo/x/%2e%2e/a/b', '/v1/./count', '/v1//count']) {
    const answer = await fetch(new Request(`http://host.test${path}`), sent(path))
    expect(answer.status, path).toBeGreaterThanOrEqual(400)
  }
  expect(engine.performed).toHaveLength(1)
})

test('it asks its host for the address where that is somewhere else, and has none where nothing says it', async () => {
  const engine = bareEngine()
  const request = new Request('http://host.test/v1/count')
  const addressOf = (_: Request, env: unknown) => (env as { address: string }).address
  await createApp(engine, { addressOf }).fetch(request, { address: '127.0.0.1' })
  await createApp(engine).fetch(request)
  await createApp(engine).fetch(request, null)
  expect(engine.performed.map(({ origin }) => origin.ip)).toEqual([loopback, null, null])
})

test('HEAD and OPTIONS get there as well', async () => {
  const { fetch } = createApp(bareEngine())
  const head = await fetch(new Request('http://host.test/v1/count', { method: 'HEAD' }))
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['2', ''])
  const options = await fetch(new Request('http://host.test/v1/keys', { method: 'OPTIONS' }))
  expect(options.headers.get('allow')).toBe('POST, OPTIONS')
})

test('M5: bodies that stall share a budget, as those on sockets do', async () => {
  const { fetch } = createApp(bareEngine(), { bodiesBytesMax: 100 })
  const stalled = () => {
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(60)) })
    const headers = { 'content-type': 'application/json' }
    return fetch(new Request('http://host.test/v1/echo-post/a', { method: 'POST', headers, body, duplex: 'half' }))
  }
  const { status, headers } = await Promise.race([stalled(), stalled()])
  expect([status, headers.get('retry-after')]).toEqual([503, '1'])
})
