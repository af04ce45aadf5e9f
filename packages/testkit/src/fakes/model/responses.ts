import type { ModelEnd, ModelMessage, ModelPart, ToolCallPart } from '@pawl/core/ports'
import { type Body, blocksOf, collect, type Dialect, textOf } from './dialect.ts'

/** OpenAI's responses. */
export const responses: Dialect = {
  parse: (body) => ({
    isStreamed: body.stream === true,
    request: {
      model: String(body.model),
      messages: [...systemOf(body.instructions), ...itemsOf(body.input).map(messageOf)],
      ...(body.tools ? { tools: body.tools.map(toolOf) } : {}),
      ...limitOf(body.max_output_tokens),
    },
  }),

  whole: (parts, { model }) => {
    const { text, calls, end } = collect(parts)
    return { ...head(model, statusOf(end)), output: outputOf(text, calls), usage: usageOf(end) }
  },

  stream: async function* (parts, { model }) {
    let sequence = 0
    const event = (type: string, data: object) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, ...data, sequence_number: sequence++ })}\n\n`
    yield event('response.created', { response: { ...head(model, 'in_progress'), output: [] } })
    const message = new Message(event)
    const calls: ToolCallPart[] = []
    let end: ModelEnd | null = null
    for await (const part of parts) {
      if (part.type === 'text') yield* message.add(part.text)
      if (part.type === 'tool_call') yield* callEvents(part, calls.push(part), event)
      if (part.type === 'end') end = part
    }
    yield* message.end()
    if (!end) return
    const response = { ...head(model, statusOf(end)), output: outputOf(message.text, calls), usage: usageOf(end) }
    yield event('response.completed', { response })
  },

  error: (type, message) => ({ error: { type, message, code: null, param: null } }),
}

type Event = (type: string, data: object) => string

const place = { item_id: 'msg_fake', output_index: 0, content_index: 0 }

/** The text of an answer, which is one item of its output. */
class Message {
  readonly #event: Event
  text = ''

  constructor(event: Event) {
    this.#event = event
  }

  *add(delta: string): Generator<string> {
    if (this.text === '') {
      const { output_index } = place
      yield this.#event('response.output_item.added', { output_index, item: messageItem('', 'in_progress') })
      yield this.#event('response.content_part.added', { ...place, part: textPart('') })
    }
    this.text += delta
    yield this.#event('response.output_text.delta', { ...place, delta })
  }

  *end(): Generator<string> {
    if (this.text === '') return
    const { output_index } = place
    yield this.#event('response.output_text.done', { ...place, text: this.text })
    yield this.#event('response.content_part.done', { ...place, part: textPart(this.text) })
    yield this.#event('response.output_item.done', { output_index, item: messageItem(this.text) })
  }
}

/** In pieces, as real ones come. */
function* callEvents(call: ToolCallPart, output_index: number, event: Event): Generator<string> {
  const item = callItem(call)
  const at = { item_id: item.id, output_index }
  yield event('response.output_item.added', { output_index, item: { ...item, arguments: '', status: 'in_progress' } })
  const middle = Math.floor(item.arguments.length / 2)
  for (const delta of [item.arguments.slice(0, middle), item.arguments.slice(middle)])
    yield event('response.function_call_arguments.delta', { ...at, delta })
  yield event('response.function_call_arguments.done', { ...at, name: item.name, arguments: item.arguments })
  yield event('response.output_item.done', { output_index, item })
}

function outputOf(text: string, calls: readonly ToolCallPart[]): object[] {
  return [...(text === '' ? [] : [messageItem(text)]), ...calls.map(callItem)]
}

function messageItem(text: string, status = 'completed') {
  const content = text === '' ? [] : [textPart(text)]
  return { id: place.item_id, type: 'message', role: 'assistant', status, content }
}

function textPart(text: string) {
  return { type: 'output_text', text, annotations: [] }
}

function callItem({ id, tool, input }: ToolCallPart) {
  const called = { name: tool, arguments: JSON.stringify(input), status: 'completed' }
  return { id: `fc_${id}`, type: 'function_call', call_id: id, ...called }
}

function systemOf(instructions: unknown): ModelMessage[] {
  return typeof instructions === 'string' ? [{ role: 'system', parts: [{ type: 'text', text: instructions }] }] : []
}

function itemsOf(input: Body): Body[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input
}

function messageOf(item: Body): ModelMessage {
  if (item.type === 'function_call') {
    const call = { type: 'tool_call', id: item.call_id, tool: item.name, input: JSON.parse(item.arguments) } as const
    return { role: 'assistant', parts: [call] }
  }
  if (item.type === 'function_call_output')
    return { role: 'user', parts: [{ type: 'tool_result', id: item.call_id, text: textOf(item.output) }] }
  const texts = blocksOf(item.content).map(({ text }) => ({ type: 'text', text: String(text ?? '') }) as const)
  return { role: item.role === 'developer' ? 'system' : item.role, parts: texts }
}

function toolOf({ name, description = '', parameters = {} }: Body) {
  return { name, description, input: parameters }
}

function limitOf(limit: unknown) {
  return typeof limit === 'number' ? { outputTokensMax: limit } : {}
}

function statusOf({ because }: Extract<ModelPart, { type: 'end' }>): string {
  return because === 'length' || because === 'refused' ? 'incomplete' : 'completed'
}

function usageOf({ inputTokens, outputTokens }: ModelEnd) {
  return { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}

function head(model: string, status: string) {
  return { id: 'resp_fake', object: 'response', created_at: 1_767_225_600, status, model, error: null }
}
