import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import { RequestRejected } from '../web/errors.ts'
import { type Arrival, type Dispatch, isPieces, type WebRequest, type WebResponse } from '../web/messages.ts'
import { dispatcher, type Served } from './dispatch.ts'
import type { HttpOptions } from './options.ts'

/** How much of an unwanted body the server reads and drops, and for how long, so that the sender can read the answer. */
const droppedBytesMax = 16 * 1024 * 1024
const droppingMs = 2_000

/**
 * A listener for `http.createServer`. The shortest way from a socket to an operation: no Request, no Response.
 *
 * @example
 * createServer(nodeListener(pawl)).listen(8210)
 */
export function nodeListener(pawl: Served, options: HttpOptions = {}) {
  const dispatch = dispatcher(pawl, options)
  return (request: IncomingMessage, response: ServerResponse): void => {
    // `serve` should never throw. If it does, the connection ends, and not the process.
    serve(dispatch, request, response).catch(() => response.destroy())
  }
}

async function serve(dispatch: Dispatch, request: IncomingMessage, response: ServerResponse) {
  const wire = new NodeRequest(request, response)
  const reply = await dispatch(wire)
  write(response, reply)
  if (wire.hasBody && !request.complete) drop(request)
}

function write(response: ServerResponse, { status, headers, body }: WebResponse): void {
  response.writeHead(status, headers)
  if (isPieces(body)) return void pass(body, response).catch(() => response.destroy())
  response.end(body ?? undefined)
}

/** Reads no faster than the peer does, and stops when the peer has left. */
async function pass(pieces: AsyncIterable<string>, response: ServerResponse): Promise<void> {
  response.flushHeaders()
  for await (const piece of pieces) {
    if (response.destroyed) return
    if (!response.write(piece)) await drained(response)
  }
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve()
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

/** The answer is sent. The server drops the rest of the body, and disconnects a sender that does not stop (G1). */
function drop(request: IncomingMessage): void {
  let bytes = 0
  const late = setTimeout(() => request.socket.destroy(), droppingMs)
  request.on('close', () => clearTimeout(late))
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > droppedBytesMax) request.socket.destroy()
  })
  request.resume()
}

class NodeRequest implements WebRequest {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #headers: IncomingHttpHeaders
  readonly method: string
  readonly target: string

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
    this.#headers = request.headers
    this.method = request.method ?? ''
    this.target = request.url ?? ''
  }

  /** Node passes on the target unchanged. */
  get rawTarget(): string {
    return this.target
  }

  get peer(): string | null {
    return this.#request.socket.remoteAddress ?? null
  }

  certificate(): Uint8Array | null {
    const { socket } = this.#request
    if (!(socket instanceof TLSSocket) || !socket.authorized) return null
    return socket.getPeerX509Certificate()?.raw ?? null
  }

  get hasBody(): boolean {
    const length = this.#headers['content-length']
    return this.#headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
  }

  header(name: string): string | undefined {
    const value = this.#headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  gone(told: () => void): () => void {
    this.#response.on('close', told)
    return () => this.#response.off('close', told)
  }

  read(bytesMax: number, arrival: Arrival): Promise<Uint8Array | null> {
    if (Number(this.#headers['content-length'] ?? 0) > bytesMax) return Promise.resolve(null)
    // A sender with `Expect: 100-continue` gets the 100 only when the server wants the body.
    if (this.#headers.expect !== undefined) this.#response.writeContinue()
    return readAll(this.#request, bytesMax, arrival)
  }
}

function readAll(request: IncomingMessage, bytesMax: number, arrival: Arrival): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    // The sender disconnected while the engine identified it. No event would come any more, and a seal waits for this call.
    if (request.destroyed) return reject(incomplete())
    const chunks: Buffer[] = []
    let bytes = 0
    const stop = () => {
      request.off('data', take)
      request.pause()
      chunks.length = 0
    }
    arrival.onStop((error) => {
      stop()
      reject(error)
    })
    const take = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bytesMax) {
        chunks.push(chunk)
        return arrival.take(chunk.length)
      }
      stop()
      resolve(null)
    }
    request.on('data', take)
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', () => {
      stop()
      reject(incomplete())
    })
  })
}

function incomplete(): RequestRejected {
  return new RequestRejected(400, 'body_incomplete', 'The body is shorter than its Content-Length.')
}
