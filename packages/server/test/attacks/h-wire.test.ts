import { connect } from 'node:net'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, test } from 'vitest'
import { serve } from '../../src/host/serve.ts'
import { errorBody } from '../../src/shroud/errors.ts'
import { shroudListener } from '../../src/shroud/index.ts'
import { chat, type ShroudWorld, shroudWorld } from '../shroud/world.ts'

// Goal: Shroud inspects everything that the model gets, in every form of a request on the wire (H2, E6–E8).
// Method: bytes on a socket, to the listener as `pawl serve` starts it.

const secret = tagged('sk_live_51Hx/Zq+wire')

/** Sends the bytes, and resolves with all that comes back until the server ends the connection. */
async function answerTo(world: ShroudWorld, pieces: readonly (string | Uint8Array)[]): Promise<string> {
  const running = await serve(shroudListener(world.pawl), {
    host: '127.0.0.1',
    port: 0,
    idleMs: 200,
    stopMs: 1_000,
    errorBody,
  })
  try {
    return await new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(running.url).port), '127.0.0.1')
      socket.setNoDelay(true)
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
      })
      socket.on('close', () => resolve(text))
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' ? resolve(text) : reject(error),
      )
      const write = async () => {
        for (const piece of pieces) {
          await new Promise<void>((written) => void socket.write(piece, () => written()))
          await new Promise((turn) => setImmediate(turn))
        }
      }
      write().catch(reject)
    })
  } finally {
    await running.stop()
  }
}

const headOf = (world: ShroudWorld, lines: readonly string[], first = 'POST /v1/chat/completions HTTP/1.1') => {
  const own = Object.entries(world.headers).map(([name, value]) => `${name}: ${value}`)
  const all = [first, 'host: shroud', 'content-type: application/json', 'connection: close', ...own, ...lines]
  return `${all.join('\r\n')}\r\n\r\n`
}

const statusesIn = (text: string) => [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status))

async function wireWorld() {
  const world = await shroudWorld()
  await world.put('stripe/key', secret)
  return world
}

const body = JSON.stringify(chat(`It is ${secret}.`))
/** A request that must not come out of the body of another. */
const inner = 'POST /v1/chat/completions HTTP/1.1\r\nhost: shroud\r\ncontent-length: 0\r\n\r\n'

describe('a request whose end can be read in two ways', () => {
  test.each([
    ['a length and chunks', ['content-length: 4', 'transfer-encoding: chunked'], `0\r\n\r\n${inner}`],
    ['chunks and a length', ['transfer-encoding: chunked', 'content-length: 4'], `0\r\n\r\n${inner}`],
    ['two lengths', ['content-length: 2', `content-length: ${body.length}`], body],
    ['a length with a list', [`content-length: ${body.length}, ${body.length}`], body],
    ['a length with a sign', [`content-length: +${body.length}`], body],
    ['a length in hexadecimal', [`content-length: 0x${body.length.toString(16)}`], body],
    ['an encoding that ends in none', ['transfer-encoding: chunked, identity'], `0\r\n\r\n${inner}`],
    ['an encoding with a sign before it', ['transfer-encoding: \vchunked'], `0\r\n\r\n${inner}`],
    ['a folded line', ['transfer-encoding:', ' chunked'], `0\r\n\r\n${inner}`],
    ['a folded length', [`x-a: b\r\n content-length: 0\r\ncontent-length : ${body.length}`], body],
    ['a name before a space', [`content-length : ${body.length}`], body],
    ['a chunk of a negative length', ['transfer-encoding: chunked'], `-1\r\n${body}\r\n0\r\n\r\n`],
    ['a chunk with bare line feeds', ['transfer-encoding: chunked'], `${body.length.toString(16)}\n${body}\n0\n\n`],
    ['a chunk longer than it says', ['transfer-encoding: chunked'], `2\r\n${body}\r\n0\r\n\r\n`],
    [
      'a chunk with a length beyond numbers',
      ['transfer-encoding: chunked'],
      `fffffffffffffffff\r\n${body}\r\n0\r\n\r\n`,
    ],
  ])('%s: is refused, and nothing of it reaches a model', async (_, lines, sent) => {
    await using world = await wireWorld()
    const answer = await answerTo(world, [headOf(world, lines) + sent])
    expect(statusesIn(answer)).toEqual([400])
    expect(answer).toContain('{"error":{"type":"shroud_error","code":')
    expect(world.fake.heard).toEqual([])
  })

  test('a second request on the connection that is refused does not count', async () => {
    await using world = await wireWorld()
    const second = headOf(world, [`content-length: ${body.length}`]) + body
    const smuggled = `${headOf(world, ['content-length: 5', 'transfer-encoding: chunked'])}0\r\n\r\n${second}`
    expect(statusesIn(await answerTo(world, [smuggled]))).toEqual([400])
    expect(world.fake.heard).toEqual([])
  })
})

describe('a request in chunks', () => {
  const chunked = (bytes: Buffer, sizes: readonly number[]) => {
    const pieces: Uint8Array[] = []
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const piece = bytes.subarray(at, at + (sizes[turn % sizes.length] as number))
      pieces.push(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]))
      at += piece.length
    }
    return [...pieces, Buffer.from('0\r\n\r\n')]
  }

  test.each([
    ['of one byte each', [1]],
    ['of odd lengths', [3, 1, 7, 2, 64, 5]],
    ['that end within the secret', [body.indexOf(secret) + 5, 4, 1_000]],
  ])('%s: is inspected as a whole', async (_, sizes) => {
    await using world = await wireWorld()
    const bytes = Buffer.from(JSON.stringify(chat(`Grüße 👩‍💻: ${secret}.`)))
    const answer = await answerTo(world, [headOf(world, ['transfer-encoding: chunked']), ...chunked(bytes, sizes)])
    expect(statusesIn(answer)).toEqual([200])
    expect(world.fake.hasHeard(secret)).toEqual([])
    expect(world.fake.heard[0]?.body).toContain('[REDACTED:#')
  })

  test('with trailers: they are neither headers nor passed on', async () => {
    await using world = await wireWorld()
    const trailers = `x-shroud-provider: local\r\nauthorization: Bearer ${tagged('trailer')}\r\nopenai-beta: ${tagged('b')}`
    const sent = `${body.length.toString(16)}\r\n${body}\r\n0\r\n${trailers}\r\n\r\n`
    const answer = await answerTo(world, [
      headOf(world, ['transfer-encoding: chunked', 'trailer: authorization']) + sent,
    ])
    expect(statusesIn(answer)).toEqual([200])
    expect(world.fake.heard[0]?.headers.authorization).toBe('Bearer key-of-openai')
    expect(JSON.stringify(world.fake.heard)).not.toMatch(/trailer|canary|openai-beta/)
    expect(world.fake.hasHeard(secret)).toEqual([])
  })

  test('that is cut off reaches no model', async () => {
    await using world = await wireWorld()
    const head = headOf(world, [`content-length: ${body.length}`])
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    await new Promise<void>((sent) => socket.end(head + body.slice(0, -5), () => sent()))
    await new Promise((resolve) => socket.once('close', resolve).resume())
    expect(world.fake.heard).toEqual([])
  })
})

describe('a request in another form', () => {
  test.each([
    ['of HTTP/1.0', 'POST /v1/chat/completions HTTP/1.0'],
    ['with a query', 'POST /v1/chat/completions?api_base=https://evil.example&key=x HTTP/1.1'],
  ])('%s: is inspected like any other', async (_, first) => {
    await using world = await wireWorld()
    const answer = await answerTo(world, [headOf(world, [`content-length: ${body.length}`], first) + body])
    expect(statusesIn(answer)).toEqual([200])
    expect(world.fake.hasHeard(secret)).toEqual([])
    expect(world.fake.heard[0]?.path).toBe('/v1/chat/completions')
  })

  test.each([
    ['the URL of another host', 'POST http://evil.example/v1/chat/completions HTTP/1.1', 421],
    ['the URL of a provider', 'POST https://api.openai.com/v1/chat/completions HTTP/1.1', 421],
    ['a path with dots', 'POST /v1/x/../chat/completions HTTP/1.1', 404],
    ['a path with an encoded letter', 'POST /v1/%63hat/completions HTTP/1.1', 404],
    ['two slashes', 'POST //v1/chat/completions HTTP/1.1', 404],
    ['another method', 'PUT /v1/chat/completions HTTP/1.1', 404],
    ['an unknown version of HTTP', 'POST /v1/chat/completions HTTP/3.0', 400],
  ])('%s: leads nowhere', async (_, first, status) => {
    await using world = await wireWorld()
    const answer = await answerTo(world, [headOf(world, [`content-length: ${body.length}`], first) + body])
    expect(statusesIn(answer)).toEqual([status])
    expect(world.fake.heard).toEqual([])
  })

  test('a tunnel is not opened', async () => {
    await using world = await wireWorld()
    const answer = await answerTo(world, [headOf(world, [], 'CONNECT api.openai.com:443 HTTP/1.1'), body])
    expect(answer).not.toMatch(/^HTTP\/1\.1 2/)
    expect(world.fake.heard).toEqual([])
  })

  test.each(['GET /v1/realtime?model=fake HTTP/1.1', 'POST /v1/chat/completions HTTP/1.1'])(
    'a WebSocket is not opened: %s',
    async (first) => {
      await using world = await wireWorld()
      const upgrade = ['upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==']
      const lines = first.startsWith('GET') ? upgrade : [...upgrade, `content-length: ${body.length}`]
      const head = headOf(world, lines, first).replace('connection: close', 'connection: upgrade, close')
      const answer = await answerTo(world, [head + (first.startsWith('GET') ? '' : body)])
      expect(statusesIn(answer)).toEqual([first.startsWith('GET') ? 404 : 200])
      expect(world.fake.heard.some(({ headers }) => 'upgrade' in headers)).toBe(false)
      expect(world.fake.hasHeard(secret)).toEqual([])
    },
  )

  test.each([
    ['a header with the agent key twice', (key: string) => [`x-shroud-agent-key: ${key}`]],
    ['a second provider', () => ['x-shroud-provider: local']],
  ])('%s: is refused', async (_, more) => {
    await using world = await wireWorld()
    const lines = [...more(world.headers['x-shroud-agent-key'] ?? ''), `content-length: ${body.length}`]
    const [status = 0] = statusesIn(await answerTo(world, [headOf(world, lines) + body]))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(world.fake.heard).toEqual([])
  })
})

describe('a body that is written unusually', () => {
  const asked = (content: string) => `{"model":"fake","messages":[{"role":"user","content":${content}}]}`
  const escaped = (text: string) =>
    `"${[...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`

  test.each([
    ['with escapes for each character', asked(escaped(secret))],
    ['with escapes in the names of fields', asked(`"${secret}"`).replace('"content"', '"c\\u006fntent"')],
    ['with escaped slashes', asked(`"${secret.replaceAll('/', '\\/')}"`)],
    ['with one name twice', asked(`"Hi","content":"${secret}"`)],
    ['with one name twice, the other way round', asked(`"${secret}","content":"Hi"`)],
    ['with the messages twice', asked('"Hi"').replace('}]}', `}],"messages":[{"role":"user","content":"${secret}"}]}`)],
  ])('%s: the secret does not reach the model', async (_, text) => {
    await using world = await wireWorld()
    expect((await world.post('/v1/chat/completions', text)).status).toBe(200)
    expect(world.fake.heard).toHaveLength(1)
    expect(world.fake.hasHeard(secret)).toEqual([])
  })

  test.each([
    ['deep lists', asked(`${'['.repeat(5_000)}"${secret}"${']'.repeat(5_000)}`)],
    ['deep objects', asked(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)],
    [
      'many fields',
      asked('"Hi"').replace('{', `{${Array.from({ length: 20_000 }, (_, at) => `"f${at}":1,`).join('')}`),
    ],
    ['many values', asked(`[${'1,'.repeat(60_000)}1]`)],
    ['bytes that are no UTF-8', Buffer.from(`${asked('"Hi ')}\xff"`, 'latin1')],
    ['UTF-16', Buffer.from(asked('"Hi"'), 'utf16le')],
    ['a mark of the byte order', `\ufeff${asked('"Hi"')}`],
    ['two documents', `${asked('"Hi"')}\n${asked(`"${secret}"`)}`],
    ['a comment', `/* */${asked('"Hi"')}`],
    ['no number', asked('"Hi"').replace('}]}', '}],"temperature":NaN}')],
  ])('%s: is refused', async (_, text) => {
    await using world = await wireWorld()
    const response = await fetch(`${world.url}/v1/chat/completions`, {
      ...{ method: 'POST', body: text },
      headers: { 'content-type': 'application/json', ...world.headers },
    })
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain(secret)
    expect(world.fake.heard).toEqual([])
  })

  test.each(['gzip', 'deflate', 'br', 'zstd', 'compress', 'x-gzip', 'gzip, identity', 'identity, gzip', 'utf-8'])(
    'a body with Content-Encoding %s is refused before it is read',
    async (encoding) => {
      await using world = await wireWorld()
      const response = await world.post('/v1/chat/completions', body, { 'content-encoding': encoding })
      expect(response.status).toBe(415)
      expect(world.fake.heard).toEqual([])
    },
  )

  test.each([
    ...['multipart/form-data; boundary=x', 'multipart/mixed; boundary=x', 'application/x-www-form-urlencoded'],
    ...['text/plain', 'application/octet-stream', 'application/x-ndjson', 'application/jsonp', 'image/png'],
  ])('a body of the type %s is refused', async (type) => {
    await using world = await wireWorld()
    const response = await world.post('/v1/chat/completions', body, { 'content-type': type })
    expect(response.status).toBe(415)
    expect(world.fake.heard).toEqual([])
  })
})
