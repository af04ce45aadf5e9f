import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bareEngine, count, echo } from '../../test/operations.ts'
import { type Client, fetchTransport, nodeTransport, transports } from '../../test/transports.ts'
import type { Access } from './log.ts'

// Goal: what core.md sections 1 and 2 say of requests and answers holds for every operation. Method: operations made up
// for this, on an engine that only runs them, over both transports.

describe.each(transports)('over $name', ({ open }) => {
  let engine: ReturnType<typeof bareEngine>
  let client: Client
  const failures: unknown[] = []

  beforeAll(async () => {
    engine = bareEngine()
    client = await open(engine, { log: (...entry) => failures.push(entry) })
  })
  afterAll(() => client.close())
  afterEach(() => failures.splice(0))

  const last = () => engine.performed.at(-1)

  describe('a request', () => {
    test('gives the operation its path parameters and its query', async () => {
      const { status, json } = await client.send('/v1/echo/a/b/c?colour=red&size=')
      expect([status, json]).toEqual([200, { first: 'a', rest: 'b/c', colour: 'red', size: '', bearer: null }])
    })

    test('may have a secret path as one segment with encoded slashes (§1.1.3)', async () => {
      expect((await client.send('/v1/echo/a/db%2Fmain%2Fro')).json).toMatchObject({ rest: 'db/main/ro' })
      expect((await client.send('/v1/echo/a/db/ma%69n')).json).toMatchObject({ rest: 'db/main' })
    })

    test('gives the operation its body, in which a path parameter cannot be named again', async () => {
      const { status, json } = await post('/v1/echo-post/a', '{"first": "other", "colour": "red"}')
      expect([status, json]).toEqual([201, { first: 'a', colour: 'red', bearer: null }])
    })

    test('must be JSON: no page of another origin may send that without asking (M13)', async () => {
      const send = async (type: string) =>
        (await client.send('/v1/echo-post/a', { method: 'POST', headers: { 'content-type': type }, body: '{}' })).status
      const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']
      for (const type of [
        ...simple,
        'text/plain; application/json',
        'application/jsonp',
        'application/json, text/plain',
      ]) {
        expect(await send(type), type).toBe(415)
      }
      for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json']) {
        expect(await send(type), type).toBe(201)
      }
    })

    test('may announce JSON and send nothing, with any method (§1.1.1)', async () => {
      const headers = { 'content-type': 'application/json' }
      for (const [method, path] of [
        ['GET', '/v1/echo/a/b'],
        ['POST', '/v1/nothing'],
        ['DELETE', '/v1/nothing'],
      ] as const) {
        expect((await client.send(path, { method, headers })).status, method).toBeLessThan(300)
        expect((await client.send(path, { method, headers, body: '' })).status, method).toBeLessThan(300)
      }
      // `null` is a body, and no object (M24).
      expect((await post('/v1/nothing', 'null')).status).toBe(400)
    })

    test('may be a DELETE with a body (§1.1.2)', async () => {
      const body = '{"confirmation": "yes"}'
      expect((await client.send('/v1/nothing', { method: 'DELETE', body })).status).toBe(204)
      expect(last()?.input).toEqual({ confirmation: 'yes' })
    })

    test('has its bearer handed to the engine, whatever it is worth (§1.1.7)', async () => {
      const bearer = async (authorization: string) =>
        (await client.send('/v1/echo/a/b', { headers: { authorization } })).json.bearer
      expect(await bearer('Bearer abc')).toBe('abc')
      expect(await bearer('bearer  abc ')).toBe('abc')
      for (const none of ['Bearer ', 'Bearer', 'Basic YTpi', 'abc']) expect(await bearer(none), none).toBeNull()
    })

    test('may have a key, and is told when it was answered before: then nothing was made (§2.7)', async () => {
      const place = (key?: string) =>
        client.send('/v1/orders', { method: 'POST', headers: key === undefined ? {} : { 'Idempotency-Key': key } })
      const [none, first, again] = [await place(), await place('a-1'), await place('known')]
      expect([none.status, none.json]).toEqual([201, { key: null }])
      expect([first.status, first.json, first.headers['idempotent-replayed']]).toEqual([201, { key: 'a-1' }, undefined])
      expect([again.status, again.json, again.headers['idempotent-replayed']]).toEqual([200, { key: 'known' }, 'true'])
    })

    test('has numbers and truths of a query read as such, where they are declared', async () => {
      const { json } = await client.send('/v1/count?limit=25&deep=true&name=7')
      expect(json).toEqual({ limit: 25, deep: true, name: '7' })
    })

    test('A13: with a number that is none leaves it to the operation to refuse', async () => {
      for (const limit of ['NaN', '1e9', '0x10', '', '٣', '1_000', ' 1', '99999999999999999999']) {
        await client.send(`/v1/count?limit=${encodeURIComponent(limit)}`)
        expect(last()?.input, limit).toEqual({ limit })
      }
    })

    test('A13: names a query parameter once', async () => {
      const { status, json } = await client.send('/v1/count?limit=1&limit=999')
      expect([status, json.code]).toEqual([400, 'invalid_query'])
      expect((await client.send(`/v1/count?${'a=1&'.repeat(2)}`)).status).toBe(400)
      const many = Array.from({ length: 101 }, (_, at) => `p${at}=1`).join('&')
      expect((await client.send(`/v1/count?${many}`)).status).toBe(400)
    })

    test('has no way to say __proto__ that means anything', async () => {
      await post('/v1/echo-post/a', '{"__proto__": {"first": "evil", "admin": true}, "__proto__": null}')
      expect(last()?.input).not.toHaveProperty('admin')
      await client.send('/v1/count?__proto__=1&constructor=2')
      expect(({} as Record<string, unknown>).admin).toBeUndefined()
    })
  })

  describe('a body', () => {
    test.each([
      ['hunter2', 'invalid_json', 'The body is not valid JSON.'],
      ['"hunter2"', 'invalid_json', 'The body must be a JSON object.'],
      ['["hunter2"]', 'invalid_json', 'The body must be a JSON object.'],
      ['['.repeat(100_000), 'json_too_complex', 'The body is nested more than 32 levels deep.'],
    ])('that is not a JSON object is refused, and F5: not quoted', async (body, code, detail) => {
      const { status, json } = await post('/v1/echo-post/a', body)
      expect([status, json]).toEqual([400, { type: 'about:blank', title: 'Bad Request', status: 400, detail, code }])
    })

    test('G1: of more than 5 MB is answered with 413 (§2.4)', async () => {
      const { status, json } = await post('/v1/echo-post/a', Buffer.alloc(5 * 1024 * 1024 + 1, 'x'))
      expect([status, json.code]).toEqual([413, 'body_too_large'])
      const rest = '{"first": "", "x": ""}'.length
      const fits = `{"first": "", "x": "${'x'.repeat(5 * 1024 * 1024 - rest)}"}`
      expect((await post('/v1/echo-post/a', fits)).status).toBe(201)
    })

    test('G1: of more than 5 MB that does not say its length is answered with 413', async () => {
      const headers = { 'transfer-encoding': 'chunked' }
      const body = Buffer.alloc(5 * 1024 * 1024 + 1, 'x')
      expect((await client.send('/v1/echo-post/a', { method: 'POST', headers, body })).status).toBe(413)
    })
  })

  describe('an answer', () => {
    test('is JSON with its length (§1.2.1)', async () => {
      const { headers, text } = await client.send('/v1/echo/%C3%A9/b')
      expect(headers['content-type']).toBe('application/json')
      expect(headers['content-length']).toBe(String(Buffer.byteLength(text)))
      expect(headers['x-content-type-options']).toBe('nosniff')
    })

    test('of an operation that says nothing is an empty object, unless it is 204 (§1.2.2, §1.2.3)', async () => {
      const said = await post('/v1/nothing', '')
      expect([said.status, said.text]).toEqual([200, '{}'])
      const silent = await client.send('/v1/nothing', { method: 'DELETE' })
      expect([silent.status, silent.text]).toEqual([204, ''])
      expect(silent.headers['content-type']).toBeUndefined()
    })

    test('F2: shows a secret in the fields that reveal one, and nowhere else; nobody may keep it', async () => {
      const { status, json, headers } = await post('/v1/keys', '')
      expect([status, json]).toEqual([201, { key: 'shown', note: '[secret]', codes: [{ code: 'c1' }] }])
      expect(headers['cache-control']).toBe('no-store')
      expect((await client.send('/v1/echo/a/b')).headers['cache-control']).toBe('no-store')
    })

    test('has the id of its request, and echoes one that can do no harm', async () => {
      const idOf = async (id: string) => {
        const { headers } = await client.send('/v1/none', { headers: { 'x-request-id': id } })
        return headers['x-request-id']
      }
      expect(await idOf('run-7_B')).toBe('run-7_B')
      for (const id of ['a b', 'a\tb', '<script>', 'x'.repeat(65), 'a;b']) {
        expect(await idOf(id), id).toMatch(/^[0-9a-f-]{36}$/)
      }
    })
  })

  describe('a problem', () => {
    test('has a type, a title, a status, a detail and a code (§2.1)', async () => {
      const { status, json, headers } = await client.send('/v1/none')
      expect(headers['content-type']).toBe('application/json')
      expect([status, json]).toEqual([
        404,
        {
          type: 'about:blank',
          title: 'Not Found',
          status: 404,
          detail: 'No operation exists at this path.',
          code: 'unknown_route',
        },
      ])
    })

    test('of a known path and another verb is 405, and says which verbs it takes (§2.2)', async () => {
      const { status, json, headers } = await client.send('/v1/echo-post/a', { method: 'PATCH' })
      expect([status, json.status, headers.allow]).toEqual([405, 405, 'POST, OPTIONS'])
      const read = await client.send('/v1/count', { method: 'DELETE' })
      expect([read.status, read.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
    })

    test('of a limit says when to come back, in whole seconds (§2.1)', async () => {
      const { status, json, headers } = await post('/v1/fail/spicy', '')
      expect([status, json.code, headers['retry-after']]).toEqual([429, 'too_spicy', '2'])
    })

    test('that clients tell apart by its type has that type (§2.1, A14, A15)', async () => {
      expect((await post('/v1/fail/tier', '')).json).toEqual({
        type: 'resource_limit_exceeded',
        title: 'Resource Limit Exceeded',
        status: 403,
        detail: 'vault limit reached (3/3 on free tier)',
        code: 'resource_limit_exceeded',
      })
      expect((await post('/v1/fail/approval', '')).json).toMatchObject({
        type: 'approval_required',
        title: 'Forbidden',
        status: 403,
        approval_request_id: 'ab',
      })
    })

    test('of ours says nothing outside, and is logged inside', async () => {
      const { status, text } = await post('/v1/fail/other', '')
      expect(status).toBe(500)
      expect(JSON.parse(text)).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'An internal error occurred. The server log has the details.',
        code: 'internal',
      })
      expect(failures).toHaveLength(1)
    })
  })

  describe('A1: a path that could be taken for another', () => {
    const bad = ['/v1/echo/a/../b', '/v1/echo/a//b', '/v1/echo/a/./b', '/v1/echo/a/b/', '/v1/echo/a/%2e%2e/b']
    const worse = ['/v1/echo/a/b%5cc', '/v1/echo/a/b%00', '/v1/echo/a/b\\c', '//v1/echo/a/b', '/v1/../v1/echo/a/b']

    test.each([...bad, ...worse])('%s is refused, and not redirected (§1.1.5)', async (path) => {
      engine.performed.length = 0
      const { status, json, headers } = await client.send(path)
      expect([status, json.code, headers.location]).toEqual([400, 'invalid_path', undefined])
      expect(engine.performed).toEqual([])
    })

    test('has to be taken for another once it is decoded, to be refused by the operation', async () => {
      // Not ambiguous as it is sent: what the operation gets is what a policy sees.
      expect((await client.send('/v1/echo/a/b%2F..%2Fc')).json).toMatchObject({ rest: 'b/../c' })
    })

    test('a percent sign that encodes nothing is refused', async () => {
      expect((await client.send('/v1/echo/a/%zz')).json.code).toBe('invalid_path')
      expect((await client.send('/v1/echo/a/%ff')).json.code).toBe('invalid_path')
    })
  })

  test('A14: a path in a query leads nowhere', async () => {
    expect((await client.send('/v1/none?x=/v1/count')).status).toBe(404)
    await client.send('/v1/count?x=/v1/keys')
    expect(last()?.name).toBe(count.name)
  })

  describe('HEAD', () => {
    test('asks like GET and gets the headers alone', async () => {
      const { status, text, headers } = await client.send('/v1/count', { method: 'HEAD' })
      expect([status, text, headers['content-length']]).toEqual([200, '', '2'])
    })

    test('is not for what gives out a secret, which would use up a read for nothing', async () => {
      expect((await client.send('/v1/keys/7', { method: 'HEAD' })).status).toBe(405)
      expect((await client.send('/v1/keys/7', { method: 'POST' })).headers.allow).toBe('GET, OPTIONS')
    })
  })

  describe('OPTIONS', () => {
    test('says what a path takes', async () => {
      const { status, text, headers } = await client.send('/v1/keys', { method: 'OPTIONS' })
      expect([status, text, headers.allow]).toEqual([204, '', 'POST, OPTIONS'])
      expect((await client.send('/v1/none', { method: 'OPTIONS' })).status).toBe(404)
    })
  })

  describe('documents', () => {
    test('the contract is served as it is derived', async () => {
      const { status, json } = await client.send('/openapi.json')
      expect(status).toBe(200)
      expect(json.openapi).toBe('3.1.0')
      expect(json.paths['/v1/echo/{first}/{rest}'].get.operationId).toBe(echo.http?.id)
      expect((await client.send('/openapi.json', { method: 'POST' })).status).toBe(405)
    })

    test('there are no metrics unless they were asked for', async () => {
      expect((await client.send('/metrics')).status).toBe(404)
    })
  })

  function post(path: string, body: string | Uint8Array) {
    return client.send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }
})

describe.each(transports)('over $name, with options', ({ open }) => {
  test('it can be mounted below a path (§1.1.6)', async () => {
    const client = await open(bareEngine(), { basePath: '/vault/' })
    expect((await client.send('/vault/v1/echo/a/b')).json).toMatchObject({ first: 'a', rest: 'b' })
    for (const path of ['/v1/echo/a/b', '/vault', '/vaultv1/echo/a/b', '/vaults/v1/echo/a/b', '/vault/../v1/count']) {
      expect((await client.send(path)).status, path).toBeGreaterThanOrEqual(400)
    }
    await client.close()
  })

  test('it serves another registry than the engine’s, when told', async () => {
    const client = await open(bareEngine(), { registry: { count: { list: count } } })
    expect((await client.send('/v1/count')).status).toBe(200)
    expect((await client.send('/v1/echo/a/b')).status).toBe(404)
    await client.close()
  })

  test('the 201st request of a moment is refused, and told when to come back (§2.3)', async () => {
    const engine = bareEngine({ rateLimits: true })
    const client = await open(engine, { now: () => 1_000 })
    for (let count = 0; count < 200; count++) await client.send('/v1/count')
    const { status, json, headers } = await client.send('/v1/count')
    expect([status, json.code, headers['retry-after']]).toEqual([429, 'rate_limited', '1'])
    await client.close()
  })

  test('G3: a client over the limit is refused before the body is looked at', async () => {
    const client = await open(bareEngine({ rateLimits: true }), { now: () => 0 })
    for (let count = 0; count < 300; count++) await client.send('/v1/none')
    const body = '{'.repeat(1_000)
    expect((await client.send('/v1/echo-post/a', { method: 'POST', body })).status).toBe(429)
    await client.close()
  })

  test('E1: the engine is told the address behind a trusted proxy, and no other', async () => {
    const engine = bareEngine()
    const ipOf = async (trustedProxies: string[], headers: Record<string, string>) => {
      const client = await open(engine, { trustedProxies })
      const { status } = await client.send('/v1/count', { headers })
      await client.close()
      return status === 200 ? engine.performed.at(-1)?.origin.ip : status
    }
    const loopback = { version: 4, words: [(127 << 24) | 1] }
    const spoofed = {
      'x-forwarded-for': '192.0.2.1',
      'x-real-ip': '192.0.2.1',
      forwarded: 'for=192.0.2.1',
      'cf-connecting-ip': '192.0.2.1',
    }
    expect(await ipOf([], spoofed)).toEqual(loopback)
    expect(await ipOf(['127.0.0.0/8'], spoofed)).toEqual({ version: 4, words: [(192 << 24) | (2 << 8) | 1] })
    expect(await ipOf(['127.0.0.0/8'], { ...spoofed, 'x-forwarded-for': 'a' })).toBe(403)
    expect(await ipOf(['127.0.0.0/8'], {})).toEqual(loopback)
  })

  test('F4, F5: what is told of a request is its template and its outcome, and nothing that was sent', async () => {
    const told: Access[] = []
    const client = await open(bareEngine(), { observe: (access) => told.push(access) })
    const headers = { authorization: 'Bearer hunter2', 'x-custom': 'hunter2', 'x-request-id': 'r1' }
    await client.send('/v1/echo/hunter2/hunter2?q=hunter2', { headers })
    await client.send('/v1/hunter2', { headers })
    await client.send('/v1/keys', { method: 'POST', headers, body: '{"name": "hunter2"}' })
    await client.close()
    const expected = { status: 200, ms: expect.any(Number), requestId: 'r1', ip: '127.0.0.1' }
    expect(told).toEqual([
      { ...expected, method: 'GET', route: '/v1/echo/{first}/{rest+}' },
      { ...expected, method: 'GET', route: '', status: 404 },
      { ...expected, method: 'POST', route: '/v1/keys', status: 201 },
    ])
    expect(JSON.stringify(told)).not.toContain('hunter2')
  })
})

test('a host that does not know the address of a request may say it', async () => {
  const engine = bareEngine()
  const client = await fetchTransport.open(engine, { addressOf: () => '192.0.2.9' })
  await client.send('/v1/count')
  expect(engine.performed.at(-1)?.origin.ip).toEqual({ version: 4, words: [(192 << 24) | (2 << 8) | 9] })
})

test('both transports give the same answers', async () => {
  const answers = await Promise.all(
    [nodeTransport, fetchTransport].map(async ({ open }) => {
      const client = await open(bareEngine())
      const paths = ['/v1/echo/a/b?x=1', '/v1/none', '/v1/keys/1', '/v1/count?limit=1&limit=2', '/v1//count']
      const given = []
      for (const path of paths) {
        const { status, headers, text } = await client.send(path, { headers: { 'x-request-id': 'same' } })
        const { date: _, connection: __, 'keep-alive': ___, ...own } = headers
        given.push({ status, headers: own, text })
      }
      await client.close()
      return given
    }),
  )
  expect(answers[0]).toEqual(answers[1])
})
