import type { ModelEnd, ModelMessage, ModelPart, ToolCallPart } from '@pawl/core/ports'
import { type Body, blocksOf, collect, type Dialect, textOf } from './dialect.ts'

const reasons: Readonly<Record<ModelEnd['because'], string>> = {
  done: 'stop',
  tool_calls: 'tool_calls',
  length: 'length',
  refused: 'content_filter',
}

/** Chat completions. */
export const openai: Dialect = {
  parse: (body) => ({
    isStreamed: body.stream === true,
    request: {
      model: String(body.model),
      messages: body.messages.map(messageOf),
      ...(body.tools ? { tools: body.tools.map(toolOf) } : {}),
      ...limitOf(body.max_completion_tokens ?? body.max_tokens),
    },
  }),

  whole: (parts, { model }) => {
    const { text, calls, end } = collect(parts)
    const tool_calls = calls.length > 0 ? { tool_calls: calls.map(callOf) } : {}
    const message = { role: 'assistant', content: text === '' ? null : text, ...tool_calls }
    const choices = [{ index: 0, message, finish_reason: reasons[end.because] }]
    return { ...head('chat.completion', model), choices, usage: usageOf(end) }
  },

  stream: async function* (parts, { model }) {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      frame({ ...head('chat.completion.chunk', model), choices: [{ index: 0, delta, finish_reason }] })
    yield chunk({ role: 'assistant', content: '' })
    let calls = 0
    for await (const part of parts) {
      if (part.type === 'text') yield chunk({ content: part.text })
      if (part.type === 'tool_call') yield* callFrames(part, calls++, chunk)
      if (part.type === 'end') {
        yield chunk({}, reasons[part.because])
        yield frame({ ...head('chat.completion.chunk', model), choices: [], usage: usageOf(part) })
      }
    }
    yield 'data: [DONE]\n\n'
  },

  error: (type, message) => ({ error: { type, message, code: null, param: null } }),
}

function messageOf({ role, content, tool_calls = [], tool_call_id }: Body): ModelMessage {
  if (role === 'tool') {
    return { role: 'user', parts: [{ type: 'tool_result', id: String(tool_call_id), text: textOf(content) }] }
  }
  const texts = blocksOf(content).map(({ text }) => ({ type: 'text', text: String(text ?? '') }) as const)
  const calls = tool_calls.map(({ id, function: { name, arguments: input } }: Body) => {
    return { type: 'tool_call', id, tool: name, input: JSON.parse(input) } as const
  })
  return { role: role === 'developer' ? 'system' : role, parts: [...texts, ...calls] }
}

function toolOf({ function: { name, description = '', parameters = {} } }: Body) {
  return { name, description, input: parameters }
}

function limitOf(limit: unknown) {
  return typeof limit === 'number' ? { outputTokensMax: limit } : {}
}

function callOf({ id, tool, input }: ToolCallPart) {
  return { id, type: 'function', function: { name: tool, arguments: JSON.stringify(input) } }
}

/** In pieces, as from a real provider: the client must join them. */
function* callFrames(call: ToolCallPart, index: number, chunk: (delta: object) => string): Generator<string> {
  const { id, function: called } = callOf(call)
  const middle = Math.floor(called.arguments.length / 2)
  yield chunk({ tool_calls: [{ index, id, type: 'function', function: { name: called.name, arguments: '' } }] })
  for (const piece of [called.arguments.slice(0, middle), called.arguments.slice(middle)])
    yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] })
}

function usageOf({ inputTokens, outputTokens }: Extract<ModelPart, { type: 'end' }>) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}

function head(object: string, model: string) {
  return { id: 'chatcmpl-fake', object, created: 1_767_225_600, model }
}

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}
