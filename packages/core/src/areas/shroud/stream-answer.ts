import { PawlError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { AnswerBlocked, type AnswerFilters } from './answer.ts'
import { type Dialect, type Usage, usageIn } from './dialects/calls.ts'
import type { Fields, StreamRewriter } from './dialects/filters.ts'
import { type SseEvent, SseReader, sseText } from './dialects/sse.ts'
import { streamRewriter } from './dialects/stream.ts'
import type { Inspected } from './inspected.ts'
import { blockedMessage } from './inspection-header.ts'

export interface StreamedAnswer {
  readonly inspected: Pick<Inspected, 'request' | 'facts'>
  readonly filters: AnswerFilters
  readonly body: AsyncIterable<Uint8Array>
  settle(usage: Partial<Usage> | null, isBlocked: boolean): Promise<void>
  giveBack(): void
}

const done = '[DONE]'

/** Events as they may be passed on. It reads no faster than it is read, and ends the request when its reader leaves. */
export async function* streamAnswer(answer: StreamedAnswer): AsyncGenerator<string> {
  const { inspected, filters, body, settle, giveBack } = answer
  const { dialect } = inspected.request.route
  const events = new Events(dialect, streamRewriter(dialect, filters, inspected.facts.wantsUsage))
  const decoder = new TextDecoder()
  let isBlocked = false
  try {
    for await (const bytes of body) {
      const text = events.passed(decoder.decode(bytes, { stream: true }))
      if (filters.isWaiting) await filters.classified()
      if (text !== '') yield text
    }
    const rest = events.rest(decoder.decode())
    if (filters.isWaiting) await filters.classified()
    if (rest !== '') yield rest
  } catch (error) {
    isBlocked = error instanceof AnswerBlocked
    yield errorText(dialect, error)
  } finally {
    giveBack()
    await settle(events.usage, isBlocked)
  }
}

class Events {
  readonly #dialect: Dialect
  readonly #rewriter: StreamRewriter
  readonly #reader = new SseReader()
  #isNamed = false
  #isDone = false
  usage: Partial<Usage> = {}

  constructor(dialect: Dialect, rewriter: StreamRewriter) {
    this.#dialect = dialect
    this.#rewriter = rewriter
  }

  passed(text: string): string {
    return this.#reader
      .push(text)
      .map((event) => this.#event(event))
      .join('')
  }

  rest(text: string): string {
    const last = [...this.#reader.push(text), ...this.#reader.end()].map((event) => this.#event(event))
    return last.join('') + (this.#isDone ? '' : this.#written(this.#rewriter.end()))
  }

  #event({ name, data }: SseEvent): string {
    if (this.#isDone) return ''
    if (data === done) {
      this.#isDone = true
      return this.#written(this.#rewriter.end()) + sseText({ name, data })
    }
    const fields = objectIn(data)
    this.usage = { ...this.usage, ...usageIn(this.#dialect, fields) }
    this.#isNamed ||= name !== null
    return this.#written(this.#rewriter.event(fields))
  }

  #written(events: readonly Fields[]): string {
    const nameOf = ({ type }: Fields) => (this.#isNamed && typeof type === 'string' ? type : null)
    return events.map((event) => sseText({ name: nameOf(event), data: JSON.stringify(event) })).join('')
  }
}

/** What is no object has not been inspected, so it is not passed on. */
function objectIn(data: string): Fields {
  const value = parsed(data)
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Fields
  throw new TypeError('an event is no JSON object')
}

function parsed(data: string): Json {
  try {
    return JSON.parse(data) as Json
  } catch {
    throw new TypeError('an event is no JSON')
  }
}

/** The last event of a stream that ends before its time. Clients of Anthropic know it by its name. */
function errorText(dialect: Dialect, error: unknown): string {
  const told = toldOf(error)
  const name = dialect === 'messages' || dialect === 'responses' ? 'error' : null
  const data = JSON.stringify({ ...(name && { type: 'error' }), error: told })
  return sseText({ name, data }) + sseText({ name: null, data: done })
}

function toldOf(error: unknown) {
  if (error instanceof AnswerBlocked)
    return { type: 'shroud_blocked', code: 'shroud_blocked', message: blockedMessage(error.verdict) }
  // Words of others may repeat what was sent.
  const message = error instanceof PawlError ? error.message : 'the answer of the provider was cut off'
  return { type: 'shroud_error', code: 'provider_failed', message }
}
