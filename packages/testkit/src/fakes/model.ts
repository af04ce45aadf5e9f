import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ModelPart, ModelRefused, type ModelRequest, ModelUnavailable } from '@pawl/core/ports'
import { type ModelReply, type ModelScript, scriptedModel } from '@pawl/core/ports/reference'
import { searchFor } from '../canary/index.ts'
import { type Loopback, listen, sendJson } from './loopback.ts'
import { anthropic } from './model/anthropic.ts'
import type { Dialect } from './model/dialect.ts'
import { google } from './model/google.ts'
import { openai } from './model/openai.ts'
import { responses } from './model/responses.ts'

export interface FakeModelOptions {
  /** What it answers: to each request, or one after the other. An error of the model port that is thrown goes out as a status. */
  readonly reply: ModelScript | readonly ModelReply[]
  readonly models?: readonly string[]
  /** Characters of text in one delta of a stream. Default: a word. */
  readonly deltaCharacters?: number
  /** Bytes that a stream writes at once, so that frames and characters arrive in parts. Default: a frame. */
  readonly writeBytes?: number
  /**
   * Awaited before each delta of a stream, with its number. A model at a pace waits here, one that hangs waits for ever, and
   * one that throws is cut off.
   */
  readonly pace?: (delta: number) => Promise<void> | void
}

/** A request as it arrived, whole. */
export interface HeardRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface FakeModel extends AsyncDisposable {
  /** Without `/v1`. */
  readonly url: string
  /** The requests, in every API format. */
  readonly asked: readonly ModelRequest[]
  /** The raw requests, with every header as it was sent. */
  readonly heard: readonly HeardRequest[]
  /** Number of answers whose reader left before their end. */
  readonly abandoned: number
  /** The forms in which a text has reached the model: in clear or encoded (such as base64). Empty when it has not. */
  hasHeard(text: string): string[]
  close(): Promise<void>
}

const dialects: readonly (readonly [path: RegExp, dialect: Dialect])[] = [
  [/^\/v1\/chat\/completions$/, openai],
  [/^\/v1\/responses$/, responses],
  [/^\/v1\/messages$/, anthropic],
  [/^\/v1beta\/models\/[^/]+:(?:generateContent|streamGenerateContent)$/, google],
  // Google's own translation of the one into the other.
  [/^\/v1beta\/openai\/chat\/completions$/, openai],
]

/**
 * A language model on loopback for testing agents. It speaks like OpenAI's chat completions and responses, Anthropic's
 * messages and Google's generateContent, in one piece or streamed. It sends the replies of the test, and records requests.
 *
 * @example
 * await using model = await startFakeModel({ reply: ['I am done.'] })
 * await runMyAgent({ baseUrl: `${model.url}/v1` })
 * expect(model.hasHeard(password)).toEqual([])
 */
export async function startFakeModel(options: FakeModelOptions): Promise<FakeModel> {
  const { reply, models = ['fake'] } = options
  const model = scriptedModel(reply, { models })
  const heard: HeardRequest[] = []
  let abandoned = 0
  const { url, close }: Loopback = await listen(async (request, body, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    heard.push({ method: request.method ?? '', path: request.url ?? '', headers: headersOf(request), body })
    if (pathname === '/v1/models') {
      return sendJson(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) })
    }
    const dialect = dialects.find(([path]) => path.test(pathname))?.[1]
    if (!dialect)
      return sendJson(response, 404, { error: { type: 'not_found_error', message: 'The route does not exist.' } })
    response.once('close', () => {
      if (!response.writableFinished) abandoned += 1
    })
    await answer({ ...options, dialect, model, body, path: pathname }, response)
  })
  const hasHeard = (text: string) => searchFor(text)(Buffer.from(wholeOf(heard)))
  return {
    ...{ url, asked: model.asked, heard, hasHeard, close, [Symbol.asyncDispose]: close },
    get abandoned() {
      return abandoned
    },
  }
}

interface Asked extends Omit<FakeModelOptions, 'reply' | 'models'> {
  readonly dialect: Dialect
  readonly model: ReturnType<typeof scriptedModel>
  readonly path: string
  readonly body: string
}

async function answer(given: Asked, response: ServerResponse): Promise<void> {
  const { dialect, model } = given
  const asked = parse(given)
  if (!asked) return sendJson(response, 400, dialect.error('invalid_request_error', 'The request is not valid.'))
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    const parts = model.complete({ ...asked.request, signal: gone.signal })
    if (!asked.isStreamed) return sendJson(response, 200, dialect.whole(await all(parts), asked.request))
    const frames = dialect.stream(paced(given, await begun(parts)), asked.request)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // The client gets the head of the answer before the first delta.
    response.flushHeaders()
    for await (const frame of frames) await write(response, frame, given.writeBytes)
    response.end()
  } catch (error) {
    if (response.headersSent) return void response.destroy()
    const [status, type] = statusOf(error)
    if (error instanceof ModelUnavailable && error.retryAfterSeconds !== null)
      response.setHeader('retry-after', error.retryAfterSeconds)
    sendJson(response, status, dialect.error(type, error instanceof Error ? error.message : 'failed'))
  }
}

/** At its pace, and with deltas of its length. */
async function* paced({ pace, deltaCharacters }: Asked, parts: AsyncIterable<ModelPart>): AsyncGenerator<ModelPart> {
  let delta = 0
  for await (const part of parts) {
    for (const piece of part.type === 'text' ? piecesOf(part.text, deltaCharacters) : [part]) {
      if (part.type !== 'end') await pace?.(delta++)
      yield piece
    }
  }
}

function piecesOf(text: string, characters: number | undefined): ModelPart[] {
  if (characters === undefined) return [{ type: 'text', text }]
  const all = [...text]
  const count = Math.ceil(all.length / characters)
  const piece = (at: number) => all.slice(at * characters, (at + 1) * characters).join('')
  return Array.from({ length: count }, (_, at) => ({ type: 'text', text: piece(at) }))
}

async function write(response: ServerResponse, frame: string, bytesAtOnce: number | undefined): Promise<void> {
  const bytes = Buffer.from(frame)
  const length = bytesAtOnce ?? bytes.length
  for (let at = 0; at < bytes.length; at += length) {
    const isTaken = response.write(bytes.subarray(at, at + length))
    if (!isTaken && !response.destroyed) await drained(response)
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

function parse({ dialect, body, path }: Asked): ReturnType<Dialect['parse']> | null {
  try {
    return dialect.parse(JSON.parse(body), path)
  } catch {
    return null
  }
}

function statusOf(error: unknown): [status: number, type: string] {
  if (error instanceof ModelRefused) return [400, 'invalid_request_error']
  if (!(error instanceof ModelUnavailable)) return [500, 'api_error']
  return error.retryAfterSeconds === null ? [503, 'overloaded_error'] : [429, 'rate_limit_error']
}

/** The same parts, after the first one has arrived. Until then, a failure is an answer with an error status. */
async function begun<T>(parts: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const rest = parts[Symbol.asyncIterator]()
  const first = await rest.next()
  return (async function* () {
    if (!first.done) yield first.value
    yield* { [Symbol.asyncIterator]: () => rest }
  })()
}

async function all<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const part of parts) found.push(part)
  return found
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** Everything that arrived as one text; of bodies also what their JSON says, where a text may be written another way. */
function wholeOf(heard: readonly HeardRequest[]): string {
  const said: string[] = []
  const note = (_: string, value: unknown) => {
    if (typeof value === 'string') said.push(value)
    return value
  }
  for (const { path, headers, body } of heard) {
    said.push(path, ...Object.values(headers), body)
    try {
      JSON.parse(body, note)
    } catch {
      // What is no JSON was looked at as it is.
    }
  }
  return said.join('\n')
}
