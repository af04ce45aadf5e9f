import type { IncomingMessage, ServerResponse } from 'node:http'
import { ModelRefused, type ModelRequest, ModelUnavailable } from '@pawl/core/ports'
import { type ModelReply, type ModelScript, scriptedModel } from '@pawl/core/ports/reference'
import { searchFor } from '../canary/index.ts'
import { type Loopback, listen, sendJson } from './loopback.ts'
import { anthropic } from './model/anthropic.ts'
import type { Dialect } from './model/dialect.ts'
import { openai } from './model/openai.ts'

export interface FakeModelOptions {
  /** What it answers: to each request, or one after the other. An error of the model port that is thrown goes out as a status. */
  readonly reply: ModelScript | readonly ModelReply[]
  readonly models?: readonly string[]
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
  /** What it was asked, whichever way. */
  readonly asked: readonly ModelRequest[]
  /** What arrived, header by header and as it was written. */
  readonly heard: readonly HeardRequest[]
  /** In which ways a text has reached the model: in clear or in encodings that anybody can undo. Nothing when it has not. */
  hasHeard(text: string): string[]
  close(): Promise<void>
}

const dialects: Readonly<Record<string, Dialect>> = { '/v1/chat/completions': openai, '/v1/messages': anthropic }

/**
 * A language model on loopback for testing agents. It speaks as OpenAI's chat completions and as Anthropic's messages
 * do, in one piece or streamed, says what it is told to, and keeps what it was sent.
 *
 * @example
 * await using model = await startFakeModel({ reply: ['I am done.'] })
 * await runMyAgent({ baseUrl: `${model.url}/v1` })
 * expect(model.hasHeard(password)).toEqual([])
 */
export async function startFakeModel({ reply, models = ['fake'] }: FakeModelOptions): Promise<FakeModel> {
  const model = scriptedModel(reply, { models })
  const heard: HeardRequest[] = []
  const { url, close }: Loopback = await listen(async (request, body, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    heard.push({ method: request.method ?? '', path: request.url ?? '', headers: headersOf(request), body })
    if (pathname === '/v1/models') {
      return sendJson(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) })
    }
    const dialect = dialects[pathname]
    if (!dialect)
      return sendJson(response, 404, { error: { type: 'not_found_error', message: 'The route does not exist.' } })
    await answer(dialect, model, body, response)
  })
  const hasHeard = (text: string) => searchFor(text)(Buffer.from(wholeOf(heard)))
  return { url, asked: model.asked, heard, hasHeard, close, [Symbol.asyncDispose]: close }
}

async function answer(
  dialect: Dialect,
  model: ReturnType<typeof scriptedModel>,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const asked = parse(dialect, body)
  if (!asked) return sendJson(response, 400, dialect.error('invalid_request_error', 'The request is not valid.'))
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    const parts = model.complete({ ...asked.request, signal: gone.signal })
    if (!asked.isStreamed) return sendJson(response, 200, dialect.whole(await all(parts), asked.request))
    const frames = dialect.stream(await begun(parts), asked.request)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for await (const frame of frames) response.write(frame)
    response.end()
  } catch (error) {
    if (response.headersSent) return void response.destroy()
    const [status, type] = statusOf(error)
    if (error instanceof ModelUnavailable && error.retryAfterSeconds !== null)
      response.setHeader('retry-after', error.retryAfterSeconds)
    sendJson(response, status, dialect.error(type, error instanceof Error ? error.message : 'failed'))
  }
}

function parse(dialect: Dialect, body: string): ReturnType<Dialect['parse']> | null {
  try {
    return dialect.parse(JSON.parse(body))
  } catch {
    return null
  }
}

function statusOf(error: unknown): [status: number, type: string] {
  if (error instanceof ModelRefused) return [400, 'invalid_request_error']
  if (!(error instanceof ModelUnavailable)) return [500, 'api_error']
  return error.retryAfterSeconds === null ? [503, 'overloaded_error'] : [429, 'rate_limit_error']
}

/** The same, once there is a first one: until then, a failure is an answer with a status of its own. */
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
