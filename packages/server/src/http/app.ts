import type { IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { RequestRejected } from '../web/errors.ts'
import type { WebRequest, WebResponse } from '../web/messages.ts'
import { dispatcher, type Served } from './dispatch.ts'
import type { HttpOptions } from './options.ts'

/** What `@hono/node-server` hands on. Any other host may do the same, or say `addressOf`. */
interface Env {
  readonly Bindings: { readonly incoming?: IncomingMessage }
}

export interface AppOptions extends HttpOptions {
  /** The address of whoever sent a request, where the host knows it in a way of its own. */
  readonly addressOf?: (request: Request, env: unknown) => string | null
}

/**
 * A Hono app: mount it in another one, or hand its `fetch` to whatever serves fetch handlers.
 *
 * @example
 * const app = new Hono()
 * app.route('/vault', createApp(pawl, { basePath: '/vault' }))
 */
export function createApp(pawl: Served, options: AppOptions = {}): Hono<Env> {
  const dispatch = dispatcher(pawl, options)
  const { addressOf = socketAddress } = options
  const app = new Hono<Env>({ strict: true })
  app.all('*', async ({ req, env }) => {
    const reply = await dispatch(new FetchRequest(req.raw, env?.incoming?.url ?? null, addressOf(req.raw, env)))
    return responseOf(reply, req.method)
  })
  return app
}

function socketAddress(_: Request, env: unknown): string | null {
  return (env as Env['Bindings'] | undefined)?.incoming?.socket.remoteAddress ?? null
}

function responseOf({ status, headers, body }: WebResponse, method: string): Response {
  const pairs: [string, string][] = []
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? ''])
  return new Response(method === 'HEAD' ? null : body, { status, headers: pairs })
}

class FetchRequest implements WebRequest {
  readonly #request: Request
  readonly target: string
  readonly rawTarget: string
  readonly peer: string | null

  constructor(request: Request, rawTarget: string | null, peer: string | null) {
    this.#request = request
    this.target = request.url.slice(request.url.indexOf('/', request.url.indexOf('//') + 2)).replace(/#.*$/, '')
    this.rawTarget = rawTarget ?? this.target
    this.peer = peer
  }

  get method(): string {
    return this.#request.method
  }

  get hasBody(): boolean {
    return this.#request.body !== null
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined
  }

  async read(bytesMax: number): Promise<Uint8Array | null> {
    const reader = this.#request.body?.getReader()
    if (!reader) return new Uint8Array(0)
    if (Number(this.header('content-length') ?? 0) > bytesMax) return refuse(reader)
    const chunks: Uint8Array[] = []
    let bytes = 0
    for (;;) {
      const { done, value } = await reader.read().catch(incomplete)
      if (done) return Buffer.concat(chunks)
      bytes += value.length
      if (bytes > bytesMax) return refuse(reader)
      chunks.push(value)
    }
  }
}

function refuse(reader: ReadableStreamDefaultReader<Uint8Array>): null {
  reader.cancel().catch(() => {})
  return null
}

function incomplete(): never {
  throw new RequestRejected(400, 'body_incomplete', 'The body is shorter than its Content-Length.')
}
