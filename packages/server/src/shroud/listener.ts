import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@pawl/core'
import { type Conversation, converse, routeOf } from '@pawl/core/shroud'
import { type Address, InputToRead } from '@pawl/core/surfaces'
import { clientIp } from '../web/client-ip.ts'
import { RequestRejected } from '../web/errors.ts'
import { parseJson } from '../web/json.ts'
import { bodyBytesMax } from '../web/messages.ts'
import { refusalOf } from './errors.ts'
import { type Shown, shownBy, showsKey } from './keys.ts'
import { pageAt } from './pages.ts'
import type { Served } from './served.ts'
import { asApiRequest, isTransaction } from './transactions.ts'

export interface ShroudOptions {
  /** The address of the client, from the socket and `X-Forwarded-For`. Default: the address of the socket. */
  readonly addressOf?: (peer: string | null, forwardedFor: string | undefined) => Address | null
  /** Answers the routes that Shroud shares with the API. Default: these routes do not exist. */
  readonly api?: (request: IncomingMessage, response: ServerResponse) => void
  readonly log?: Log
}

type Options = ShroudOptions & Required<Pick<ShroudOptions, 'addressOf'>>

/**
 * A listener for `http.createServer`: the proxy between agents and models.
 *
 * @example
 * createServer(shroudListener(pawl)).listen(8211)
 */
export function shroudListener(pawl: Served, given: ShroudOptions = {}) {
  const options = { addressOf: clientIp(), ...given }
  return (request: IncomingMessage, response: ServerResponse): void => {
    serve(pawl, options, request, response).catch((error: unknown) => {
      options.log?.('error', 'a request to Shroud failed', { error })
      response.destroy()
    })
  }
}

async function serve(pawl: Served, options: Options, request: IncomingMessage, response: ServerResponse) {
  try {
    const [path = ''] = (request.url ?? '').split('?')
    const header = headersOf(request)
    const page = await pageAt(pawl, request.method ?? '', path)
    if (page) return end(response, page.status, page.headers, page.body)
    if (options.api && isTransaction(path) && showsKey(header)) {
      return options.api(await asApiRequest(pawl, request, path, header), response)
    }
    await talk(pawl, options, { request, response, path, header })
  } catch (error) {
    const { status, headers, body } = refusalOf(error)
    if (response.headersSent) return void response.destroy()
    end(response, status, headers, body)
    if (!request.complete) cutOff(request)
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly header: (name: string) => string | undefined
}

async function talk(pawl: Served, options: Options, exchange: Exchange): Promise<void> {
  const { request, response, path, header } = exchange
  const shown = await shownBy(pawl, header)
  if (request.method !== 'POST' || !routeOf(path)) throw unknownRoute()
  const leaving = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort(new Error('the client has left'))
  })
  const ip = options.addressOf(request.socket.remoteAddress ?? null, header('x-forwarded-for'))
  const input = new InputToRead({}, () => inputOf(exchange, shown, leaving.signal))
  const conversation = await pawl.perform(converse, input, { ...shown.origin, ip })
  await answer(response, conversation)
}

/** Reads the input after the caller is identified. */
async function inputOf({ request, response, path, header }: Exchange, shown: Shown, signal: AbortSignal) {
  const provider = header('x-shroud-provider')
  if (provider === undefined && shown.routerKeyId === undefined)
    throw new RequestRejected(400, 'missing_provider', 'missing X-Shroud-Provider header')
  refuseUnreadable(header)
  if (request.headers.expect !== undefined) response.writeContinue()
  const body = parseJson(await bytesOf(request))
  return {
    ...{ path, provider, body, signal, headers: plainHeaders(request) },
    ...{ agent_id: shown.agentId, router_key_id: shown.routerKeyId },
    provider_key: header('x-shroud-api-key'),
    model: header('x-shroud-model'),
  }
}

/** Refuses a body that Shroud cannot inspect. */
function refuseUnreadable(header: Exchange['header']): void {
  const encoding = header('content-encoding') ?? 'identity'
  if (encoding.trim().toLowerCase() !== 'identity')
    throw new RequestRejected(415, 'compressed_body', 'Shroud inspects bodies, so they must not be compressed.')
  const type = header('content-type') ?? 'application/json'
  if (!/^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i.test(type))
    throw new RequestRejected(415, 'not_json', 'Shroud passes on JSON bodies only.')
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const tooLarge = () => new RequestRejected(413, 'body_too_large', `The body is larger than ${bodyBytesMax} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) throw tooLarge()
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > bodyBytesMax) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof RequestRejected) throw error
    throw new RequestRejected(400, 'body_incomplete', 'The body is shorter than its Content-Length.')
  }
  return Buffer.concat(chunks)
}

async function answer(response: ServerResponse, conversation: Conversation): Promise<void> {
  const { status, headers, inspection, isStream, body } = conversation
  const streaming = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    'x-shroud-stream-inspection': 'per-frame',
  }
  const head = { ...headers, 'x-shroud-inspection': inspection }
  if (!isStream) return end(response, status, head, await wholeOf(body))
  response.writeHead(status, { ...head, ...streaming }).flushHeaders()
  for await (const text of body) {
    if (response.destroyed) break
    if (!response.write(text)) await drained(response)
  }
  response.end()
}

async function wholeOf(body: AsyncIterable<string>): Promise<string> {
  let whole = ''
  for await (const text of body) whole += text
  return whole
}

function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}

/** The answer is sent, so the server discards the rest of the request body. */
function cutOff(request: IncomingMessage): void {
  const late = setTimeout(() => request.socket.destroy(), 2_000)
  request.once('close', () => clearTimeout(late))
  request.on('error', () => {})
  request.resume()
}

function headersOf({ headers }: IncomingMessage): Exchange['header'] {
  return (name) => {
    const value = headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const plain = Object.entries(headers).filter((one): one is [string, string] => typeof one[1] === 'string')
  return Object.fromEntries(plain)
}

function unknownRoute(): RequestRejected {
  return new RequestRejected(404, 'unknown_route', 'Shroud has no such route.')
}
