import { connect } from 'node:net'
import { testPawl } from '@pawl/testkit/world'
import { afterEach, describe, expect, test } from 'vitest'
import { sendOverSocket } from '../../test/transports.ts'
import { nodeListener } from '../http/index.ts'
import { type Listener, type Running, type ServeOptions, serve } from './serve.ts'

let running: Running | null = null

afterEach(async () => {
  await running?.stop()
  running = null
})

async function open(listener: Listener, options: Partial<ServeOptions> = {}): Promise<number> {
  running = await serve(listener, { host: '127.0.0.1', port: 0, stopMs: 500, ...options })
  return Number(new URL(running.url).port)
}

const hello: Listener = (_, response) => void response.end('hello')

/** Writes these pieces with a pause between them; tells what came back when the connection is over. */
function trickle(port: number, pieces: readonly string[], heard: (answer: string) => void = () => {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    let at = 0
    const timer = setInterval(() => {
      const piece = pieces[at++]
      if (piece !== undefined && socket.writable) socket.write(piece)
    }, 20)
    socket.on('data', (chunk) => {
      answer += chunk
      heard(answer)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(timer)
      resolve(answer)
    })
  })
}

/** Much longer than a test may take. */
const never = 3_600_000

describe('G9: who sends a byte now and then', () => {
  const slowly = (text: string) => [...text]

  test('in the headers is cut off, and told why', async () => {
    const port = await open(hello, { headersMs: 300 })
    const answer = await trickle(port, slowly(`GET / HTTP/1.1\r\nX: ${'x'.repeat(10_000)}`))
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
  })

  test('in the body is cut off as well', async () => {
    const port = await open((request) => void request.resume(), { headersMs: 300, requestMs: 400 })
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n'
    expect(await trickle(port, [head, ...slowly('x'.repeat(9_000))])).not.toContain('200 OK')
  })

  test('or nothing at all is cut off too', async () => {
    const port = await open(hello, { headersMs: 300 })
    expect(await trickle(port, [])).not.toContain('200 OK')
  })

  test('after a request that was answered, may be idle only so long', async () => {
    const port = await open(hello, { idleMs: 200 })
    expect(await trickle(port, ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'])).toContain('200 OK')
  })
})

describe('what is no request', () => {
  test('gets a problem and the end of its connection', async () => {
    const port = await open(hello)
    const answer = await trickle(port, ['hello there\r\n\r\n'])
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed_request"/)
  })

  test('because of its headers gets another', async () => {
    const port = await open(hello)
    const answer = await trickle(port, [`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`])
    expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/)
  })

  test('because its length is said twice is refused', async () => {
    const port = await open(hello)
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(await trickle(port, [head])).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('what RFC 9112 demands of a server', () => {
  /** What comes back for the bytes, and what the listener hears of them. */
  async function sent(text: string) {
    const heard: unknown[] = []
    const port = await open((request, response) => {
      heard.push(`${request.headers.host} ${request.url}`)
      response.end('hello')
    })
    const ended = text.replace(/\r\n(\r\n|$)/, '\r\nConnection: close\r\n$1')
    const answer = await trickle(port, [ended])
    return { heard, statuses: [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status)), answer }
  }
  const get = (...lines: string[]) => ['GET /v1/health HTTP/1.1', ...lines, '', ''].join('\r\n')
  const post = (...lines: string[]) => `${['POST / HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n`

  test.each([
    ['two Host headers', get('Host: a', 'Host: b'), 400],
    ['the same Host header twice', get('Host: a', 'hOST: a'), 400],
    ['a second Host header without a value', get('Host: a', 'Host:'), 400],
    ['no Host header', get('X: a'), 400],
    ['a Host header with a list', get('Host: a, b'), 400],
    ['a Host header with a path', get('Host: a/b'), 400],
    ['a Host header with a user', get('Host: user@a'), 400],
    ['a Host header with a word as its port', get('Host: a:b'), 400],
    ['two lengths', `${post('Content-Length: 2', 'Content-Length: 3')}{}`, 400],
    ['the same length twice', `${post('Content-Length: 2', 'Content-Length: 2')}{}`, 400],
    ['a length and an encoding', `${post('Content-Length: 2', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
    ['an encoding and a length', `${post('Transfer-Encoding: chunked', 'Content-Length: 2')}0\r\n\r\n`, 400],
    ['an encoding that does not end in chunks', `${post('Transfer-Encoding: gzip')}{}`, 400],
    ['an encoding that the server does not know', `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n`, 501],
    ['an encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['a folded line', get('Host: a', 'X: a', ' b'), 400],
    ['a folded line before the first header', get(' X: a', 'Host: a'), 400],
    ['a bare carriage return in a value', get('Host: a', 'X: a\rb'), 400],
    ['a bare carriage return in the request line', 'GET /\r HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a bare line feed', get('Host: a', 'X: a\nY: b'), 400],
    ['a NUL byte in a value', get('Host: a', 'X: a\0b'), 400],
    ['a control character in a value', get('Host: a', 'X: a\u0001b'), 400],
    ['a space before the colon', get('Host: a', 'X : b'), 400],
    ['a header without a name', get('Host: a', ': b'), 400],
    ['a target with another scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a target with a user', 'GET http://user@a/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a target with another host', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n', 421],
    ['HTTP/2.0 in text', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['an expectation that the server does not know', `${post('Expect: foo', 'Content-Length: 2')}{}`, 417],
    ['an unknown expectation and two Host headers', get('Host: a', 'Host: b', 'Expect: foo'), 400],
    ['no version', 'GET /\r\nHost: a\r\n\r\n', 505],
  ])('a request with %s is refused, and its connection ends', async (_, text, status) => {
    const { heard, statuses } = await sent(text)
    expect(statuses).toEqual([status])
    expect(heard).toEqual([])
  })

  test.each([
    ['a port', get('Host: a:8210'), 'a:8210 /v1/health'],
    ['an IPv6 address', get('Host: [::1]:8210'), '[::1]:8210 /v1/health'],
    ['a target with its host', 'GET http://A:1/c?d HTTP/1.1\r\nHost: a:1\r\n\r\n', 'a:1 /c?d'],
    ['a target that is only its host', 'GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n', 'a /'],
    ['a target with its host and a query', 'GET http://a?c HTTP/1.1\r\nHost: a\r\n\r\n', 'a /?c'],
    ['a star', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 'a *'],
    ['an empty line before it', `\r\n${get('Host: a')}`, 'a /v1/health'],
    ['chunks', `${post('Transfer-Encoding: Chunked')}0\r\n\r\n`, 'a /'],
  ])('a request with %s is heard', async (_, text, as) => {
    const { heard, statuses } = await sent(text)
    expect([statuses, heard]).toEqual([[200], [as]])
  })
})

test.each([
  ['an expectation that the server does not know', 'Expect: foo', 417, 'expectation_failed'],
  ['two Host headers', 'Host: b', 400, 'malformed_request'],
])('a request with %s ends its connection, so that no request after it is heard', async (_, line, status, code) => {
  const heard: unknown[] = []
  const port = await open((request, response) => {
    heard.push(request.url)
    response.end('hello')
  })
  const refused = `GET /first HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n`
  const answer = await trickle(port, [`${refused}GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`])
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*"code":"${code}"`))
  expect(answer.match(/^HTTP/gm)).toHaveLength(1)
  expect(heard).toEqual([])
})

test('a caller who asks before sending a body is told to go on only if the body is wanted', async () => {
  await using world = await testPawl()
  const port = await open(nodeListener(world.pawl))
  const head = (path: string, bytes: number) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${bytes}\r\n\r\n`
  const [signIn, ownVaults] = ['/v1/auth/token', '/v1/vaults']
  expect(await trickle(port, [head(signIn, 2), '{}'])).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 400 /)
  expect(await trickle(port, [head(signIn, 6_000_000)])).toMatch(/^HTTP\/1\.1 413 /)
  expect(await trickle(port, [head(ownVaults, 2)])).toMatch(/^HTTP\/1\.1 401 /)
})

describe('stopping', () => {
  test('answers what was accepted, and then takes nothing more', async () => {
    const asked = later<() => void>()
    const port = await open((_, response) => asked.resolve(() => response.end('late')), { stopMs: never })
    const answer = sendOverSocket(port, '/', { headers: { connection: 'keep-alive' } })
    const release = await asked.promise
    const stopped = running?.stop()
    await expect(sendOverSocket(port, '/', {})).rejects.toThrow('ECONNREFUSED')
    release()
    expect((await answer).text).toBe('late')
    await stopped
  })

  test('waits for nobody who is idle', async () => {
    const port = await open(hello, { stopMs: never })
    const answered = later<string>()
    const idle = trickle(port, ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'], (answer) => {
      if (answer.includes('hello')) answered.resolve(answer)
    })
    await answered.promise
    await running?.stop()
    expect(await idle).toContain('hello')
  })

  test('does not wait for ever', async () => {
    const asked = later()
    const port = await open(() => asked.resolve(), { stopMs: 200 })
    const answer = sendOverSocket(port, '/', {})
    answer.catch(() => {})
    await asked.promise
    await running?.stop()
    await expect(answer).rejects.toThrow()
  })
})

test('a port that is in use is an error, not silence', async () => {
  const port = await open(hello)
  await expect(serve(hello, { host: '127.0.0.1', port })).rejects.toThrow('another program already listens there')
})

/** A promise that is kept from outside. */
function later<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((keep) => {
    resolve = keep
  })
  return { promise, resolve }
}
