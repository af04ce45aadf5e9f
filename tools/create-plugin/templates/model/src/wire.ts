import type { ModelEnd, ModelMessage, ModelPart, ModelRequest, ToolCallPart } from '@pawl/core/ports'

// How chat completions are written. For another API, this file is what you replace.

/** The body of a request. */
export function bodyOf({ model, messages, tools, outputTokensMax }: ModelRequest): object {
  return {
    model,
    messages: messages.flatMap(messagesOf),
    ...(tools && {
      tools: tools.map(({ name, description, input }) => {
        return { type: 'function', function: { name, description, parameters: input } }
      }),
    }),
    ...(outputTokensMax !== undefined && { max_completion_tokens: outputTokensMax }),
    stream: true,
    stream_options: { include_usage: true },
  }
}

/** What came of tools is a message each. */
function messagesOf({ role, parts }: ModelMessage): object[] {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [callOf(part)] : []))
  const results = parts.flatMap((part) =>
    part.type === 'tool_result' ? [{ role: 'tool', tool_call_id: part.id, content: part.text }] : [],
  )
  if (calls.length > 0) return [{ role, content: text === '' ? null : text, tool_calls: calls }]
  return text === '' && results.length > 0 ? results : [...results, { role, content: text }]
}

function callOf({ id, tool, input }: ToolCallPart): object {
  return { id, type: 'function', function: { name: tool, arguments: JSON.stringify(input) } }
}

/** A piece of an answer, as far as it is read. */
export interface Chunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null
      readonly tool_calls?: readonly {
        readonly index: number
        readonly id?: string
        readonly function?: { readonly name?: string; readonly arguments?: string }
      }[]
    }
    readonly finish_reason?: string | null
  }[]
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null
}

const reasons: Readonly<Record<string, ModelEnd['because']>> = {
  tool_calls: 'tool_calls',
  length: 'length',
  content_filter: 'refused',
}

/** The parts of an answer. Throws when it ends before the model has. */
export async function* partsOf(chunks: AsyncIterable<Chunk>): AsyncGenerator<ModelPart> {
  const calls: { id: string; tool: string; json: string }[] = []
  let because: ModelEnd['because'] | null = null
  let usage: NonNullable<Chunk['usage']> = { prompt_tokens: 0, completion_tokens: 0 }
  for await (const { choices: [choice] = [], usage: used } of chunks) {
    if (choice?.delta?.content) yield { type: 'text', text: choice.delta.content }
    for (const { index, id = '', function: called = {} } of choice?.delta?.tool_calls ?? []) {
      calls[index] ??= { id, tool: called.name ?? '', json: '' }
      calls[index].json += called.arguments ?? ''
    }
    if (choice?.finish_reason) because = reasons[choice.finish_reason] ?? 'done'
    usage = used ?? usage
  }
  if (because === null) throw new TypeError('the answer was cut off')
  // A call that did not fit is not whole.
  if (because !== 'length')
    for (const { id, tool, json } of calls) yield { type: 'tool_call', id, tool, input: read(json) }
  yield { type: 'end', because, inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }
}

function read(json: string): ToolCallPart['input'] {
  return JSON.parse(json === '' ? '{}' : json)
}
