import { utf8 } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import type { EgressStream } from '../../ports/egress.ts'
import {
  type Model,
  type ModelEnd,
  type ModelMessage,
  type ModelPart,
  ModelRefused,
  type ModelRequest,
  type ModelTool,
  ModelUnavailable,
  type ToolCallPart,
} from '../../ports/model.ts'
import { entriesOf, fieldsOf, textIn } from './dialects/json.ts'
import { sseText } from './dialects/sse.ts'
import { noClientPool } from './errors.ts'
import type { Inspected } from './inspected.ts'

// A provider that is a plug-in. Its callers write chat completions, and the plug-in knows the port. What it answers goes through
// the same filters as the answer of any other provider.

/** Asks the model, and answers as a provider of chat completions would. */
export async function askModel(model: Model, { request, facts, body }: Inspected): Promise<EgressStream> {
  const { route, signal } = request
  if (route.dialect !== 'chat')
    throw noClientPool({ message: `provider ${model.provider} answers /v1/chat/completions only` })
  const parts = model.complete({ ...requestOf(body), ...(signal && { signal }) })[Symbol.asyncIterator]()
  try {
    // The head has the status, so it waits for the first part.
    const first = await parts.next()
    const rest = partsFrom(first, parts)
    if (facts.isStreamed) return stream(200, 'text/event-stream', chunksOf(rest, facts.model))
    return stream(200, 'application/json', once(await wholeOf(rest, facts.model)))
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === null) throw error
    return refusal
  }
}

/** Words of the plug-in may repeat what was sent, so only the kind of the failure is told. */
function refusalOf(error: unknown): EgressStream | null {
  if (error instanceof ModelRefused) return failed(400, 'invalid_request_error', 'The model refuses this request.', {})
  if (!(error instanceof ModelUnavailable)) return null
  const { retryAfterSeconds } = error
  const headers: Record<string, string> =
    retryAfterSeconds === null ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }
  return failed(503, 'server_error', 'The model does not answer now.', headers)
}

function failed(status: number, type: string, message: string, headers: Record<string, string>): EgressStream {
  return stream(status, 'application/json', once(JSON.stringify({ error: { type, message } })), headers)
}

function stream(
  status: number,
  type: string,
  body: AsyncIterable<Uint8Array>,
  headers: Record<string, string> = {},
): EgressStream {
  return { status, headers: { 'content-type': type, ...headers }, body }
}

/** Leaving it ends the request at the model. */
async function* partsFrom(first: IteratorResult<ModelPart>, rest: AsyncIterator<ModelPart>): AsyncGenerator<ModelPart> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield utf8(text)
}

type Fields = { readonly [name: string]: Json }

function requestOf(body: Json): ModelRequest {
  const { model, messages, tools, n = 1, max_completion_tokens, max_tokens } = fieldsOf(body)
  if (n !== 1) throw invalidField('n', 'must be 1, because the provider is a plug-in')
  const most = max_completion_tokens ?? max_tokens
  return {
    model: textIn(model),
    messages: entriesOf(messages).map((message) => messageOf(fieldsOf(message))),
    ...(tools !== undefined && tools !== null && { tools: entriesOf(tools).map((tool) => toolOf(fieldsOf(tool))) }),
    ...(typeof most === 'number' && { outputTokensMax: most }),
  }
}

function messageOf({ role, content, tool_calls, tool_call_id }: Fields): ModelMessage {
  const text = textOf(content)
  if (role === 'tool') return { role: 'user', parts: [{ type: 'tool_result', id: textIn(tool_call_id), text }] }
  const calls = entriesOf(tool_calls).map((call) => callOf(fieldsOf(call)))
  return { role: roleOf(role), parts: [...(text === '' ? [] : [{ type: 'text', text } as const]), ...calls] }
}

function roleOf(role: Json | undefined): ModelMessage['role'] {
  if (role === 'user' || role === 'assistant' || role === 'system') return role
  if (role === 'developer') return 'system'
  throw invalidField('messages', 'must have the roles system, developer, user, assistant and tool')
}

function textOf(content: Json | undefined): string {
  if (content === undefined || content === null || typeof content === 'string') return content ?? ''
  return entriesOf(content)
    .map((part) => {
      const { type, text } = fieldsOf(part)
      if (type === 'text' && typeof text === 'string') return text
      throw invalidField('messages', 'must have text only, because the provider is a plug-in')
    })
    .join('')
}

function callOf({ id, function: called }: Fields): ToolCallPart {
  const { name, arguments: given } = fieldsOf(called)
  return { type: 'tool_call', id: textIn(id), tool: textIn(name), input: inputOf(textIn(given)) }
}

function inputOf(text: string): Fields {
  try {
    return text === '' ? {} : fieldsOf(JSON.parse(text) as Json)
  } catch {
    throw invalidField('messages', 'must have the arguments of tool calls as JSON')
  }
}

function toolOf({ function: declared }: Fields): ModelTool {
  const { name, description, parameters } = fieldsOf(declared)
  return { name: textIn(name), description: textIn(description), input: fieldsOf(parameters) }
}

const finishReasons = { done: 'stop', tool_calls: 'tool_calls', length: 'length', refused: 'content_filter' } as const

const head = (model: string, object: string) => ({ id: 'chatcmpl-plugin', object, created: 0, model })

/** Chunks as a provider streams them. The last one has the numbers. */
async function* chunksOf(parts: AsyncIterable<ModelPart>, model: string): AsyncGenerator<Uint8Array> {
  const event = (fields: object) =>
    utf8(sseText({ name: null, data: JSON.stringify({ ...head(model, 'chat.completion.chunk'), ...fields }) }))
  const chunk = (delta: object, finish_reason: string | null = null) =>
    event({ choices: [{ index: 0, delta, finish_reason }] })
  yield chunk({ role: 'assistant', content: '' })
  let calls = 0
  for await (const part of parts) {
    if (part.type === 'text') yield chunk({ content: part.text })
    else if (part.type === 'tool_call') yield chunk({ tool_calls: [{ index: calls++, ...written(part) }] })
    else {
      yield chunk({}, finishReasons[part.because])
      yield event({ choices: [], usage: usageOf(part) })
    }
  }
  yield utf8(sseText({ name: null, data: '[DONE]' }))
}

async function wholeOf(parts: AsyncIterable<ModelPart>, model: string): Promise<string> {
  const texts: string[] = []
  const calls: ToolCallPart[] = []
  let end: ModelEnd | null = null
  for await (const part of parts) {
    if (part.type === 'text') texts.push(part.text)
    else if (part.type === 'tool_call') calls.push(part)
    else end = part
  }
  if (end === null) throw new ModelUnavailable('the answer was cut off')
  const text = texts.join('')
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls.map(written) }),
  }
  const choices = [{ index: 0, message, finish_reason: finishReasons[end.because] }]
  return JSON.stringify({ ...head(model, 'chat.completion'), choices, usage: usageOf(end) })
}

function written({ id, tool, input }: ToolCallPart) {
  return { id, type: 'function', function: { name: tool, arguments: JSON.stringify(input) } }
}

function usageOf({ inputTokens, outputTokens }: ModelEnd) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}
