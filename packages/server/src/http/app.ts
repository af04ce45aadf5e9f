import type { IncomingMessage } from 'node:http'
import { RequestRejected } from '../web/errors.ts'
import { type Arrival, isPieces, type WebRequest, type WebResponse } from '../web/messages.ts'
import { dispatcher, type Served } from './dispatch.ts'
import type { HttpOptions } from './options.ts'

/** The environment that adapters such as `@hono/node-server` pass to a fetch handler with the request. */
interface NodeEnv {
  readonly incoming?: IncomingMessage
}

export interface AppOptions extends HttpOptions {
  /** The address of the client, from what the host passes to `fetch`. Default: that of the socket of `env.incoming`. */
  readonly addressOf?: (request: Request, env: unknown) => string | null
}

/** A fetch handler. `app.fetch` uses no `this`, so it can be passed on directly. */
export interface App {
  fetch(this: void, request: Request, env?: unknown): Promise<Response>
}

/**
 * The vault as a fetch handler, for servers that accept one: Hono, Next, Bun, Deno.
 *
 * @example
 * const vault = createApp(pawl, { basePath: '/vault' })
 * app.all('/vault/*', (context) => vault.fetch(context.req.raw, context.env))
 */
export function createApp(pawl: Served, options: AppOptions = {}): App {
  const dispatch = dispatcher(pawl, options)
  const { addressOf = socketAddress } = options
  return {
    fetch: async (request, env) => {
      const rawTarget = incomingOf(env)?.url ?? null
      const reply = await dispatch(new FetchRequest(request, rawTarget, addressOf(request, env)))
      return responseOf(reply, request.method)
    },
  }
}

function socketAddress(_: Request, env: unknown): string | null {
  return incomingOf(env)?.socket.remoteAddress ?? null
}

function incomingOf(env: unknown): IncomingMessage | undefined {
  return (env as NodeEnv | null | undefined)?.incoming
}

function responseOf({ status, headers, body }: WebResponse, method: string): Response {
  const pairs: [string, string][] = []
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? ''])
  return new Response(method === 'HEAD' ? null : isPieces(body) ? streamOf(body) : body, { status, headers: pairs })
}

function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const read = pieces[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await read.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await read.return?.()),
  })
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

  gone(told: () => void): () => void {
    const { signal } = this.#request
    signal.addEventListener('abort', told)
    return () => signal.removeEventListener('abort', told)
  }

  async read(bytesMax: number, arrival: Arrival): Promise<Uint8Array | null> {
    const reader = this.#request.body?.getReader()
    if (!reader) return new Uint8Array(0)
    const cancel = () => void reader.cancel().catch(() => {})
    const isTooLong = Number(this.header('content-length') ?? 0) > bytesMax
    const stopped = new Promise<never>((_, reject) => arrival.onStop(reject))
    try {
      const bytes = isTooLong ? null : await Promise.race([stopped, readAll(reader, bytesMax, arrival)])
      if (!bytes) cancel()
      return bytes
    } catch (error) {
      cancel()
      throw error
    }
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, bytesMax: number, arrival: Arrival) {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read().catch(incomplete)
    if (done) return Buffer.concat(chunks)
    bytes += value.length
    if (bytes > bytesMax) return null
    chunks.push(value)
    arrival.take(value.length)
  }
}

function incomplete(): never {
  throw new RequestRejected(400, 'body_incomplete', 'The body is shorter than its Content-Length.')
}
