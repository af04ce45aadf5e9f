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
