import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Log } from '@pawl/core'
import { urlOf } from './open.ts'
import { type Failure, malformed, refusalOf } from './strict-http.ts'
import { followTlsPair, readAuthorities, readTlsPair, type TlsFiles } from './tls.ts'

export type Listener = (request: IncomingMessage, response: ServerResponse) => void

export interface ServeOptions {
  readonly host: string
  readonly port: number
  /** The name of the port setting, for messages. Default: PAWL_PORT. */
  readonly portSetting?: string
  /** Timeouts of the headers and of a whole request, and how long a connection may be idle (G9). */
  readonly headersMs?: number
  readonly requestMs?: number
  readonly idleMs?: number
  /** More connections are closed at once. Default: 10,000. */
  readonly connectionsMax?: number
  /** How long requests that were accepted may take when the server stops. */
  readonly stopMs?: number
  /** Speaks HTTPS with this certificate, and loads it again when its files change. Default: HTTP. */
  readonly tls?: TlsFiles | null
  /** File with the authorities of client certificates. With it, clients may send one. Default: the server requests none. */
  readonly tlsClientCa?: string | null
  /** The interval between checks of the files. */
  readonly tlsCheckMs?: number
  /** The body of the answer to a malformed request. Default: a problem document (RFC 9457). */
  readonly errorBody?: (code: string, message: string, status: number) => string
  readonly log?: Log
}

export interface Running {
  readonly url: string
  /** Accepts no more connections, answers the accepted requests, and then resolves. */
  stop(): Promise<void>
}

const headerBytesMax = 16 * 1024
const checkEveryMs = 1_000
const connectionsMaxDefault = 10_000
/** How long a sender may take to read the answer to a refused request. */
const farewellMs = 2_000

export async function serve(listener: Listener, options: ServeOptions): Promise<Running> {
  const { host, port, headersMs = 10_000, requestMs = 60_000, idleMs = 65_000, stopMs = 10_000 } = options
  const { errorBody = problem } = options
  let stopping = false
  const hear = (hears: Listener): Listener => {
    return (request, response) => {
      // The sender wrote more before it could read the refusal.
      if (ending.has(request.socket)) return
      if (stopping) response.shouldKeepAlive = false
      const failure = refusalOf(request)
      if (failure === null) hears(request, response)
      else refuse(failure, response, errorBody)
    }
  }
  const handle = hear(listener)
  const limits = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: Math.min(headersMs, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(checkEveryMs, headersMs, requestMs),
  }
  const { server, scheme, stopTls } = makeServer(limits, handle, options)
  server.maxConnections = options.connectionsMax ?? connectionsMaxDefault
  // The listener sends `100 Continue` itself, when it wants the body.
  server.on('checkContinue', handle)
  // Without this listener, Node answers before any check, and keeps the connection.
  server.on(
    'checkExpectation',
    hear((_, response) => refuse(unknownExpectation, response, errorBody)),
  )
  server.on('clientError', (error, socket: Socket) => refuseUnread(error, socket, errorBody))
  await listen(server, host, port, options.portSetting ?? 'PAWL_PORT').catch((error) => {
    stopTls()
    throw error
  })
  const stop = () => {
    stopping = true
    stopTls()
    return stopServer(server, stopMs)
  }
  return { url: urlOf(host, (server.address() as AddressInfo).port, scheme), stop }
}

interface Made {
  readonly server: Server
  readonly scheme: 'http' | 'https'
  /** Stops following the files of the certificate, and ends handshakes. */
  stopTls(): void
}

function makeServer(limits: ServerOptions, handle: Listener, options: ServeOptions): Made {
  const { tls = null, tlsClientCa = null, tlsCheckMs = 5_000, log = () => {} } = options
  if (tls === null) return { server: createServer(limits, handle), scheme: 'http', stopTls: () => {} }
  const pair = readTlsPair(tls)
  const clients = tlsClientCa === null ? {} : { ca: readAuthorities(tlsClientCa), requestCert: true }
  // People and agents with keys have no certificate. Whether one that is shown is valid, the HTTP surface looks up.
  const handshaking = { handshakeTimeout: limits.headersTimeout, rejectUnauthorized: false }
  const server = createTlsServer({ ...limits, ...pair, ...clients, ...handshaking }, handle)
  // Open connections keep their certificate. Only new ones get the new certificate.
  const following = followTlsPair(tls, tlsCheckMs, log, (changed) =>
    server.setSecureContext({ ...changed, ...clients }),
  )
  const handshakes = handshakesOf(server)
  const stopTls = () => {
    following.stop()
    for (const socket of handshakes.values()) socket.destroy()
  }
  return { server, scheme: 'https', stopTls }
}

/** Connections in the TLS handshake. A closing HTTPS server waits for them, and cannot list them. */
function handshakesOf(server: Server): ReadonlyMap<string, Socket> {
  const underWay = new Map<string, Socket>()
  const nameOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket)
    underWay.set(name, socket)
    socket.once('close', () => underWay.delete(name))
  })
  server.on('secureConnection', (socket: Socket) => void underWay.delete(nameOf(socket)))
  return underWay
}

function listen(server: Server, host: string, port: number, portSetting: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(explained(error, host, port, portSetting))
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function explained(error: NodeJS.ErrnoException, host: string, port: number, portSetting: string): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program already listens there',
    EACCES: 'this user does not have the permission',
    EADDRNOTAVAIL: 'this machine does not have this address',
  }
  const reason = reasons[error.code ?? '']
  if (reason === undefined) return error
  return new Error(`Cannot listen on ${host} port ${port}: ${reason}. Set PAWL_HOST or ${portSetting}.`, {
    cause: error,
  })
}

function stopServer(server: Server, stopMs: number): Promise<void> {
  return new Promise((resolve) => {
    // Connections that answer their last request become idle one after the other.
    const idle = setInterval(() => server.closeIdleConnections(), 20)
    const late = setTimeout(() => server.closeAllConnections(), stopMs)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(late)
      resolve()
    })
    server.closeIdleConnections()
  })
}

const failures: Readonly<Record<string, Failure>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout', 'The request took too long to arrive.'],
}

const unknownExpectation: Failure = [417, 'expectation_failed', 'The only Expect is 100-continue.']

/** The client is gone, or the TLS handshake failed, so no answer is possible. */
const cannotBeTold = /^(ECONNRESET$|ERR_SSL_|ERR_TLS_)/

type ErrorBody = NonNullable<ServeOptions['errorBody']>

const problem: ErrorBody = (code, detail, status) =>
  JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, code })

/** Connections that end after the answer to a refused request. The parser may refuse its body as well. */
const ending = new WeakSet<object>()

/** A request that Node could read, and that is refused. Then the connection ends. */
function refuse([status, code, detail]: Failure, response: ServerResponse, errorBody: ErrorBody): void {
  if (response.socket) ending.add(response.socket)
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(errorBody(code, detail, status))
}

/** A malformed request gets a response, like other errors. Then the connection ends. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket, errorBody: ErrorBody): void {
  if (ending.has(socket)) return
  if (cannotBeTold.test(error.code ?? '') || !socket.writable) return void socket.destroy()
  const [status, code, detail] = failures[error.code ?? ''] ?? malformed
  const body = errorBody(code, detail, status)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ]
  socket.end(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`)
  // The other side may never close its half.
  const late = setTimeout(() => socket.destroy(), farewellMs)
  socket.once('close', () => clearTimeout(late))
}
