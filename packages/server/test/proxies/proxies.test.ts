import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, request as plainRequest } from 'node:http'
import { request } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { tagged } from '@pawl/testkit/canary'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Certified, certify, hasOpenssl } from '../../../../tools/real-parts/authority.ts'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { readConfig } from '../../src/host/index.ts'
import { type Started, start } from '../../src/host/start.ts'

// Goal: the sample files for reverse proxies are right. Method: each, with only its addresses and its certificate changed,
// in front of a server. The client has an address of its own.

const samples = resolve(import.meta.dirname, '../../../../samples')
const nginx = programAt('nginx', '/usr/sbin')
const caddy = programAt('caddy')
const name = 'vault.example.com'
const clientAddress = '127.0.0.9'

interface Proxy {
  readonly title: string
  readonly isThere: boolean
  start(at: Place): ChildProcess
}

interface Place {
  readonly folder: string
  readonly port: number
  readonly upstream: string
}

const proxies: readonly Proxy[] = [
  {
    title: 'nginx',
    isThere: hasOpenssl && hasPart('nginx', 'apt-get install nginx-light', nginx !== null),
    start: ({ folder, port, upstream }) => {
      const site = sample('nginx.conf', {
        '127.0.0.1:8210': upstream,
        'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
        '/etc/pawl/tls/': `${folder}/`,
        '/var/log/nginx/error.log': `${folder}/error.log`,
      })
      const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (one) => `${one}_temp_path ${folder}/${one};`,
      )
      const main = `daemon off; master_process off; pid ${folder}/pid; events {}\nhttp { ${kept.join(' ')}\n${site} }`
      writeFileSync(join(folder, 'main.conf'), main)
      const run = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'main.conf')]
      return spawn(nginx ?? '', run, { stdio: outputTo(folder) })
    },
  },
  {
    title: 'Caddy',
    isThere: hasOpenssl && hasPart('Caddy', 'apt-get install caddy', caddy !== null),
    start: ({ folder, port, upstream }) => {
      const site = sample('Caddyfile', {
        '127.0.0.1:8210': upstream,
        '\n{\n': '\n{\n\tadmin off\n\tauto_https disable_redirects\n',
        [`${name} {`]: `https://${name}:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/cert.pem ${folder}/key.pem`,
      })
      writeFileSync(join(folder, 'Caddyfile'), site)
      const run = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]
      return spawn(caddy ?? '', run, { stdio: outputTo(folder), env: { HOME: folder } })
    },
  },
]

/** The text of a sample, in which every one of these is replaced, and nothing else. */
function sample(file: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`${file} does not say ${from}.`)
      return text.replaceAll(from, to)
    },
    readFileSync(join(samples, file), 'utf8'),
  )
}

for (const proxy of proxies) {
  describe.runIf(proxy.isThere)(`${proxy.title} in front of pawl serve, with its sample file (N5)`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawl-proxy-'))
    let certified: Certified
    let started: Started
    let running: ChildProcess
    let port: number
    let token: string
    let vault: string

    beforeAll(async () => {
      certified = certify(`DNS:${name}`)
      writeFileSync(join(folder, 'cert.pem'), certified.cert)
      writeFileSync(join(folder, 'key.pem'), certified.key)
      const env = {
        PAWL_PORT: '0',
        PAWL_STORAGE: 'memory:',
        PAWL_DATA_DIR: join(folder, 'data'),
        PAWL_PUBLIC_URL: `https://${name}`,
        PAWL_TRUSTED_PROXIES: '127.0.0.1',
        PAWL_OWNER_PASSWORD: tagged('proxied-password'),
      }
      started = await start(readConfig(env))
      port = await freePort()
      running = proxy.start({ folder, port, upstream: new URL(started.url).host })
      await listening(port, running)
      const credentials = { email: 'owner@localhost', password: env.PAWL_OWNER_PASSWORD }
      token = (await send('POST', '/v1/auth/token', credentials)).json.access_token
      vault = (await send('POST', '/v1/vaults', { name: 'prod' })).json.id
    })
    afterAll(async () => {
      if (running.exitCode === null) {
        running.kill('SIGTERM')
        await once(running, 'close')
      }
      await started.stop()
      rmSync(folder, { recursive: true })
    })

    function open(method: string, path: string, headers: Record<string, string>) {
      return request({
        host: '127.0.0.1',
        localAddress: clientAddress,
        port,
        path,
        method,
        ca: certified.ca,
        servername: name,
        agent: false,
        headers: { host: name, 'content-type': 'application/json', ...headers },
      })
    }

    async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
      const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const sending = open(method, path, { ...bearer, ...headers })
      sending.end(body === undefined ? undefined : JSON.stringify(body))
      return answerTo(sending)
    }

    /** Of all answers to these bytes, until the proxy ends the connection or says nothing more. */
    function statusesOf(bytes: string): Promise<number[]> {
      return new Promise((resolve, reject) => {
        const socket = connectTls({ host: '127.0.0.1', port, ca: certified.ca, servername: name }, () => {
          socket.write(bytes)
          socket.setTimeout(500, () => socket.destroy())
        })
        let answer = ''
        socket.on('data', (chunk) => {
          answer += chunk
        })
        socket.on('error', (error: NodeJS.ErrnoException) => error.code !== 'ECONNRESET' && reject(error))
        socket.on('close', () =>
          resolve([...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status))),
        )
      })
    }

    test('the audit trail and IP rules see the client, whatever it claims to be', async () => {
      await send('PUT', `/v1/vaults/${vault}/secrets/seen`, { value: tagged('seen') }, { 'x-forwarded-for': '6.6.6.6' })
      const { json } = await send('GET', '/v1/audit/events?limit=1')
      expect(json.events[0]).toMatchObject({ action: 'secret.write', ip_address: clientAddress })
    })

    test('a path arrives as it was written', async () => {
      const at = (path: string) => `/v1/vaults/${vault}/secrets/${path}`
      expect((await send('PUT', at('folder%2Fname'), { value: tagged('by path') })).status).toBe(201)
      expect((await send('GET', at('folder/name'))).json).toMatchObject({ path: 'folder/name' })
      // A proxy that tidies it would read the secret at folder/name.
      expect((await send('GET', at('folder//name'))).json).toMatchObject({ code: 'invalid_path' })
    })

    test('a request whose host or end can be read in two ways does not pass', async () => {
      const lines = (...some: string[]) => `${some.join('\r\n')}\r\n\r\n`
      const create = ['POST /v1/vaults HTTP/1.1', `Authorization: Bearer ${token}`, 'Content-Type: application/json']
      const body = JSON.stringify({ name: 'smuggled' })
      const requests: Readonly<Record<string, string>> = {
        'two hosts': lines(...create, `Host: ${name}`, 'Host: other.example', `Content-Length: ${body.length}`) + body,
        'two lengths': lines(...create, `Host: ${name}`, 'Content-Length: 0', `Content-Length: ${body.length}`) + body,
        'a length and chunks': `${lines(...create, `Host: ${name}`, `Content-Length: ${body.length}`, 'Transfer-Encoding: chunked')}0\r\n\r\n${body}`,
        'a folded length': lines(...create, `Host: ${name}`, 'X: y', ` Content-Length: ${body.length}`) + body,
        'a bare carriage return': lines(...create, `Host: ${name}`, `X: y\rContent-Length: ${body.length}`) + body,
        'a space before the colon': lines(...create, `Host: ${name}`, `Content-Length : ${body.length}`) + body,
        'another encoding': lines(...create, `Host: ${name}`, 'Transfer-Encoding: gzip, chunked') + body,
        'a host that is none': lines(...create, 'Host: a/b', `Content-Length: ${body.length}`) + body,
      }
      for (const [title, bytes] of Object.entries(requests)) {
        expect(await statusesOf(bytes), title).not.toContain(201)
      }
      const { json } = await send('GET', '/v1/vaults')
      expect(json.vaults.map((one: { name: string }) => one.name)).not.toContain('smuggled')
      const whole = lines(...create, `Host: ${name}`, `Content-Length: ${body.length}`) + body
      const absolute = whole.replace(' /v1', ` https://${name}/v1`).replace('smuggled', 'absolute')
      expect([await statusesOf(whole), await statusesOf(absolute)]).toEqual([[201], [201]])
    })

    test('the largest value passes, and a larger body is refused by Pawl', async () => {
      const value = `${tagged('large')}${'x'.repeat(1_000_000)}`
      const path = `/v1/vaults/${vault}/secrets/large`
      expect((await send('PUT', path, { value })).status).toBe(201)
      expect((await send('GET', path)).json.value).toBe(value)
      const refused = await send('PUT', path, { value: 'x'.repeat(5_300_000) })
      expect(refused).toMatchObject({ status: 413, json: { code: 'body_too_large' } })
    })

    test('a body without a length passes in pieces', async () => {
      const sending = open('PUT', `/v1/vaults/${vault}/secrets/pieces`, { authorization: `Bearer ${token}` })
      const answer = answerTo(sending)
      const body = JSON.stringify({ value: tagged('pieces').padEnd(200_000, 'x') })
      for (let at = 0; at < body.length; at += 20_000) {
        sending.write(body.slice(at, at + 20_000))
        await new Promise((done) => setImmediate(done))
      }
      sending.end()
      expect((await answer).status).toBe(201)
    })

    test('an unknown caller is refused before it has sent its body', async () => {
      const sending = open('PUT', `/v1/vaults/${vault}/secrets/never`, { authorization: 'Bearer nothing' })
      sending.write('{"value":"')
      const { status } = await answerTo(sending)
      sending.destroy()
      expect(status).toBe(401)
    })

    test('a model reaches /mcp under the public name', async () => {
      const hello = {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      }
      const { api_key } = (await send('POST', '/v1/agents', { name: 'bot' })).json
      const headers = { authorization: `Bearer ${api_key}`, accept: 'application/json, text/event-stream' }
      const { status, json } = await send('POST', '/mcp', hello, headers)
      expect([status, json.result?.serverInfo.name], JSON.stringify(json)).toEqual([200, 'pawl'])
    })

    test('the proxy writes no URL down, not even while Pawl is away', async () => {
      const path = `/v1/vaults/${vault}/secrets/${tagged('in-the-url')}`
      await send('GET', path)
      await started.stop()
      const sending = open('GET', path, {})
      sending.end()
      const [answer] = (await once(sending, 'response')) as [IncomingMessage]
      expect([answer.statusCode, await text(answer)]).toEqual([502, expect.not.stringContaining('/v1/')])
      for (const log of ['error.log', 'output.log']) expect(contentOf(join(folder, log))).not.toContain('/v1/')
    })
  })
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of any shape
async function answerTo(sending: ReturnType<typeof plainRequest>): Promise<{ status: number; json: any }> {
  const [answer] = (await once(sending, 'response')) as [IncomingMessage]
  const body = await text(answer)
  return { status: answer.statusCode ?? 0, json: body === '' ? null : JSON.parse(body) }
}

function outputTo(folder: string): StdioOptions {
  const file = openSync(join(folder, 'output.log'), 'a')
  return ['ignore', file, file]
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Until the program takes connections, or has ended. */
async function listening(port: number, program: ChildProcess): Promise<void> {
  while (program.exitCode === null) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error('The proxy ended. Is its configuration right?')
}
