import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { type CreateBindingInput, registry } from '@pawl/core'
import type { Egress } from '@pawl/core/ports'
import { searchFor, tagged } from '@pawl/testkit/canary'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

// Goal: what an agent may call arrives with its credential, nothing else arrives, and the credential is in no answer.
// Method: a real service on loopback that tells all it was told, the real way out, and an agent that tries.

const token = tagged('sk_live_51H8xJ/2eZ+v "quoted"')

interface Arrived {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let arrived: Arrived[] = []
let base = ''
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    arrived.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    answer(url.split('?')[0] ?? '', response, arrived.at(-1) as Arrived)
  })
})

function answer(path: string, response: ServerResponse, request: Arrived): void {
  if (path === '/v1/redirect')
    response.writeHead(302, { location: `/v1/elsewhere?key=${encodeURIComponent(token)}` }).end()
  else if (path === '/v1/pieces') {
    for (const character of `before ${token} after`) response.write(character)
    response.end()
  } else if (path === '/v1/packed') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(token))
  else if (path === '/v1/binary') response.end(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(token)]))
  else if (path === '/v1/large') response.end('x'.repeat(1024 * 1024 + 1))
  else if (path === '/v1/broken') response.writeHead(500).end('no')
  else if (path === '/v1/forbidden') response.writeHead(403).end('no')
  else if (path === '/v1/part') response.writeHead(206, { 'content-range': 'bytes 0-6/40' }).end(token.slice(0, 7))
  else if (path === '/v1/part-without-range') response.writeHead(206).end(token.slice(0, 7))
  else if (path === '/v1/part-without-status')
    response.writeHead(200, { 'content-range': 'bytes 0-6/40' }).end(token.slice(0, 7))
  else if (path === '/v1/parts')
    response.writeHead(200, { 'content-type': 'multipart/byteranges; boundary=x' }).end(token.slice(0, 7))
  else if (path === '/v1/cut') response.end(`${token.slice(0, 12)}… …${token.slice(-9)}`)
  else if (path === '/v1/capitals') response.end(`${token.toUpperCase()} ${token.toLowerCase()}`)
  else if (path === '/v1/cut-base64') response.end(Buffer.from(token).toString('base64').slice(3, -5).toUpperCase())
  else if (path === '/v1/chunks') {
    for (const piece of token.match(/.{1,3}/g) ?? []) response.write(piece.toUpperCase())
    response.end()
  } else if (path === '/v1/forms') response.end(JSON.stringify(formsOf(token)))
  else response.writeHead(200, { 'set-cookie': token, etag: `"${token.split(' ')[0]}"` }).end(JSON.stringify(request))
}

const formsOf = (text: string) => [
  text,
  encodeURIComponent(text),
  Buffer.from(text).toString('base64'),
  Buffer.from(`user:${text}`).toString('base64'),
  Buffer.from(text).toString('hex'),
  JSON.stringify(JSON.stringify(text)),
]

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => {
  arrived = []
})

type Config = Parameters<Awaited<ReturnType<typeof testPawl>>['owner']['bindings']['create']>[0]['config']

interface Wanted extends WorldOptions {
  readonly config?: Partial<Config>
  readonly guardrails?: { max_requests_per_minute?: number; allowed_hosts?: string[] }
  readonly credential?: CreateBindingInput['credential']
  readonly type?: 'http' | 'graphql'
}

/** An agent with one binding to the service. */
async function callingWorld({ config, guardrails = {}, credential = token, type = 'http', ...options }: Wanted = {}) {
  const world = await testPawl({ egress: nodeEgress({ allow: [base] }), ...options })
  const agent = await world.agent({ name: 'shop', execution_intents_enabled: true })
  const { id } = await world.owner.bindings.create({
    agent_id: agent.id,
    name: 'payments',
    binding_type: type,
    config: { base_url: `${base}/v1`, ...config },
    guardrails,
    credential,
  })
  const call = (params: object, binding = 'payments') =>
    agent.as.bindings.execute({ agent_id: 'me', binding, params: params as Record<string, never> })
  return { ...world, agent, bindingId: id, call }
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const shows = searchFor(token)
const shownBody = (result: unknown) => JSON.parse((result as { body: string }).body)

describe('a call', () => {
  it('arrives as the agent said it, with the credential, and is answered without it', async () => {
    const { call } = await callingWorld()
    const params = {
      method: 'POST',
      path: '/charges?a=1',
      query: { b: ['x y', 2] },
      headers: { 'X-Trace': 't' },
      body: { n: 1 },
    }
    const done = await call(params)
    expect(arrived).toMatchObject([
      {
        method: 'POST',
        url: '/v1/charges?a=1&b=x%20y&b=2',
        headers: { authorization: `Bearer ${token}`, 'x-trace': 't', 'content-type': 'application/json' },
        body: '{"n":1}',
      },
    ])
    expect(done).toMatchObject({ status: 'success', execution_surface: 'vault', result: { status: 200 } })
    expect(shownBody(done.result).headers.authorization).toBe('Bearer [redacted]')
    expect(done.result?.headers).toEqual({ etag: expect.any(String), date: expect.any(String) })
    expect(done.redactions_applied).toBe(2)
  })

  const basic = `Basic ${Buffer.from(`shop:${token}`).toString('base64')}`
  it.each([
    ['in a header', { auth_type: 'header', auth_name: 'X-Api-Key' }, token, { headers: { 'x-api-key': token } }],
    [
      'in the query',
      { auth_type: 'query', auth_name: 'key' },
      token,
      { url: `/v1/x?key=${encodeURIComponent(token)}` },
    ],
    ['in the body', { auth_type: 'body', auth_name: 'key' }, token, { body: JSON.stringify({ a: 1, key: token }) }],
    ['as a password', { auth_type: 'basic', username: 'shop' }, token, { headers: { authorization: basic } }],
    ['as a pair', { auth_type: 'basic' }, { username: 'shop', password: token }, { headers: { authorization: basic } }],
    ['as an object of one text', {}, { token }, { headers: { authorization: `Bearer ${token}` } }],
  ] as const)('takes a credential %s, and takes it out of what comes back', async (_, config, credential, expected) => {
    const { call } = await callingWorld({ config, credential })
    const inBody = 'auth_type' in config && config.auth_type === 'body'
    const done = await call({ path: '/x', ...(inBody ? { method: 'POST', body: { a: 1 } } : {}) })
    expect(arrived).toMatchObject([expected])
    expect(done.status).toBe('success')
    expect(shows(bytes(done))).toEqual([])
    expect(JSON.stringify(done)).not.toContain(basic.slice(6))
  })

  it.each(['/forms', '/pieces', '/packed', '/binary', '/redirect', '/forbidden', '/x'])(
    'to %s gives the credential in no form',
    async (path) => {
      const { call } = await callingWorld()
      const done = await call({ path })
      expect(done.status).toBe('success')
      expect(shows(bytes(done))).toEqual([])
      expect(arrived).toHaveLength(1)
    },
  )

  it('says what the service answered, whatever that is, and follows no redirect (E4, E9)', async () => {
    const { call } = await callingWorld()
    expect((await call({ path: '/forbidden' })).result).toMatchObject({ status: 403, body: 'no' })
    const moved = await call({ path: '/redirect' })
    expect(moved.result).toMatchObject({ status: 302, headers: { location: '/v1/elsewhere?key=[redacted]' } })
    expect((await call({ path: '/pieces' })).result).toMatchObject({ body: 'before [redacted] after' })
    expect((await call({ path: '/binary' })).result).toMatchObject({ body: null, body_bytes: 2 + token.length })
    expect(arrived.map(({ url }) => url)).not.toContain(expect.stringContaining('elsewhere'))
  })

  it('takes the time that the service takes', async () => {
    const egress: Egress = {
      fetch: async () => {
        world.clock.advance(1_234)
        return { status: 200, headers: {}, body: new Uint8Array() }
      },
    }
    const world = await callingWorld({ egress })
    expect(await world.call({ path: '/x' })).toMatchObject({ status: 'success', duration_ms: 1_234 })
    const test = await world.owner.bindings.test({ agent_id: world.agent.id, binding_id: world.bindingId })
    expect(test).toMatchObject({ success: true, latency_ms: 1_234 })
  })

  it('that fails inside the engine repeats nothing of the failure, and the log has its binding only', async () => {
    const egress: Egress = {
      fetch: async ({ headers }) => {
        throw new TypeError(`broken at ${headers.authorization}`)
      },
    }
    const logged: unknown[] = []
    const { call } = await callingWorld({ egress, log: (...line) => logged.push(line) })
    const done = await call({ path: '/x' })
    expect(done).toMatchObject({ status: 'error', error: expect.stringContaining('may still have received it') })
    expect(shows(bytes([done, logged]))).toEqual([])
    expect(JSON.stringify([done, logged])).not.toContain('broken at')
    expect(logged).toContainEqual(['error', expect.stringContaining('internal error'), { binding: 'payments' }])
  })

  it('is an error when the answer is too large', async () => {
    const { call } = await callingWorld()
    expect(await call({ path: '/large' })).toMatchObject({ status: 'error', error: expect.stringContaining('1048576') })
  })

  it('over GraphQL is a POST of the query, also when a tool says it as a body', async () => {
    const { call } = await callingWorld({ type: 'graphql', config: { base_url: `${base}/graphql` } })
    await call({ query: '{ a }', variables: { n: 1 } })
    await call({ body: { query: '{ b }' } })
    expect(arrived.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/graphql', '{"query":"{ a }","variables":{"n":1}}'],
      ['POST', '/graphql', '{"query":"{ b }"}'],
    ])
    await expect(call({ path: '/admin', query: '{ a }' })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('a call in other words', () => {
  it('arrives when it names a whole URL below the base, or the binding by its ID, and has no type without a body', async () => {
    const { call, bindingId } = await callingWorld()
    expect(await call({ url: `${base}/v1/charges?a=1` })).toMatchObject({ status: 'success' })
    expect(await call({ path: '/charges' }, bindingId)).toMatchObject({ status: 'success' })
    expect(arrived.map(({ url }) => url)).toEqual(['/v1/charges?a=1', '/v1/charges'])
    for (const { headers } of arrived) expect(headers).not.toHaveProperty('content-type')
    const elsewhere = await call({ url: `https://evil.example/${base}/v1` })
    expect(elsewhere).toMatchObject({ status: 'denied', error: expect.stringContaining('URLs below') })
  })

  it.each(['GET', 'HEAD'])('has no credential in the body of a %s, because it has none', async (method) => {
    const { call } = await callingWorld({ config: { auth_type: 'body', auth_name: 'key' } })
    const denied = await call({ method, path: '/x' })
    expect(denied).toMatchObject({ status: 'denied', error: expect.stringContaining('has no body') })
    expect(arrived).toEqual([])
  })

  it('has a body of at most 1 MiB, as it is sent', async () => {
    const { call } = await callingWorld()
    const post = (body: unknown) => call({ method: 'POST', path: '/forbidden', body })
    const most = 1024 * 1024
    for (const body of ['x'.repeat(most + 1), { a: 'x'.repeat(most) }, 'é'.repeat(most / 2 + 1)])
      await expect(post(body)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(arrived).toEqual([])
    await post('x'.repeat(most))
    expect(arrived.map(({ body }) => body.length)).toEqual([most])
    expect(arrived[0]?.headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  it('has at most 100 headers and 100 query parameters, and no body where it is null', async () => {
    const { call } = await callingWorld()
    const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, 'v']))
    for (const most of [{ headers: named(101) }, { query: named(101) }, { query: { a: Array(101).fill(1) } }]) {
      await expect(call({ path: '/forbidden', ...most })).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect(arrived).toEqual([])
    await call({ path: '/forbidden', headers: named(100), query: named(100) })
    await call({ path: '/forbidden', method: 'POST', body: [{ _method: 'in a list of data' }] })
    await call({ path: '/forbidden', method: 'POST', body: null })
    expect(arrived[0]?.headers).toMatchObject(named(100))
    expect(arrived.slice(1).map(({ body }) => body)).toEqual(['[{"_method":"in a list of data"}]', ''])
  })

  it.each([
    ['header', 'X-Api-Key', { headers: { 'x-other': '1' } }],
    ['query', 'key', { headers: { key: '1' }, query: { keys: '1' } }],
    ['body', 'key', { method: 'POST', headers: { key: '1' }, query: { key: '1' }, body: { keys: '1' } }],
    ['bearer', undefined, { headers: { 'x-other': '1' }, query: { authorization: '1' } }],
  ] as const)('may set all but its credential in the %s %s', async (auth_type, auth_name, params) => {
    const config = auth_name === undefined ? { auth_type } : { auth_type, auth_name }
    const { call } = await callingWorld({ config })
    expect(await call({ path: '/x', ...params })).toMatchObject({ status: 'success' })
  })

  it('is of a type that its binding has', async () => {
    const http = await callingWorld()
    const typed = (
      world: typeof http,
      intent_type: 'http_request' | 'graphql_query' | 'graphql_mutation',
      params: object,
    ) =>
      world.agent.as.bindings.execute({
        ...{ agent_id: 'me', binding: 'payments', intent_type },
        params: params as Record<string, never>,
      })
    await expect(typed(http, 'graphql_query', { path: '/x' })).rejects.toThrow(/^intent_type: must be http_request/)
    const graphql = await callingWorld({ type: 'graphql', config: { base_url: `${base}/graphql` } })
    await expect(typed(graphql, 'http_request', { query: '{ a }' })).rejects.toThrow(/^intent_type: must be graphql_/)
    const pay = { query: 'mutation { pay }' }
    expect(await typed(graphql, 'graphql_mutation', pay)).toMatchObject({ status: 'success' })
    expect(arrived).toMatchObject([{ body: JSON.stringify(pay) }])
  })
})

describe('M7: a service that gives the credential away in slices', () => {
  it('arrives without the headers that a proxy of the agent added, and without an error', async () => {
    const { call } = await callingWorld()
    const added = {
      ...{ 'Content-Length': '999', 'Accept-Encoding': 'gzip', 'Transfer-Encoding': 'chunked', TE: 'trailers' },
      ...{ Connection: 'keep-alive', Via: '1.1 proxy', Forwarded: 'for=10.0.0.1', 'X-Forwarded-For': '10.0.0.1' },
      ...{ 'X-Forwarded-Host': 'evil.example', 'Keep-Alive': 'timeout=5', 'Proxy-Connection': 'keep-alive' },
    }
    const done = await call({ method: 'POST', path: '/x', headers: { ...added, 'X-Trace': 't' }, body: { n: 1 } })
    expect(done.status).toBe('success')
    expect(arrived).toMatchObject([
      { headers: { 'x-trace': 't', 'accept-encoding': 'identity', 'content-length': '7' } },
    ])
    expect(JSON.stringify(arrived)).not.toMatch(/gzip|trailers|10\.0\.0\.1|evil|chunked|via|timeout=5/)
  })

  it.each(['/part', '/part-without-range', '/part-without-status', '/parts'])(
    'at %s shows none of them',
    async (path) => {
      const { call } = await callingWorld()
      const done = await call({ path })
      expect(done).toMatchObject({ status: 'error', error: expect.stringContaining('part') })
      expect(JSON.stringify(done)).not.toContain(token.slice(0, 7))
    },
  )

  it.each(['/cut', '/capitals', '/cut-base64', '/chunks'])('at %s shows no eight characters of it', async (path) => {
    const { call } = await callingWorld()
    const done = await call({ path })
    expect(done).toMatchObject({ status: 'success', redactions_applied: expect.any(Number) })
    const shown = JSON.stringify(done).toLowerCase()
    for (const text of [token, Buffer.from(token).toString('base64').slice(2, -4)]) {
      for (let at = 0; at + 12 <= text.length; at++) expect(shown).not.toContain(text.slice(at, at + 12).toLowerCase())
    }
  })
})

describe('M11: a call over GraphQL', () => {
  const world = (config: Partial<Config> = {}) =>
    callingWorld({ type: 'graphql', config: { base_url: `${base}/graphql`, ...config } })
  const asQuery = async (given: Awaited<ReturnType<typeof callingWorld>>, params: object) =>
    given.agent.as.bindings.execute({
      ...{ agent_id: 'me', binding: 'payments', intent_type: 'graphql_query' },
      params: params as Record<string, never>,
    })

  it('with a document that is none is denied with its problem', async () => {
    const { call } = await world()
    for (const query of ['{', 'nothing', 'query A { a } query B { b }']) {
      expect(await call({ query })).toMatchObject({ status: 'denied', error: expect.stringMatching(/^The query /) })
    }
    for (const body of [['{ a }'], null, 'text']) {
      await expect(call({ body } as never)).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect(arrived).toEqual([])
  })

  it('obeys the methods and paths of its binding', async () => {
    for (const config of [{ allowed_methods: ['GET'] }, { allowed_paths: ['/other'] }] as Partial<Config>[]) {
      const { call } = await world(config)
      expect(await call({ query: '{ a }' })).toMatchObject({ status: 'denied', error: expect.stringContaining('only') })
    }
    expect(arrived).toEqual([])
    const { call } = await world({ allowed_methods: ['POST'], allowed_paths: ['/'] })
    expect(await call({ query: '{ a }' })).toMatchObject({ status: 'success' })
  })

  it.each([
    ['plainly', { query: 'mutation { pay }' }],
    ['behind a comment', { query: '# query { a }\nmutation { pay }' }],
    ['beside a query', { query: 'query A { a } mutation B { pay }', operationName: 'A' }],
    ['after a fragment', { query: 'fragment F on M { pay } mutation { ...F }' }],
    [
      'after commas and a byte order mark',
      { query: '\ufeff,, mutation Pay($n: I = {a: "}"}) @d(a: "{") { pay(n: $n) }' },
    ],
  ])('never passes a mutation as a query: %s', async (_, params) => {
    const given = await world()
    expect(await asQuery(given, params)).toMatchObject({ status: 'denied' })
    expect(arrived).toEqual([])
    const { events } = await given.agent.as.bindings.listExecutions({ agent_id: 'me' })
    expect(events).toMatchObject([{ intent_type: 'graphql_query', status: 'denied' }])
  })

  it('is listed as what its document is', async () => {
    const given = await world()
    await given.call({ query: 'mutation { pay }' })
    const { events } = await given.agent.as.bindings.listExecutions({ agent_id: 'me' })
    expect(events).toMatchObject([{ intent_type: 'graphql_mutation', status: 'success' }])
    expect(await asQuery(given, { query: 'query mutation { mutation(text: "mutation { x }") }' })).toMatchObject({
      status: 'success',
    })
  })
})

describe('a call that is not allowed', () => {
  it.each([
    ['another path', { path: '/refunds' }],
    ['a path that only looks allowed', { path: '/charges/../refunds' }],
    ['the same, escaped', { path: '/charges/%2e%2e/refunds' }],
    ['another host', { url: 'http://169.254.169.254/v1/charges' }],
    ['another path of the host', { url: 'BASE/v2/charges' }],
    ['another user of the host', { url: 'http://me@HOST/v1/charges' }],
    ['a host that begins like it', { url: 'BASE.evil.example/v1/charges' }],
    ['both a path and a url', { path: '/charges', url: 'BASE/v1/charges' }],
    ['another method', { path: '/charges', method: 'DELETE' }],
    ['a GET with a body', { path: '/charges', body: { a: 1 } }],
    ['a HEAD with a body', { path: '/charges', method: 'HEAD', body: { a: 1 } }],
    ['no path at all', {}],
  ])('to %s is denied, and nothing arrives', async (_, params) => {
    const config = { allowed_paths: ['/charges*'], allowed_methods: ['GET', 'POST', 'HEAD'] as ['GET', 'POST', 'HEAD'] }
    const { call, agent, owner } = await callingWorld({ config })
    const given = JSON.parse(JSON.stringify(params).replace('BASE', base).replace('HOST', new URL(base).host))
    expect(await call(given)).toMatchObject({ status: 'denied', error: expect.any(String) })
    expect(arrived).toEqual([])
    const { events } = await owner.audit.events({ action: 'binding.execute' })
    expect(events).toMatchObject([{ details: { outcome: 'denied', binding: 'payments' } }])
    const { events: calls } = await agent.as.bindings.listExecutions({ agent_id: 'me' })
    expect(calls).toMatchObject([{ status: 'denied', result_summary: undefined }])
  })

  it.each([
    [{ Authorization: 'Bearer mine' }],
    [{ 'x-ok': 'a\r\nauthorization: Bearer mine' }],
    [{ 'x-bad\r\nauthorization': 'mine' }],
    [{ Host: 'evil.example' }],
    [{ 'X-HTTP-Method-Override': 'DELETE' }],
    [{ 'X-Method-Override': 'DELETE' }],
    [{ Cookie: 'session=1' }],
    [{ 'Proxy-Authorization': 'Basic bWU6bWU=' }],
    [{ Range: 'bytes=0-6' }],
    [{ 'If-Range': 'Wed, 21 Oct 2015 07:28:00 GMT' }],
    [{ 'X-Original-URL': '/admin' }],
  ])('with the headers %j is refused, and nothing arrives', async (headers) => {
    const { call } = await callingWorld()
    await expect(call({ path: '/charges', headers })).rejects.toMatchObject({ code: 'invalid_input' })
    expect(arrived).toEqual([])
  })

  it.each([
    ['in the query', { method: 'POST', path: '/charges?_method=DELETE' }],
    ['in the query, escaped', { method: 'POST', path: '/charges?%5FMethod=DELETE' }],
    ['in the query, as a list', { method: 'POST', path: '/charges', query: { '_method[]': ['DELETE'] } }],
    ['in a field', { method: 'POST', path: '/charges', body: { _method: 'DELETE' } }],
    ['in a form', { method: 'POST', path: '/charges', body: 'a=1&%5fmethod=DELETE' }],
    ['in a text of JSON', { method: 'POST', path: '/charges', body: '{"\\u005fmethod":"DELETE"}' }],
    ['in parts', { method: 'POST', path: '/charges', body: '--x\r\nname="_method"\r\n\r\nDELETE\r\n--x--' }],
    ['as a header in the query', { method: 'POST', path: '/charges', query: { 'X-HTTP-Method-Override': 'DELETE' } }],
  ])('M11: with another method %s is denied, and nothing arrives', async (_, params) => {
    const { call } = await callingWorld({ config: { allowed_methods: ['POST'] } })
    expect(await call(params)).toMatchObject({ status: 'denied', error: expect.stringContaining('_method') })
    expect(arrived).toEqual([])
    const other = { method: 'POST', path: '/charges?method=card', body: { payment_method: 'card', n: '_method' } }
    expect(await call(other)).toMatchObject({ status: 'success' })
  })

  it.each([
    [{ auth_type: 'header', auth_name: 'X-Api-Key' }, { headers: { 'x-api-KEY': 'mine' } }],
    [{ auth_type: 'query', auth_name: 'key' }, { path: '/x?KEY=mine' }],
    [{ auth_type: 'query', auth_name: 'key' }, { query: { 'key[]': 'mine' } }],
    [{ auth_type: 'query', auth_name: 'key' }, { query: { a: '1', 'key[0][b]': 'mine' } }],
    [{ auth_type: 'query', auth_name: 'api_key' }, { query: { ' api.key': 'mine' } }],
    [
      { auth_type: 'body', auth_name: 'key' },
      { method: 'POST', body: { a: 1, key: 'mine', b: 2 } },
    ],
    [
      { auth_type: 'body', auth_name: 'key' },
      { method: 'POST', body: 'key=mine' },
    ],
  ] as const)('cannot fill in what %j fills in', async (config, params) => {
    const { call } = await callingWorld({ config })
    expect(await call(params)).toMatchObject({ status: 'denied' })
    expect(arrived).toEqual([])
  })

  it.each(['/a//b', '/a%2fb', '/%2e%2e/admin', '/a b', '/a\\b', 'charges'])(
    'to the path %s is denied with the reason, also where every path is allowed',
    async (path) => {
      const { call } = await callingWorld()
      expect(await call({ path })).toMatchObject({ status: 'denied', error: expect.stringMatching(/^The path must /) })
      expect(await call({ path: '/x?a=%zz' })).toMatchObject({ error: 'The path or the query is not valid.' })
      expect(arrived).toEqual([])
    },
  )

  it('is not made for an agent that may call nothing, nor for another agent’s binding', async () => {
    const { call, owner, agent, pawl, bindingId } = await callingWorld()
    const { agent: made } = await owner.agents.create({ name: 'other', execution_intents_enabled: true })
    const other = pawl.as({ agent: made.id })
    const params = { path: '/x' }
    const byOther = other.bindings.execute({ agent_id: agent.id, binding: 'payments', params })
    await expect(byOther).rejects.toMatchObject({ code: 'agent_not_found' })
    const borrowed = other.bindings.execute({ agent_id: 'me', binding: bindingId, params })
    await expect(borrowed).rejects.toMatchObject({ code: 'binding_not_found' })
    const byHuman = owner.bindings.execute({ agent_id: agent.id, binding: 'payments', params })
    await expect(byHuman).rejects.toMatchObject({ kind: 'denied' })
    await owner.agents.update({ agent_id: agent.id, execution_require_tee: true })
    await expect(call(params)).rejects.toMatchObject({ code: 'tee_required' })
    await owner.agents.update({ agent_id: agent.id, execution_require_tee: false, execution_intents_enabled: false })
    await expect(call(params)).rejects.toMatchObject({ code: 'execution_disabled' })
    expect(arrived).toEqual([])
  })

  it('is bounded by the stricter of the binding and the agent, and by nothing that cannot be read', async () => {
    const { call, owner, agent, bindingId } = await callingWorld()
    const bind = (execution_guardrails: Record<string, never> | object) =>
      owner.agents.update({ agent_id: agent.id, execution_guardrails: execution_guardrails as Record<string, never> })
    await bind({ allowed_hosts: ['api.example.com'] })
    expect(await call({ path: '/x' })).toMatchObject({ status: 'denied' })
    await bind({ allowed_binding_types: ['graphql'] })
    expect(await call({ path: '/x' })).toMatchObject({ status: 'denied' })
    await expect(bind({ allowed_host: ['misspelt'] })).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await call({ path: '/x' })).toMatchObject({ status: 'denied' })
    await bind({ allowed_hosts: [new URL(base).host] })
    expect(await call({ path: '/x' })).toMatchObject({ status: 'success' })
    await owner.bindings.update({ agent_id: agent.id, binding_id: bindingId, is_active: false })
    expect(await call({ path: '/x' })).toMatchObject({ status: 'denied' })
    expect(arrived).toHaveLength(1)
  })

  it('is one more than the limit per minute, of many at once', async () => {
    const { call, clock } = await callingWorld({ guardrails: { max_requests_per_minute: 3 } })
    const made = await Promise.allSettled(Array.from({ length: 10 }, () => call({ path: '/x' })))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(arrived).toHaveLength(3)
    await expect(call({ path: '/x' })).rejects.toMatchObject({ code: 'rate_limited' })
    clock.advance(60_000)
    expect(await call({ path: '/x' })).toMatchObject({ status: 'success' })
  })

  it('says which setting would let it out, where nothing is allowed out (E11)', async () => {
    const { call } = await callingWorld({ egress: nodeEgress({ allow: [] }) })
    expect(await call({ path: '/x' })).toMatchObject({
      status: 'error',
      error: expect.stringContaining('PAWL_EGRESS_ALLOW'),
    })
    expect(arrived).toEqual([])
  })
})

describe('M20: a call to a name that leads into the private network', () => {
  it('tells the agent no address, not even in its own audit events, and tells the log which', async () => {
    const logged: unknown[] = []
    const inner = '10.11.12.13'
    const egress = nodeEgress({ allow: ['api.example.test'], lookup: async () => [inner] })
    const { call, agent, owner, bindingId } = await callingWorld({
      egress,
      log: (...line) => logged.push(line),
      config: { base_url: 'https://api.example.test' },
    })
    const answers = [
      await call({ path: '/x' }),
      await agent.as.bindings.listExecutions({ agent_id: 'me' }),
      await owner.bindings.test({ agent_id: agent.id, binding_id: bindingId }),
      await agent.as.audit.events({}),
    ]
    expect(answers[0]).toMatchObject({
      status: 'error',
      error: expect.stringContaining('api.example.test is not allowed'),
    })
    expect(JSON.stringify(answers)).not.toContain(inner)
    expect(JSON.stringify(logged)).toContain(inner)
  })
})

describe('what is kept of a call', () => {
  it('is who called what host and how it ended, and nothing that was said', async () => {
    const { call, owner, agent, bindingId } = await callingWorld()
    await call({
      method: 'POST',
      path: '/charges/in-path',
      query: { q: 'in-query' },
      headers: { 'x-h': 'in-header' },
      body: 'in-body',
    })
    const { events } = await owner.audit.events({ limit: 1_000 })
    const mine = events.filter(({ action }) => /^binding\.(execute|settle)$/.test(action))
    const host = new URL(base).host
    expect(mine).toMatchObject([
      {
        action: 'binding.settle',
        actor_id: agent.id,
        resource_id: bindingId,
        details: { method: 'POST', host, http_status: 200 },
      },
      { action: 'binding.execute', actor_id: agent.id, resource_id: bindingId, details: { method: 'POST', host } },
    ])
    const { events: calls } = await owner.bindings.listExecutions({ agent_id: agent.id })
    expect(calls).toMatchObject([
      {
        binding_id: bindingId,
        status: 'success',
        request_summary: { method: 'POST', host },
        result_summary: { status: 200 },
      },
    ])
    for (const word of ['in-path', 'in-query', 'in-header', 'in-body']) {
      expect(JSON.stringify([events, calls])).not.toContain(word)
    }
  })

  it('is that the outcome is unknown when the vault ended in between, and the call is not made again', async () => {
    let stored = 0
    const onCommit = (kind: string) => {
      if (kind === 'execution' && ++stored === 2) throw new Error('the power is gone')
    }
    const { call, agent, clock, pawl } = await callingWorld({ onCommit })
    await expect(call({ method: 'POST', path: '/charges' })).rejects.toMatchObject({
      kind: expect.stringMatching(/internal|unavailable/),
    })
    const listed = async () => (await agent.as.bindings.listExecutions({ agent_id: 'me' })).events
    expect(await listed()).toMatchObject([{ status: 'started' }])
    clock.advance(10 * 60_000)
    await pawl.runJobs()
    expect(await listed()).toMatchObject([
      { status: 'error', error_message: expect.stringContaining('Unknown outcome') },
    ])
    expect(arrived).toHaveLength(1)
  })

  it('is its answer, for a day, when it has a key: it is made once, and whoever got no answer asks again', async () => {
    const { agent, pawl, owner } = await callingWorld()
    const origin = { trusted: { agent: agent.id }, idempotencyKey: 'order-7' }
    const charge = (cents: number) => {
      const params = { method: 'POST', path: '/charges', body: { cents } }
      return pawl.perform(registry.bindings.execute, { agent_id: 'me', binding: 'payments', params }, origin)
    }
    const answers = await Promise.allSettled([charge(42), charge(42)])
    expect(arrived).toHaveLength(1)
    const given = answers.find(({ status }) => status === 'fulfilled') as PromiseFulfilledResult<unknown>
    expect(await charge(42)).toEqual(given.value)
    await expect(charge(43)).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    expect(arrived).toHaveLength(1)
    const { events } = await owner.bindings.listExecutions({ agent_id: agent.id })
    expect(events).toHaveLength(1)
  })

  it('is listed newest first, some at a time', async () => {
    const { call, agent, clock } = await callingWorld()
    const ids: string[] = []
    for (let count = 0; count < 4; count++) {
      ids.unshift((await call({ path: '/x' })).execution_id)
      clock.advance(1_000)
    }
    const { events } = await agent.as.bindings.listExecutions({ agent_id: 'me', limit: 2, offset: 1 })
    expect(events.map(({ id }) => id)).toEqual(ids.slice(1, 3))
  })
})

describe('a test of a binding', () => {
  it('says whether the service answers and takes the credential, and changes nothing there', async () => {
    const { owner, agent, bindingId } = await callingWorld()
    const place = { agent_id: agent.id, binding_id: bindingId }
    expect(await owner.bindings.test(place)).toEqual({ success: true, latency_ms: expect.any(Number) })
    expect(arrived).toMatchObject([{ method: 'HEAD', url: '/v1', headers: { authorization: `Bearer ${token}` } }])
    await owner.bindings.update({ ...place, config: { base_url: `${base}/v1/forbidden` } })
    expect(await owner.bindings.test(place)).toMatchObject({ success: false, error: expect.stringContaining('403') })
    await owner.bindings.update({ ...place, config: { base_url: `${base}/v1/broken` } })
    expect(await owner.bindings.test(place)).toMatchObject({ success: false, error: expect.stringContaining('500') })
    await owner.bindings.update({ ...place, config: { base_url: 'http://127.0.0.1:1' } })
    expect(await owner.bindings.test(place)).toMatchObject({
      success: false,
      error: expect.stringContaining('127.0.0.1:1'),
    })
  })
})

describe('the tools', () => {
  const [useSecret] = registry.bindings.execute.tools ?? []
  const [listCalls] = registry.bindings.list.tools ?? []
  const use = async (world: Awaited<ReturnType<typeof callingWorld>>, given: object) => {
    const parsed = useSecret?.input?.parse(given) as never
    const output = await world.agent.as.bindings.execute(useSecret?.call?.(parsed) as never)
    return useSecret?.answer?.(output, parsed)
  }

  it('list what may be called, and call it by name', async () => {
    const world = await callingWorld({ config: { allowed_paths: ['/charges*'] } })
    const listed = await world.agent.as.bindings.list(listCalls?.call?.({} as never) as never)
    expect(listCalls?.answer?.(listed, {} as never)).toEqual({
      calls: [{ name: 'payments', type: 'http', base_url: `${base}/v1`, allowed_paths: ['/charges*'] }],
    })
    expect(JSON.stringify(listed)).not.toMatch(/auth_type|credential/)
    const answered = await use(world, { call: 'payments', path: '/charges', headers: {} })
    expect(answered).toMatchObject({ status: 200, body: expect.stringContaining('"url":"/v1/charges"') })
    expect(shows(bytes(answered))).toEqual([])
    await world.owner.bindings.update({ agent_id: world.agent.id, binding_id: world.bindingId, is_active: false })
    const after = await world.agent.as.bindings.list({ agent_id: 'me' })
    expect(listCalls?.answer?.(after, {} as never)).toEqual({ calls: [] })
  })

  it('show at most 64 Ki characters of an answer, and say so', () => {
    const shown = (body: string | null) => {
      const result = { status: 200, headers: {}, body, body_bytes: 0 }
      const output = { execution_id: '', status: 'success', result, duration_ms: 0, redactions_applied: 0 }
      return useSecret?.answer?.({ ...output, execution_surface: 'vault' } as never, {} as never)
    }
    const most = 'x'.repeat(64 * 1024)
    expect(shown(most)).toEqual({ status: 200, headers: {}, body: most })
    expect(shown(`${most}x`)).toEqual({ status: 200, headers: {}, body: most, truncated: true })
    expect(shown(null)).toEqual({ status: 200, headers: {}, body: null })
  })

  it('say an error where there is one', async () => {
    const world = await callingWorld({ config: { allowed_paths: ['/charges*'] } })
    await expect(use(world, { call: 'payments', path: '/refunds' })).rejects.toMatchObject({ kind: 'denied' })
    await expect(use(world, { call: 'payments', path: '/charges/../x' })).rejects.toMatchObject({ kind: 'denied' })
    await expect(use(world, { call: 'nothing' })).rejects.toMatchObject({ kind: 'not_found' })
    const cut = await callingWorld({ egress: nodeEgress({ allow: [] }) })
    await expect(use(cut, { call: 'payments' })).rejects.toMatchObject({
      ...{ code: 'call_failed', message: expect.stringContaining('PAWL_EGRESS_ALLOW') },
    })
  })
})
