import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { EgressDenied, EgressFailed, type EgressRequest, type EgressStreamRequest } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { egressAnswer, testEgress } from '@pawl/testkit/conformance'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Certified, certify, hasOpenssl } from '../../../../tools/real-parts/authority.ts'
import { type NodeEgressOptions, nodeEgress } from './node.ts'

const name = 'api.example.test'
const request = (url: string, given: Partial<EgressRequest> = {}): EgressRequest => ({
  ...{ purpose: 'webhook', method: 'GET', url, headers: {}, timeoutMs: 10_000, responseBytesMax: 1_000 },
  ...given,
})

const suiteServer = createServer(async (arriving, response) => {
  const answer = egressAnswer(await arrived(arriving))
  if (answer) response.writeHead(answer.status, { ...answer.headers }).end(answer.body)
})
let origin: string

beforeAll(async () => {
  origin = `http://127.0.0.1:${await portOf(suiteServer)}`
})
afterAll(() => {
  suiteServer.closeAllConnections()
  suiteServer.close()
})

testEgress('nodeEgress', () => ({ egress: nodeEgress({ allow: [origin] }), origin }), { describe, it })
testEgress('nodeEgress that nobody configured', () => ({ egress: nodeEgress({ allow: [] }) }), { describe, it })

describe('a name that is allowed', () => {
  /** An egress that may call a name at a port of this machine, where a server tells the host that it was asked for. */
  async function named(lookup: NodeEgressOptions['lookup'] & object, ...alsoAllowed: string[]) {
    const port = await serve((arriving, response) => response.end(arriving.headers.host))
    const allow = [`http://${name}:${port}`, ...alsoAllowed.map((host) => `http://${host}:${port}`)]
    const egress = nodeEgress({ allow, lookup })
    return { port, fetch: () => egress.fetch(request(`http://${name}:${port}/${tagged('path')}`)) }
  }

  it('E5: is resolved once, and called at the address that was judged', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']]
    const asked: string[] = []
    const lookup = async (host: string) => answers[asked.push(host) - 1] ?? []
    const { port, fetch } = await named(lookup, '127.0.0.1')
    const { status, body } = await fetch()
    expect({ status, host: Buffer.from(body).toString(), asked }).toEqual({
      ...{ status: 200, host: `${name}:${port}`, asked: [name] },
    })
    await expect(fetch()).rejects.toThrow(EgressDenied)
  })

  it.each([
    ...['127.0.0.1', '10.0.0.1', '100.64.0.1', '169.254.169.254', '172.16.0.1', '192.168.1.1', '0.0.0.0', '224.0.0.1'],
    ...['::1', '::', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fc00::1', 'fe80::1', 'fe80::1%eth0'],
    ...['ff02::1', '127.1', '0177.0.0.1', 'localhost', ''],
  ])('E3, M20: is not called at %j, and only the operator learns what would have to be allowed', async (address) => {
    const { fetch } = await named(async () => [address])
    const error = await failure(fetch())
    expect(error).toBeInstanceOf(EgressDenied)
    expect(error.message).toContain(`to ${name} is not allowed`)
    expect(error.message).toContain('PAWL_EGRESS_ALLOW')
    if (address !== '') expect(error.message).not.toContain(address)
    expect((error as EgressDenied).detail).toContain(`${name} is at ${address}.`)
  })

  it('is not called at all when only some of its addresses are public', async () => {
    const { fetch } = await named(async () => ['93.184.215.14', '10.0.0.1'])
    const { detail } = (await failure(fetch())) as EgressDenied
    expect(detail).toMatch(/Add http:\/\/10\.0\.0\.1:\d+ to PAWL_EGRESS_ALLOW/)
  })

  it('is called at another of its addresses when the first has nobody', async () => {
    const { fetch } = await named(async () => ['::1', '127.0.0.1'], '127.0.0.1', '[::1]')
    expect((await fetch()).status).toBe(200)
  })

  it('that has no address, or that nobody knows, is no answer', async () => {
    const unknown = Object.assign(new Error(tagged('lookup')), { code: 'ENOTFOUND' })
    for (const [lookup, why] of [
      [async () => [], 'the host has no address'],
      [() => Promise.reject(unknown), 'ENOTFOUND'],
    ] as const) {
      const error = await failure((await named(lookup)).fetch())
      expect(error).toBeInstanceOf(EgressFailed)
      expect(error.message).toBe(`No answer from ${name} (webhook): ${why}.`)
    }
  })

  it('is given up when it is not resolved in time', async () => {
    const egress = nodeEgress({ allow: [name], connectTimeoutMs: 20, lookup: () => new Promise(() => {}) })
    await expect(egress.fetch(request(`https://${name}/`))).rejects.toThrow('no connection within 20 ms')
  })
})

describe('an answer', () => {
  it.each([
    ['is cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['asks for another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['is not HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    [
      'tells two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    ],
    ['never comes', ''],
  ])('that %s is none', async (_, text) => {
    const url = `http://127.0.0.1:${await answering((socket) => socket.once('data', () => socket.end(text)))}`
    const error = await failure(nodeEgress({ allow: [url] }).fetch(request(url)))
    expect(error).toBeInstanceOf(EgressFailed)
  })

  it('that is too long is hung up on before it ends', async () => {
    let hungUp = (_: unknown) => {}
    const closed = new Promise((resolve) => {
      hungUp = resolve
    })
    const url = `http://127.0.0.1:${await serve((_, response) => response.on('close', hungUp).write('a'.repeat(1_001)))}`
    await expect(nodeEgress({ allow: [url] }).fetch(request(url))).rejects.toMatchObject({
      message: expect.stringContaining('more than 1000 bytes'),
      isTooLong: true,
    })
    await closed
  })

  it('may take longer than a connection may', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const slow = await serve((_, response) => {
      vi.advanceTimersByTime(5_000)
      response.end()
    })
    const url = `http://127.0.0.1:${slow}`
    const answer = await nodeEgress({ allow: [url], connectTimeoutMs: 1_000 }).fetch(request(url))
    expect(answer.status).toBe(200)
  })

  it('E4: that is a redirect leads nowhere', async () => {
    const inner = vi.fn()
    const trap = await serve(inner)
    const headers = { location: `http://127.0.0.1:${trap}/latest/meta-data` }
    const url = `http://127.0.0.1:${await serve((_, response) => response.writeHead(307, headers).end())}`
    const answer = await nodeEgress({ allow: [url, headers.location.slice(0, -17)] }).fetch(request(url))
    expect(answer).toMatchObject({ status: 307, headers })
    expect(inner).not.toHaveBeenCalled()
  })
})

describe('a stream', () => {
  const streamed = (url: string, given: Partial<EgressStreamRequest> = {}): EgressStreamRequest => ({
    ...{ purpose: 'model:local', method: 'POST', url, headers: {}, body: Buffer.from('{}'), headMs: 10_000 },
    ...{ idleMs: 10_000, ...given },
  })

  /** A server that gives each answer a number of the connection that it came on. */
  async function counting() {
    const seen = new Set<Socket>()
    const port = await serve((arriving, response) => {
      seen.add(arriving.socket)
      arriving.resume().on('end', () => response.end(String(seen.size)))
    })
    return { seen, port }
  }

  const textOf = async (body: AsyncIterable<Uint8Array>) => buffer(body).then(String)

  it('uses the connection of the one before', async () => {
    const { seen, port } = await counting()
    const url = `http://127.0.0.1:${port}`
    const egress = nodeEgress({ allow: [url] })
    for (let call = 0; call < 3; call++) expect(await textOf((await egress.stream(streamed(url))).body)).toBe('1')
    expect(seen.size).toBe(1)
  })

  it('uses no connection to an address that its name has left', async () => {
    const { port } = await counting()
    const answers = [['127.0.0.1'], ['127.0.0.2']]
    const url = `http://${name}:${port}`
    const egress = nodeEgress({
      allow: [],
      allowFor: { 'model:local': [url] },
      lookup: async () => answers.shift() ?? [],
    })
    expect(await textOf((await egress.stream(streamed(url))).body)).toBe('1')
    // Nobody listens there.
    await expect(egress.stream(streamed(url))).rejects.toThrow(EgressFailed)
  })

  it('begins again when the connection that was kept is closed at that moment', async () => {
    let arrivals = 0
    const port = await serve((arriving, response) => {
      arrivals += 1
      if (arrivals === 2) return void arriving.socket.resetAndDestroy()
      arriving.resume().on('end', () => response.end(String(arrivals)))
    })
    const url = `http://127.0.0.1:${port}`
    const egress = nodeEgress({ allow: [url] })
    expect(await textOf((await egress.stream(streamed(url))).body)).toBe('1')
    expect(await textOf((await egress.stream(streamed(url))).body)).toBe('3')
  })

  it('hangs up when the one who reads leaves', async () => {
    let hungUp = (_: unknown) => {}
    const closed = new Promise((resolve) => {
      hungUp = resolve
    })
    const url = `http://127.0.0.1:${await serve((_, response) => response.on('close', hungUp).write('one'))}`
    for await (const piece of (await nodeEgress({ allow: [url] }).stream(streamed(url))).body) {
      expect(String(piece)).toBe('one')
      break
    }
    await closed
  })

  it('is given up when nothing more comes', async () => {
    const url = `http://127.0.0.1:${await serve((_, response) => response.write('one'))}`
    const { body } = await nodeEgress({ allow: [url] }).stream(streamed(url, { idleMs: 20 }))
    await expect(textOf(body)).rejects.toThrow('nothing more within 20 ms')
  })

  it('is read no faster than its reader reads', async () => {
    const piece = Buffer.alloc(64 * 1024)
    let written = 0
    const port = await serve((_, response) => {
      const more = () => {
        while (written < 64 * 1024 * 1024 && response.write(piece)) written += piece.length
      }
      response.on('drain', more)
      more()
    })
    const url = `http://127.0.0.1:${port}`
    const { body } = await nodeEgress({ allow: [url] }).stream(streamed(url))
    for await (const _ of body) {
      // Time in which a reader that takes all would take all.
      await new Promise((resolve) => setTimeout(resolve, 100))
      break
    }
    expect(written).toBeLessThan(32 * 1024 * 1024)
  })
})

describe('a rule for one purpose', () => {
  it('allows this purpose and no other, at this host and port alone', async () => {
    const port = await serve((_, response) => response.end())
    const url = `http://127.0.0.1:${port}`
    const egress = nodeEgress({ allow: [], allowFor: { 'model:local': [url] } })
    expect((await egress.fetch(request(url, { purpose: 'model:local' }))).status).toBe(200)
    for (const [purpose, place] of [
      ['webhook', url],
      ['model', url],
      ['model:local', 'http://127.0.0.1:1'],
    ] as const) {
      await expect(egress.fetch(request(place, { purpose }))).rejects.toThrow(EgressDenied)
    }
  })

  it('vouches for private addresses of its name, and never for those where clouds keep credentials', async () => {
    const port = await serve((_, response) => response.end())
    const url = `http://${name}:${port}`
    const at = (address: string) =>
      nodeEgress({ allow: [], allowFor: { 'model:local': [url] }, lookup: async () => [address] })
    expect((await at('127.0.0.1').fetch(request(url, { purpose: 'model:local' }))).status).toBe(200)
    for (const address of [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      'fe80::1',
      '168.63.129.16',
    ]) {
      await expect(at(address).fetch(request(url, { purpose: 'model:local' }))).rejects.toThrow(EgressDenied)
    }
  })
})

describe('what is said of a request that got no answer', () => {
  it('F5: is who asked and which host was meant, and nothing else of it', async () => {
    const secrets = {
      headers: { authorization: `Bearer ${tagged('header')}` },
      body: Buffer.from(tagged('body')),
    }
    const closed = `http://127.0.0.1:${await closedPort()}`
    const path = `/${tagged('path')}?key=${tagged('query')}`
    const egress = nodeEgress({ allow: [closed], lookup: async () => ['10.0.0.1'] })
    for (const url of [`${closed}${path}`, `https://${name}${path}`, `http://${tagged('user')}:x@127.0.0.1${path}`]) {
      const error = await failure(egress.fetch(request(url, { method: 'POST', ...secrets })))
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tagged(''))
    }
  })
})

describe('the environment of the process', () => {
  it('E9: has no proxy that is used', async () => {
    const proxy = vi.fn()
    const at = `http://127.0.0.1:${await serve(proxy)}`
    for (const variable of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(variable, at)
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    onTestFinished(() => void vi.unstubAllEnvs())
    await nodeEgress({ allow: [origin] }).fetch(request(`${origin}/echo`))
    expect(proxy).not.toHaveBeenCalled()
  })
})

describe.skipIf(!hasOpenssl)('a server with TLS', () => {
  let certified: Certified
  let port: number
  const server = (tls: Certified) =>
    createTlsServer(tls, ({ headers, socket }, response) => {
      response.end(`${headers.host} ${(socket as unknown as { servername: unknown }).servername}`)
    })

  beforeAll(() => {
    certified = certify(`DNS:${name}`, 'IP:127.0.0.1')
  })

  const calls = async (url: (port: number) => string, given: Partial<NodeEgressOptions> = {}) => {
    port = await listening(server(certified))
    const allow = [`${name}:${port}`, `other.test:${port}`, `127.0.0.1:${port}`]
    const egress = nodeEgress({ allow, ca: certified.ca, lookup: async () => ['127.0.0.1'], ...given })
    return egress.fetch(request(url(port)))
  }

  it('is asked for by its name, and must show a certificate for it', async () => {
    const { body } = await calls((at) => `https://${name}:${at}/`)
    expect(Buffer.from(body).toString()).toBe(`${name}:${port} ${name}`)
  })

  it('is asked for by the one form of its name', async () => {
    const { body } = await calls((at) => `https://API.Example.TEST.:${at}/`)
    expect(Buffer.from(body).toString()).toBe(`${name}:${port} ${name}`)
  })

  it('is asked for by its address, and must show a certificate for that', async () => {
    const { body } = await calls((at) => `https://0x7f.1:${at}/`)
    expect(Buffer.from(body).toString()).toBe(`127.0.0.1:${port} false`)
  })

  it('B3: is not believed with a certificate of another name', async () => {
    const call = calls((at) => `https://other.test:${at}/`)
    await expect(call).rejects.toThrow('No answer from other.test (webhook): ERR_TLS_CERT_ALTNAME_INVALID.')
  })

  it('B3: is not believed without a known authority, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => void vi.unstubAllEnvs())
    const call = calls((at) => `https://${name}:${at}/`, { ca: certify('DNS:else').ca })
    await expect(call).rejects.toThrow(/webhook\): (UNABLE_TO|SELF_SIGNED)/)
  })

  it('that says nothing is given up before the whole time is over', async () => {
    const silent = await answering(() => {})
    const egress = nodeEgress({ allow: [`127.0.0.1:${silent}`], connectTimeoutMs: 50 })
    await expect(egress.fetch(request(`https://127.0.0.1:${silent}/`))).rejects.toThrow('no connection within 50 ms')
  })
})

it('a rule that is none is an error that does not repeat it', () => {
  expect(() => nodeEgress({ allow: ['example.com', `user:${tagged('x')}@example.com`] })).toThrow(
    /^allow\[1\] is not a host, address or range with an optional port\.$/,
  )
})

async function arrived(arriving: IncomingMessage) {
  const { method = '', url: path = '', headers } = arriving
  return { method, path, headers, body: await buffer(arriving) }
}

async function failure(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => new Error('There was an answer.'),
    (error: Error) => error,
  )
}

async function serve(handler: RequestListener): Promise<number> {
  return listening(createServer(handler))
}

async function answering(connected: (socket: Socket) => void): Promise<number> {
  return listening(createTcpServer(connected))
}

/** The port of a server that ends with the test, and what was connected with it. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return portOf(server)
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closedPort(): Promise<number> {
  const server = createTcpServer()
  const port = await portOf(server)
  server.close()
  return port
}
