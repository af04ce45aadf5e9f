import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ClientOptions, createClient, type PawlHttpClient } from './index.ts'

// Goal: what goes wrong on the way is told apart from what a vault says, and is repeated only where that does no harm.
// Method: a real server that answers as it is told, one request after the other.

type Step = (response: ServerResponse) => void

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Step => {
  return (response) => response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
}
const found = answer(200, { vaults: [], secrets: [] })
const lost: Step = (response) => response.destroy()
const never: Step = () => {}
const limited = (retryAfter: string) =>
  answer(429, { detail: 'Too many.', code: 'rate_limited' }, { 'retry-after': retryAfter })

/** A server that takes these steps, the last of them from then on. */
async function serve(...steps: [Step, ...Step[]]) {
  const received: IncomingMessage[] = []
  const server = createServer((request, response) => {
    received.push(request)
    request.resume()
    request.on('end', () => (steps.length > 1 ? steps.shift() : steps[0])?.(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = (options: Partial<ClientOptions> = {}) => createClient({ url: origin, token: 'token', ...options })
  return { origin, received, client }
}

const secret = { vault_id: 'v', path: 'db/password', value: tagged('hunter2') }

describe('what is lost on the way', () => {
  test('is asked for again where nothing is changed by asking', async () => {
    const { client, received } = await serve(lost, lost, found)
    expect(await client().vaults.list()).toMatchObject({ vaults: [] })
    expect(received).toHaveLength(3)
  })

  test('is not asked for for ever', async () => {
    const { client, received } = await serve(lost)
    await expect(client().vaults.list()).rejects.toMatchObject({ kind: 'unavailable', code: 'unreachable' })
    expect(received).toHaveLength(3)
  })

  test('is sent once when it may have been done: a secret that is put twice has two versions', async () => {
    const { client, received } = await serve(lost, found)
    await expect(client().secrets.put(secret)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(client().vaults.create({ name: 'prod' })).resolves.toBeDefined()
    expect(received).toHaveLength(2)
  })

  const call = { agent_id: 'me', binding: 'payments', params: {} }

  test('is sent again with the same key, where the server knows a call by it', async () => {
    const { client, received } = await serve(lost, found)
    await client().bindings.execute(call, { idempotencyKey: 'a-b-c' })
    expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(['a-b-c', 'a-b-c'])
  })

  test.each([
    ['a call that has none', (own: PawlHttpClient) => own.bindings.execute(call)],
    [
      'a key that means nothing there',
      (own: PawlHttpClient) => own.vaults.create({ name: 'prod' }, { idempotencyKey: 'a' }),
    ],
  ])('is not sent again for %s', async (_, make) => {
    const { client, received } = await serve(lost, found)
    await expect(make(client())).rejects.toMatchObject({ code: 'unreachable' })
    expect(received).toHaveLength(1)
  })
})

describe('a server that has too much to do', () => {
  test('is given the time that it asks for, a few times', async () => {
    const { client, received } = await serve(limited('0'), limited('0'), found)
    await client().secrets.put(secret)
    expect(received).toHaveLength(3)
    const other = await serve(limited('0'))
    const failure = other.client().vaults.list()
    await expect(failure).rejects.toMatchObject({ kind: 'limited', data: { retryAfterSeconds: 0 } })
    expect(other.received).toHaveLength(3)
  })

  test.each(['3600', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1'])(
    'is not waited for when it says %s',
    async (retryAfter) => {
      const { client, received } = await serve(limited(retryAfter), found)
      await expect(client().vaults.list()).rejects.toMatchObject({ kind: 'limited', code: 'rate_limited' })
      expect(received).toHaveLength(1)
    },
  )

  test('is not asked again for what may not be done twice', async () => {
    const { client, received } = await serve(limited('0'), found)
    await expect(client().vaults.create({ name: 'prod' })).rejects.toMatchObject({ kind: 'limited' })
    expect(received).toHaveLength(1)
  })
})

describe('what is no vault', () => {
  test.each([
    ['a page', answer(200, '<html>')],
    ['a proxy that reaches nobody', answer(502, '<html>')],
    ['an error of another kind', answer(403, { error: 'forbidden' })],
    ['null', answer(200, 'null')],
  ])('%s is told by where it was, without what was asked', async (_, step) => {
    const { client, origin } = await serve(step)
    const error = await client()
      .secrets.list({ vault_id: 'v', prefix: 'where' })
      .catch((error) => error)
    expect(error).toMatchObject({ kind: 'unavailable', code: 'unreachable' })
    expect(error.message).toContain(origin)
    expect(error.message).not.toMatch(/where|html|token|\?/)
  })

  test('nobody at all is told by the code of the system', async () => {
    const { origin } = await serve(found)
    const error = await createClient({ url: 'http://127.0.0.1:1' })
      .vaults.create({ name: 'a' })
      .catch((error) => error)
    expect(error.message).toMatch(/No answer from the vault at http:\/\/127\.0\.0\.1:1: /)
    expect(error.message).not.toContain(origin)
  })

  test('is sent nothing by a redirect', async () => {
    const elsewhere = await serve(found)
    const { client } = await serve(answer(307, '', { location: `${elsewhere.origin}/v1/vaults` }))
    await expect(client().secrets.put(secret)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(client().request('/v1/vaults', { method: 'GET' })).rejects.toMatchObject({ code: 'unreachable' })
    expect(elsewhere.received).toHaveLength(0)
  })
})

describe('a call that takes too long', () => {
  test('ends with the time it has', async () => {
    const { client, origin } = await serve(never)
    const error = await client({ timeoutMs: 50 })
      .vaults.list()
      .catch((error) => error)
    expect(error).toMatchObject({ kind: 'unavailable', code: 'unreachable' })
    expect(error.message).toBe(`No answer from the vault at ${origin}: it took longer than 50 ms.`)
  })

  test('ends with a body that does not end', async () => {
    const { client } = await serve((response) => response.writeHead(200).write('{'))
    await expect(client({ timeoutMs: 50 }).vaults.list()).rejects.toThrow('longer than 50 ms')
  })

  test('ends even when whatever sends it does not listen', async () => {
    const { client } = await serve(never)
    const deaf = client({ timeoutMs: 50, fetch: () => new Promise(() => {}) })
    await expect(deaf.vaults.list()).rejects.toThrow('longer than 50 ms')
  })

  test('ends when its signal says so, with the reason of that', async () => {
    for (const whose of ['call', 'client', 'request'] as const) {
      const { client } = await serve(never)
      const { signal, abort } = stopper()
      const pawl = client(whose === 'client' ? { signal } : {})
      const ask = { call: () => pawl.vaults.list({}, { signal }), client: () => pawl.vaults.list() }
      const asked = whose === 'request' ? pawl.request('/mcp', { signal }) : ask[whose]()
      abort()
      await expect(asked, whose).rejects.toThrow('stopped by the user')
    }
  })

  test('does not take along the token that others wait for', async () => {
    const held: ServerResponse[] = []
    const token = { access_token: 'a', token_type: 'Bearer', expires_in: 3600 }
    const { client, received } = await serve((response) => void held.push(response), found)
    const pawl = client({ token: undefined, apiKey: 'ocv_a' })
    const { signal, abort } = stopper()
    const impatient = pawl.vaults.list({}, { signal })
    const patient = pawl.vaults.list()
    await expect.poll(() => held.length, { timeout: 20_000 }).toBe(1)
    abort()
    await expect(impatient).rejects.toThrow('stopped by the user')
    for (const response of held) answer(200, token)(response)
    expect(await patient).toMatchObject({ vaults: [] })
    expect(received).toHaveLength(2)
  })
})

function stopper() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort(new Error('stopped by the user')) }
}

test('a url is that of a vault, and is not repeated when it is none', () => {
  for (const url of ['ftp://a', `http://a:${tagged('b')}@c`, 'http://a/?b=c', 'http://a/#b']) {
    expect(() => createClient({ url }), url).toThrow(/^`url` must /)
  }
})

test('a vault may be mounted below a path', async () => {
  const { client, origin, received } = await serve(found)
  await client({ url: `${origin}/vault/` }).vaults.list()
  expect(received[0]?.url).toBe('/vault/v1/vaults')
})

test('a 401 that is about something else than the credential is an answer like any other', async () => {
  const { client, received } = await serve(answer(401, { detail: 'No.', code: 'wrong_password' }))
  const asked = client({ token: undefined, apiKey: 'ocv_a', fetch: exchanging }).vaults.list()
  await expect(asked).rejects.toMatchObject({ kind: 'unauthenticated', code: 'wrong_password', message: 'No.' })
  expect(received).toHaveLength(1)
})

/** Gives a token for any key, and asks the server for everything else. */
const exchanging: typeof fetch = async (url, init) =>
  String(url).endsWith('-token') ? Response.json({ access_token: 'a', expires_in: 3_600 }) : fetch(url, init)

test('a token without an end that can be read is used until it is refused', async () => {
  const token = { access_token: 'a', token_type: 'Bearer' }
  const { client, received } = await serve(answer(200, token), found)
  const pawl = client({ token: undefined, apiKey: 'ocv_a' })
  await pawl.vaults.list()
  await pawl.vaults.list()
  expect(received.map(({ url }) => url)).toEqual(['/v1/auth/agent-token', '/v1/vaults', '/v1/vaults'])
})
