import { createServer, type IncomingMessage, request as nodeRequest } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Pawl } from '@pawl/core'
import { type AppOptions, createApp, nodeListener, type Served } from '../src/http/index.ts'

// Every behaviour of the HTTP surface is tested on both ways in: the listener for node:http and the app for fetch.

export interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
}

export interface Received {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
  /** The parsed body; fails when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of any shape
  readonly json: any
}

export interface Client {
  /** The path goes out as it is written here. */
  send(path: string, sent?: Sent): Promise<Received>
  close(): Promise<void>
}

export interface Transport {
  readonly name: string
  open(pawl: Served, options?: AppOptions): Promise<Client>
}

export const nodeTransport: Transport = { name: 'node:http', open: openNode }
export const fetchTransport: Transport = { name: 'fetch', open: openFetch }
export const transports: readonly Transport[] = [nodeTransport, fetchTransport]

async function openNode(pawl: Served, options?: AppOptions): Promise<Client> {
  const server = createServer(nodeListener(pawl, options))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    send: (path, sent = {}) => sendOverSocket(port, path, sent),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What is sent is JSON unless its headers say otherwise; without a body, no type is needed. */
const json = { 'content-type': 'application/json' }

export function sendOverSocket(port: number, path: string, { method = 'GET', headers = {}, body }: Sent) {
  return new Promise<Received>((resolve, reject) => {
    const isChunked = body === undefined || 'transfer-encoding' in headers
    const length = isChunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sending = nodeRequest(
      {
        port,
        host: '127.0.0.1',
        path,
        method,
        headers: { ...(body === undefined ? {} : json), ...length, ...headers },
      },
      (answer) =>
        collect(answer).then((text) => resolve(received(answer.statusCode ?? 0, answer.headers, text)), reject),
    )
    sending.on('error', reject)
    sending.on('socket', guard)
    sending.end(body)
  })
}

const guarded = new WeakSet<Socket>()

/** A server that has answered may cut off the rest of a body; by then no request listens to the socket any more. */
function guard(socket: Socket): void {
  if (guarded.has(socket)) return
  guarded.add(socket)
  socket.on('error', () => {})
}

async function collect(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

async function openFetch(pawl: Served, options?: AppOptions): Promise<Client> {
  const app = createApp(pawl, options)
  return {
    send: async (path, { method = 'GET', headers = {}, body } = {}) => {
      const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD'
      const url = `http://vault.test${path}`
      const request = new Request(url, {
        method,
        ...(hasBody ? { headers: { ...json, ...headers }, body: Buffer.from(body) } : { headers }),
      })
      // As @hono/node-server does, with the target as the socket had it.
      const incoming = { url: path, socket: { remoteAddress: '127.0.0.1' } } as IncomingMessage
      const answer = await app.fetch(request, { incoming })
      return received(answer.status, Object.fromEntries(answer.headers), await answer.text())
    },
    close: async () => {},
  }
}

function received(status: number, headers: NodeJS.Dict<string | string[]>, text: string): Received {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return {
    status,
    headers: Object.fromEntries(flat),
    text,
    get json() {
      return JSON.parse(text)
    },
  }
}

/** The engine, with a bearer for each of these callers. What a bearer is worth is for the engine's own tests. */
export function withBearers(pawl: Pawl, bearers: Record<string, { user: string } | { agent: string }>): Served {
  return {
    registry: pawl.registry,
    settings: pawl.settings,
    perform: (operation, input, origin) => {
      const trusted = origin.bearer ? bearers[origin.bearer] : undefined
      return pawl.perform(operation, input, trusted ? { ...origin, trusted } : origin)
    },
  }
}
