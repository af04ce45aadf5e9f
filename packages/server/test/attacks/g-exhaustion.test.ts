import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { testPawl } from '@pawl/testkit/world'
import { afterAll, describe, expect, test } from 'vitest'
import { isLong, some, struck, times } from '../../../../tools/test-run/index.ts'
import { serve } from '../../src/host/index.ts'
import { nodeListener } from '../../src/http/index.ts'
import { bodyBytesMax, publicBodyBytesMax } from '../../src/web/messages.ts'
import type { Sent } from '../transports.ts'
import { bearerOf, cases, fieldsOf, isPublic, named, openDoor, requestOf, sealableHsm } from './door.ts'

// Goal: nobody can use up what everybody needs, least of all without a credential. Method: the whole engine behind a real
// socket, requests that are long, deep, many or slow, and a look at memory and at whoever else is asking.

const mib = 1024 * 1024

/** Sends a body without end on a connection of its own, until somebody ends it. */
function flood(port: number, head: string): Promise<{ status: number; sent: number }> {
  return new Promise((resolve) => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const framed = Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')])
    const wanted = 2 * 1024 ** 3
    let [answer, sent] = ['', 0]
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(head)
      more()
    })
    const more = () => {
      while (!socket.destroyed && sent < wanted) {
        sent += chunk.length
        if (!socket.write(head.includes('chunked') ? framed : chunk)) return void socket.once('drain', more)
      }
    }
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0), sent }))
  })
}

describe('G1: two gigabytes from somebody who shows nothing', () => {
  test('are refused on whatever route, eight at once, while others are served', async () => {
    await using door = await openDoor()
    const vault = '00000000-0000-4000-8000-000000000000'
    const lines = ['POST /v1/auth/token', 'POST /v1/vaults', `PUT /v1/vaults/${vault}/secrets/a`, 'POST /v1/nowhere']
    const framings = [`Content-Length: ${2 * 1024 ** 3}`, 'Transfer-Encoding: chunked']
    const floods = lines.flatMap((line) =>
      framings.map((framing) => flood(door.port, `${line} HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`)),
    )
    expect((await door.send('/v1/health')).status).toBe(200)
    const answers = await Promise.all(floods)
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 401, 401, 401, 401, 404, 404])
    for (const { sent } of answers) expect(sent).toBeLessThan(64 * mib)
    expect((await door.send('/v1/health')).status).toBe(200)
  })
})

// In parallel, because the server waits two seconds before it ends the connection of a caller that continues to send.
describe.concurrent('M5: bodies that stall', () => {
  /** Sends the head and a part of the body of a write, and then nothing. Resolves with the answer when the server ends it. */
  function stall(
    port: number,
    bearer: string | null,
    path: string,
    bytes: number,
    method = 'PUT',
    length = 5 * mib,
  ): Promise<string> {
    return new Promise((resolve) => {
      let answer = ''
      const lines = [`${method} ${path} HTTP/1.1`, 'Host: x', `Content-Length: ${length}`]
      if (bearer !== null) lines.push(`Authorization: Bearer ${bearer}`)
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`${lines.join('\r\n')}\r\n\r\n`)
        socket.write(Buffer.alloc(bytes, ' '))
      })
      socket.on('data', (data) => {
        answer += data
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(answer))
    })
  }

  /** Sends a write in two halves. */
  function slowly(port: number, bearer: string, path: string, body: string) {
    let answer = ''
    const socket = connect(port, '127.0.0.1')
    const head = [
      `PUT ${path} HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${bearer}`,
      'Content-Type: application/json',
    ]
    const lines = [...head, 'Connection: close', `Content-Length: ${body.length}`]
    const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(answer)))
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('error', () => {})
    const middle = Math.floor(body.length / 2)
    return {
      half: () => new Promise((sent) => socket.write(`${lines.join('\r\n')}\r\n\r\n${body.slice(0, middle)}`, sent)),
      rest: () => {
        socket.write(body.slice(middle))
        return closed
      },
    }
  }

  test('of callers without a credential are not read, and their connections end', async () => {
    await using door = await openDoor()
    const { id } = await door.world.owner.vaults.create({ name: 'prod' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => stall(door.port, null, `/v1/vaults/${id}/secrets/a`, mib)),
    )
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 401 /)
  })

  test('of one agent push out none of another agent, whose upload is slow', async () => {
    await using door = await openDoor({}, { bodiesBytesMax: 8 * mib })
    const { id: vault } = await door.world.owner.vaults.create({ name: 'prod' })
    const policies = [{ pattern: '**', permissions: ['read' as const, 'write' as const] }]
    const [good, bad] = [
      await door.world.agent({ vault, policies }),
      await door.world.agent({ vault, policies, name: 'bad' }),
    ]
    const path = `/v1/vaults/${vault}/secrets/a`
    const body = JSON.stringify({ value: 'x'.repeat(mib) })
    const upload = slowly(door.port, good.key, path, body)
    await upload.half()
    const stalled = Array.from({ length: 6 }, () => stall(door.port, bad.key, path, 2 * mib))
    expect(await Promise.race(stalled)).toMatch(/^HTTP\/1\.1 503 /)
    expect(await upload.rest()).toMatch(/^HTTP\/1\.1 201 /)
  })

  test('do not delay the seal of a vault: they are refused at once', async () => {
    await using door = await openDoor({ hsm: sealableHsm() })
    const { id } = await door.world.owner.vaults.create({ name: 'prod' })
    const bearer = await bearerOf(door.world, { user: door.world.ownerId })
    const answers = [bearer, bearer].map((one) => stall(door.port, one, `/v1/vaults/${id}/secrets/a`, mib))
    answers.push(stall(door.port, null, '/v1/auth/token', 100, 'POST', 1_000))
    // Who is served after them has come after them.
    for (let turn = 0; turn < 3; turn++) expect((await door.send('/v1/auth/me', { bearer })).status).toBe(200)
    await door.world.pawl.seal()
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"sealed"/)
    expect((await door.send('/v1/health')).status).toBe(200)
  })

  test('share a budget, in which the one that began first gives way, and a body that arrives is served', async () => {
    await using door = await openDoor({}, { bodiesBytesMax: 8 * mib })
    const { id: vault_id } = await door.world.owner.vaults.create({ name: 'prod' })
    const bearer = await bearerOf(door.world, { user: door.world.ownerId })
    const path = `/v1/vaults/${vault_id}/secrets/a`
    const first = stall(door.port, bearer, path, 4 * mib)
    for (let more = 0; more < 3; more++) void stall(door.port, bearer, path, 4 * mib)
    expect(await first).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1[\s\S]*"code":"busy"/i)
    const body = JSON.stringify({ value: 'x'.repeat(mib) })
    expect((await door.send(path, { method: 'PUT', bearer, body })).status).toBe(201)
  })
})

describe('G2: JSON that is deep or has too many parts', () => {
  const bodies: [string, string][] = [
    ['100,000 lists in lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['100,000 objects in objects that do not end', '{"value":'.repeat(100_000)],
    ['lists in the field that is looked for', `{"value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['400,000 keys', `{${Array.from({ length: 400_000 }, (_, at) => `"${at.toString(36)}":0`).join()}}`],
    ['a million keys', `{${Array.from({ length: 1_000_000 }, (_, at) => `"${at.toString(36)}":0`).join()}}`],
    ['a million texts', `{"metadata":[${'"",'.repeat(999_999)}""]}`],
    ['a million numbers', `{"permissions":[${'1,'.repeat(999_999)}1]}`],
  ]
  const takers = cases.filter((one) => one.routes.some(({ method }) => !['GET', 'DELETE'].includes(method)))

  test.each(bodies)('of %s is refused wherever it is sent', async (_, body) => {
    await using door = await openDoor()
    for (const one of some('operations that are sent bodies without end', 40, takers)) {
      const { who, input } = await one.example(door.world).catch(() => ({ who: {}, input: {} }))
      const route = one.routes.find(({ method }) => !['GET', 'DELETE'].includes(method))
      if (!route) continue
      const { path, sent } = requestOf(route, input)
      const bearer = await bearerOf(door.world, who)
      const answer = await door.send(path, { ...sent, bearer, body })
      const bytesMax = isPublic(one) ? publicBodyBytesMax : bodyBytesMax
      const refused = body.length > bytesMax ? 413 : 400
      expect(answer.status).toBe(isPublic(one) || bearer !== null ? refused : 401)
    }
    expect((await door.send('/v1/health')).status).toBe(200)
  })
})

describe('G7: names that nobody has', () => {
  test('take no room: not as credentials, paths, addresses to sign in with, or hops', async () => {
    await using door = await openDoor({ rateLimits: true }, { trustedProxies: ['127.0.0.1'] })
    let hops = 0
    /** Each from an address of its own, 32 at a time. */
    const many = async (count: number, status: number, request: (at: number) => [string, Sent]) => {
      let at = 0
      const worker = async () => {
        while (at < count) {
          const [path, { headers, ...sent }] = request(at++)
          const hop = `10.${hops >> 16}.${(hops >> 8) & 255}.${hops++ & 255}`
          const answer = await door.send(path, { ...sent, headers: { ...headers, 'x-forwarded-for': hop } })
          expect(answer.status).toBe(status)
        }
      }
      await Promise.all(Array.from({ length: 32 }, worker))
    }
    // So long that a few thousand of them, kept, could not be overlooked.
    const long = (at: number) => `${at}-`.padEnd(7_000, 'A')
    const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } })
    const kinds: ((at: number) => [string, Sent])[] = [
      (at) => ['/v1/auth/me', bearer(`ocv_${long(at)}`)],
      (at) => ['/v1/auth/me', bearer(`1ck_${long(at)}`)],
      (at) => ['/v1/auth/me', bearer(`aa.${long(at)}.cc`)],
      (at) => [`/v1/vaults/${long(at)}`, {}],
    ]
    await many(500, 401, (at) => kinds[at % kinds.length]?.(at) ?? ['', {}])
    const before = heapUsed()
    const shown = times('names that nobody has', { quick: 500, whole: 4_000 })
    await many(shown, 401, (at) => kinds[at % kinds.length]?.(at) ?? ['', {}])
    await many(shown / 4, 404, (at) => [`/v1/nowhere/${long(at)}`, {}])
    // As much as a quarter of them would take if they were kept.
    expect(heapUsed() - before).toBeLessThan((shown / 4) * 7_000)

    const signIn = (at: number) => JSON.stringify({ email: `nobody-${at}@example.com`, password: 'x' })
    const addresses = times('addresses that nobody has', { quick: 200, whole: 5_000 })
    await many(addresses, 401, (at) => ['/v1/auth/token', { method: 'POST', body: signIn(at) }])
    const { passwordFailures = 0, auditBlock = 0, ...others } = door.world.storedKinds()
    // Failures for nobody share 4,096 records, so that a million addresses take no more room than these.
    expect(passwordFailures).toBeLessThanOrEqual(4_096)
    // The trail has one event for each attempt, as for an address that has an account (B11).
    expect(auditBlock).toBeLessThanOrEqual(addresses)
    expect(Object.values(others).reduce((sum, one) => sum + one, 0)).toBeLessThan(50)
  }, 120_000)
})

describe.each(named(some('operations that are sent wrong types', 12, cases)))('G8: %s', (_, one) => {
  const rubbish = [
    null,
    true,
    -1,
    0,
    1e300,
    '',
    'x',
    'rsa-1',
    '\u0000',
    [],
    [[]],
    [null],
    {},
    { type: 'x' },
    'é'.repeat(300),
  ]

  const areInPairs = isLong('rubbish in two fields at a time')
  const { oneIn, offset } = struck(5)
  let pairs = offset
  const anyOf = (fields: readonly string[]) => fields.filter(() => pairs++ % oneIn === 0)

  /** What needs a setting of the operator says which. */
  const notConfigured = 501

  test('answers every mixture of wrong types with a problem, and goes on', async () => {
    await using door = await openDoor()
    const { who, input } = await one.example(door.world)
    const bearer = await bearerOf(door.world, who)
    const [route] = one.routes
    if (!route) throw new Error('an operation without a route')
    const fields = Object.keys(fieldsOf(one)).filter((field) => !route.params.includes(field))
    for (const field of fields) {
      for (const value of rubbish) {
        const { path, sent } = requestOf(route, { ...input, [field]: value })
        const { status } = await door.send(path, { ...sent, bearer })
        expect(status < 500 || status === notConfigured, `${status} to ${field}: ${JSON.stringify(value)}`).toBe(true)
      }
      // And two at a time: an option that is only looked at when another has a certain value.
      for (const other of areInPairs ? anyOf(fields) : []) {
        const { path, sent } = requestOf(route, { ...input, [field]: [], [other]: {} })
        const { status } = await door.send(path, { ...sent, bearer })
        expect(status < 500 || status === notConfigured, `${status} to ${field} ${other}`).toBe(true)
      }
    }
    expect((await door.send('/v1/health')).status).toBe(200)
  })
})

describe('G9: two hundred who send a byte now and then', () => {
  const sockets: Socket[] = []
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
  })

  test('are cut off one and all, in the headers and in the body, and keep nobody else waiting', async () => {
    const world = await testPawl()
    const limits = { host: '127.0.0.1', port: 0, headersMs: 400, requestMs: 800, idleMs: 400, stopMs: 100 }
    const running = await serve(nodeListener(world.pawl), limits)
    const port = Number(new URL(running.url).port)
    const starts = [
      'GET /v1/vaults HTTP/1.1\r\nHost: x\r\nX: ',
      'POST /v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{',
    ]
    const slow = Array.from({ length: 200 }, (_, at) => trickle(port, starts[at % 2] ?? ''))
    for (let count = 0; count < 10; count++) expect((await fetch(`${running.url}/v1/health`)).status).toBe(200)
    for (const answer of await Promise.all(slow)) expect(answer).not.toMatch(/^HTTP\/1\.1 2/)
    await running.stop()
    await world.close()
  })

  function trickle(port: number, text: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      sockets.push(socket)
      let answer = ''
      let at = 0
      const timer = setInterval(() => void (socket.writable && socket.write(text[at++] ?? 'x')), 5)
      socket.on('data', (data) => {
        answer += data
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        clearInterval(timer)
        resolve(answer)
      })
    })
  }
})

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
