import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { sendOverSocket } from '../../test/transports.ts'
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

/** Writes these pieces with a pause between them; tells what came back and how long the connection lived. */
function trickle(port: number, pieces: readonly string[], pauseMs: number): Promise<{ answer: string; ms: number }> {
  return new Promise((resolve) => {
    const started = Date.now()
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    let at = 0
    const timer = setInterval(() => {
      const piece = pieces[at++]
      if (piece !== undefined && socket.writable) socket.write(piece)
    }, pauseMs)
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(timer)
      resolve({ answer, ms: Date.now() - started })
    })
  })
}

describe('G9: who sends a byte now and then', () => {
  const slowly = (text: string) => [...text]

  test('in the headers is cut off, and told why', async () => {
    const port = await open(hello, { headersMs: 300 })
    const { answer, ms } = await trickle(port, slowly(`GET / HTTP/1.1\r\nX: ${'x'.repeat(200)}`), 20)
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
    expect(ms).toBeLessThan(5_000)
  })

  test('in the body is cut off as well', async () => {
    const port = await open((request) => void request.resume(), { headersMs: 300, requestMs: 400 })
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n'
    const { ms } = await trickle(port, [head, ...slowly('x'.repeat(200))], 20)
    expect(ms).toBeLessThan(5_000)
  })

  test('or nothing at all is cut off too', async () => {
    const port = await open(hello, { headersMs: 300 })
    expect((await trickle(port, [], 20)).ms).toBeLessThan(5_000)
  })

  test('after a request that was answered, may be idle only so long', async () => {
    const port = await open(hello, { idleMs: 200 })
    const { answer, ms } = await trickle(port, ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'], 20)
    expect(answer).toContain('200 OK')
    expect(ms).toBeLessThan(5_000)
  })
})

describe('what is no request', () => {
  test('gets a problem and the end of its connection', async () => {
    const port = await open(hello)
    const { answer } = await trickle(port, ['hello there\r\n\r\n'], 20)
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed_request"/)
  })

  test('because of its headers gets another', async () => {
    const port = await open(hello)
    const { answer } = await trickle(port, [`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`], 20)
    expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/)
  })

  test('because its length is said twice is refused', async () => {
    const port = await open(hello)
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect((await trickle(port, [head], 20)).answer).toMatch(/^HTTP\/1\.1 400 /)
  })
})

test('who asks before sending a body is told to go on, unless it is too large', async () => {
  const port = await open((_, response) => void response.writeHead(200, { connection: 'close' }).end('done'))
  const head = (bytes: number) =>
    `POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${bytes}\r\n\r\n`
  expect((await trickle(port, [head(5), 'hello'], 20)).answer).toMatch(
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
  )
  expect((await trickle(port, [head(6_000_000)], 20)).answer).toMatch(/^HTTP\/1\.1 200 /)
})

describe('stopping', () => {
  test('answers what was accepted, and then takes nothing more', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const port = await open((_, response) => void held.then(() => response.end('late')), { stopMs: 5_000 })
    const answer = sendOverSocket(port, '/', { headers: { connection: 'keep-alive' } })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stopped = running?.stop()
    await expect(sendOverSocket(port, '/', {})).rejects.toThrow('ECONNREFUSED')
    release()
    expect((await answer).text).toBe('late')
    await stopped
  })

  test('waits for nobody who is idle', async () => {
    const port = await open(hello, { stopMs: 5_000 })
    const idle = trickle(port, ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'], 20)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const started = Date.now()
    await running?.stop()
    expect(Date.now() - started).toBeLessThan(1_000)
    expect((await idle).answer).toContain('hello')
  })

  test('does not wait for ever', async () => {
    const port = await open(() => {}, { stopMs: 200 })
    const answer = sendOverSocket(port, '/', {})
    answer.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 50))
    await running?.stop()
    await expect(answer).rejects.toThrow()
  })
})

test('a port that is in use is an error, not silence', async () => {
  const port = await open(hello)
  await expect(serve(hello, { host: '127.0.0.1', port })).rejects.toThrow('something else listens there')
})
