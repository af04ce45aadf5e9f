import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { InputToRead } from '@pawl/core/surfaces'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bareEngine } from '../../test/operations.ts'
import { sendOverSocket } from '../../test/transports.ts'
import { nodeListener } from './node.ts'

// What only a socket can show: bodies that do not end, connections that break.

let server: Server
let port: number
let engine: ReturnType<typeof bareEngine>

beforeEach(async () => {
  engine = bareEngine()
  server = createServer(nodeListener(engine))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** Sends a body without end until it is cut off; tells the status of the answer and how much was sent. */
function flood(path: string, header: string): Promise<{ status: number; sent: number }> {
  return new Promise((resolve) => {
    const isChunked = header.startsWith('Transfer')
    const chunk = Buffer.from(isChunked ? `10000\r\n${'x'.repeat(65_536)}\r\n` : 'x'.repeat(65_536))
    const socket = connect(port, '127.0.0.1')
    let [answer, sent] = ['', 0]
    const more = () => {
      while (!socket.destroyed && sent < 2 * 1024 ** 3) {
        sent += chunk.length
        if (!socket.write(chunk)) return void socket.once('drain', more)
      }
    }
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve({ status: Number(answer.split(' ')[1]), sent }))
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`, more)
  })
}

describe('G1: a body of two gigabytes', () => {
  test.each([
    ['announced', `Content-Length: ${2 * 1024 ** 3}`],
    ['not announced', 'Transfer-Encoding: chunked'],
  ])('that is %s is answered with 413 and then cut off', async (_, header) => {
    const { status, sent } = await flood('/v1/echo-post/a', header)
    expect(status).toBe(413)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('that goes nowhere is cut off as well', async () => {
    const { status, sent } = await flood('/v1/none', 'Transfer-Encoding: chunked')
    expect(status).toBe(404)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })
})

test('after a body that nobody read, the connection serves the next request', async () => {
  const first = 'POST /v1/none HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello'
  const second = 'GET /v1/count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  const answers = await raw(first + second)
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200'])
})

test('a body that breaks off reaches no operation', async () => {
  const begun = once(server, 'request')
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /v1/echo-post/a HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"a"')
  const [, response] = await begun
  const over = once(response, 'close')
  socket.destroy()
  await over
  expect(engine.performed).toEqual([])
  expect((await sendOverSocket(port, '/v1/count', {})).status).toBe(200)
})

test('M5: a body whose sender is gone before the caller is known ends the call, so that nothing waits for it', async () => {
  const outcome = new Promise((resolve) => {
    engine.perform = async (_, input) => {
      await over
      const sender = { caller: { kind: 'anonymous' }, onStop: () => {} } as const
      const read = input instanceof InputToRead ? input.read(sender) : null
      resolve(await Promise.resolve(read).catch((error: unknown) => error))
      throw new Error('over')
    }
  })
  const begun = once(server, 'request')
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /v1/echo-post/a HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"a"')
  const over = begun.then(([request]) => new Promise((resolve) => request.once('close', resolve)))
  await begun
  socket.destroy()
  expect(await outcome).toMatchObject({ code: 'body_incomplete' })
}, 10_000)

test('two requests on one connection at once are answered in order', async () => {
  const get = (n: number, more = '') => `GET /v1/count?limit=${n} HTTP/1.1\r\nHost: x\r\n${more}\r\n`
  const answers = await raw(get(1) + get(2) + get(3, 'Connection: close\r\n'))
  expect(answers.match(/\{.*?\}/g)).toEqual(['{"limit":1}', '{"limit":2}', '{"limit":3}'])
})

test('A1: a target that is a whole URL, or no path at all, is refused', async () => {
  for (const target of ['http://x/v1/count', '*', 'v1/count']) {
    const method = target === '*' ? 'OPTIONS' : 'GET'
    const answer = await raw(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(answer, target).toMatch(/^HTTP\/1\.1 400 /)
  }
})

function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}
