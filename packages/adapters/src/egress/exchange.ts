import {
  type Agent,
  request as httpRequest,
  type IncomingMessage,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { EgressRequest, EgressResponse } from '@pawl/core/ports'

/** One request to addresses that were checked. */
export interface Exchange {
  readonly request: Pick<EgressRequest, 'method' | 'headers' | 'body'>
  /** Keeps connections for later requests to the same addresses. False: a separate connection for this request. */
  readonly agent: Agent | false
  readonly host: string
  readonly port: number
  readonly addresses: readonly string[]
  readonly isTls: boolean
  readonly path: string
  readonly ca: string | undefined
  readonly signal: AbortSignal
  /** Called when the connection is established. */
  connected(): void
}

export async function exchange(given: Exchange, responseBytesMax: number): Promise<EgressResponse> {
  const answer = await send(given)
  const body = await readAtMost(answer, responseBytesMax)
  return { ...headOf(answer), body }
}

/** Resolves with the head of an answer, before its body. */
export async function begin(
  given: Exchange,
): Promise<Omit<EgressResponse, 'body'> & { readonly answer: IncomingMessage }> {
  const answer = await sendOrAgain(given)
  return { ...headOf(answer), answer }
}

function headOf(answer: IncomingMessage): Omit<EgressResponse, 'body'> {
  return { status: answer.statusCode as number, headers: headersOf(answer) }
}

/** Retries if the server closes a kept connection at the moment of its reuse. */
async function sendOrAgain(given: Exchange): Promise<IncomingMessage> {
  try {
    return await send(given)
  } catch (error) {
    if (!(error instanceof KeptTooLong) || given.signal.aborted) throw error
    return send({ ...given, agent: false })
  }
}

function send({ request, host, port, addresses, isTls, path, ca, signal, agent, connected }: Exchange) {
  const { method, headers, body } = request
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = (isTls ? httpsRequest : httpRequest)({
      ...{ method, host, port, path, lookup: pinned(addresses) },
      agent,
      // Set explicitly, so that no environment variable overrides it.
      ...(isTls ? { rejectUnauthorized: true, servername: isIP(host) ? '' : host, ca } : {}),
    })
    // Not among the options, because an agent keeps them as long as the connection, and credentials are in the headers.
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value)
    // A message without a length could be read as two (request smuggling).
    if (body) sent.setHeader('content-length', body.length)
    sent.on('socket', (socket) => {
      if (sent.reusedSocket) connected()
      else socket.once(isTls ? 'secureConnect' : 'connect', connected)
    })
    // The same as the option of Node, without its listeners for the end of the stream.
    const abort = () => sent.destroy(new NoAnswer('the call was ended'))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    let isAnswered = false
    sent.on('response', (answer) => {
      isAnswered = true
      resolve(answer)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(sent.reusedSocket && error.code === 'ECONNRESET' ? new KeptTooLong('ECONNRESET') : error)
    })
    // If the server asks for a protocol upgrade, Node closes the connection.
    sent.on('close', () => {
      if (!isAnswered) reject(new NoAnswer('the connection was closed'))
    })
    sent.end(body)
  })
}

/** A lookup function for Node that answers with the checked addresses. */
function pinned(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, { all }, answer) => {
    if (all) answer(null, found)
    else answer(null, found[0]?.address ?? '', found[0]?.family)
  }
}

async function readAtMost(answer: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (!(length <= bytesMax)) throw new AnswerTooLong(`the answer has more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
}

/** Headers that control the target of a request, its end, and the connection. */
const ours = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'te', 'trailer', 'expect'],
  ...['connection', 'keep-alive', 'upgrade', 'proxy-authorization', 'proxy-connection'],
])

/** The problem with the headers of a request, without their values; null if they are valid. */
export function refusedHeader(headers: EgressRequest['headers']): string | null {
  for (const [name, value] of Object.entries(headers)) {
    if (ours.has(name.toLowerCase())) return `the caller must not set the header ${name.toLowerCase()}`
    if (!isHeader(name, value)) return 'a header has invalid characters'
  }
  return null
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

/** There is no answer. The message has the reason, if it is known. */
export class NoAnswer extends Error {}

export class AnswerTooLong extends NoAnswer {}

/** A connection that was kept was closed before there was any answer on it. */
class KeptTooLong extends NoAnswer {}

/** Our message, or only the code of a Node error, because a message of Node may repeat the request. */
export function reasonOf(error: unknown): string {
  if (error instanceof NoAnswer) return error.message
  return error instanceof Error && 'code' in error ? String(error.code) : 'the connection failed'
}
