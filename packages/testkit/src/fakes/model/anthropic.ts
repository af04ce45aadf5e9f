import type { ModelEnd, ModelMessage, ModelPart } from '@pawl/core/ports'
import { type Body, blocksOf, collect, type Dialect, textOf } from './dialect.ts'

const reasons: Readonly<Record<ModelEnd['because'], string>> = {
  done: 'end_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
  refused: 'refusal',
}

/** Messages. */
export const anthropic: Dialect = {
  parse: (body) => ({
    isStreamed: body.stream === true,
    request: {
      model: String(body.model),
      messages: [...systemOf(body.system), ...body.messages.map(messageOf)],
      ...(body.tools ? { tools: body.tools.map(toolOf) } : {}),
      outputTokensMax: Number(body.max_tokens),
    },
  }),

  whole: (parts, { model }) => {
    const { text, calls, end } = collect(parts)
    const said = text === '' ? [] : [{ type: 'text', text }]
    const content = [...said, ...calls.map(({ id, tool, input }) => ({ type: 'tool_use', id, name: tool, input }))]
    return { ...head(model), content, stop_reason: reasons[end.because], stop_sequence: null, usage: usageOf(end) }
  },

  stream: async function* (parts, { model }) {
    yield frame('message_start', { message: { ...head(model), content: [], usage: usageOf() } })
    const blocks = new Blocks()
    for await (const part of parts) {
      yield* blocks.frames(part)
      if (part.type !== 'end') continue
      const delta = { stop_reason: reasons[part.because], stop_sequence: null }
      yield frame('message_delta', { delta, usage: usageOf(part) })
    }
    yield frame('message_stop', {})
  },

  error: (type, message) => ({ type: 'error', error: { type, message } }),
}

function systemOf(system: Body): ModelMessage[] {
  return system ? [{ role: 'system', parts: [{ type: 'text', text: textOf(system) }] }] : []
}

function messageOf({ role, content }: Body): ModelMessage {
  return { role, parts: blocksOf(content).map(partOf) }
}

function partOf(block: Body): ModelMessage['parts'][number] {
  if (block.type === 'tool_use') return { type: 'tool_call', id: block.id, tool: block.name, input: block.input }
  if (block.type === 'tool_result') return { type: 'tool_result', id: block.tool_use_id, text: textOf(block.content) }
  return { type: 'text', text: String(block.text ?? '') }
}

function toolOf({ name, description = '', input_schema = {} }: Body) {
  return { name, description, input: input_schema }
}

/** Content comes in blocks: text in a row is one, and each tool call is one. */
class Blocks {
  #index = -1
  #open: 'text' | 'tool_use' | null = null

  #delta(delta: object): string {
    return frame('content_block_delta', { index: this.#index, delta })
  }

  *frames(part: ModelPart): Generator<string> {
    if (part.type === 'text') {
      if (this.#open !== 'text') yield* this.#begin({ type: 'text', text: '' })
      yield this.#delta({ type: 'text_delta', text: part.text })
    } else if (part.type === 'tool_call') {
      yield* this.#begin({ type: 'tool_use', id: part.id, name: part.tool, input: {} })
      // In pieces, as from a real provider: the client must join them.
      const json = JSON.stringify(part.input)
      const middle = Math.floor(json.length / 2)
      for (const partial_json of [json.slice(0, middle), json.slice(middle)])
        yield this.#delta({ type: 'input_json_delta', partial_json })
    } else yield* this.#end()
  }

  *#begin(content_block: { readonly type: 'text' | 'tool_use'; readonly [field: string]: unknown }): Generator<string> {
    yield* this.#end()
    this.#open = content_block.type
    yield frame('content_block_start', { index: ++this.#index, content_block })
  }

  *#end(): Generator<string> {
    if (this.#open) yield frame('content_block_stop', { index: this.#index })
    this.#open = null
  }
}

function usageOf({ inputTokens, outputTokens }: Pick<ModelEnd, 'inputTokens' | 'outputTokens'> = none) {
  return { input_tokens: inputTokens, output_tokens: outputTokens }
}

const none = { inputTokens: 0, outputTokens: 0 }

function head(model: string) {
  return { id: 'msg_fake', type: 'message', role: 'assistant', model }
}

function frame(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}
