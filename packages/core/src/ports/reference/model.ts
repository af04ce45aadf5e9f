import type { Json } from '../../kernel/json.ts'
import {
  type Model,
  type ModelEnd,
  ModelNotConfigured,
  type ModelPart,
  type ModelRequest,
  type ToolCallPart,
} from '../model.ts'

/** What a scripted model answers: a text, or a text and tool calls; thrown, an error of the port. */
export type ModelReply =
  | string
  | {
      readonly text?: string
      readonly calls?: readonly { readonly tool: string; readonly input: { readonly [name: string]: Json } }[]
      readonly because?: ModelEnd['because']
    }

export type ModelScript = (request: ModelRequest) => ModelReply | Promise<ModelReply>

/**
 * A model that says what it is told to, and remembers what it was asked. A list of replies is given out one by one.
 *
 * @example
 * const model = scriptedModel(['Hello.', { calls: [{ tool: 'get_secret', input: { path: 'db/password' } }] }])
 */
export function scriptedModel(
  script: ModelScript | readonly ModelReply[],
  {
    provider = 'scripted',
    models = ['scripted'],
  }: { readonly provider?: string; readonly models?: readonly string[] } = {},
): Model & { readonly asked: readonly ModelRequest[] } {
  const asked: ModelRequest[] = []
  const reply = typeof script === 'function' ? script : inTurn(script)
  return {
    provider,
    asked,
    models: async () => models,
    complete: async function* (request) {
      request.signal?.throwIfAborted()
      asked.push(request)
      for (const part of partsOf(await reply(request), request)) {
        request.signal?.throwIfAborted()
        yield part
      }
    },
  }
}

/** A provider that nobody configured: every call says which setting is missing. */
export function noModel(provider: string): Model {
  const refuse = () => new ModelNotConfigured(provider)
  return {
    provider,
    models: async () => {
      throw refuse()
    },
    // biome-ignore lint/correctness/useYield: there is nothing to give
    complete: async function* () {
      throw refuse()
    },
  }
}

/** A list of replies as a script; there must be enough of them. */
function inTurn(replies: readonly ModelReply[]): ModelScript {
  let turn = 0
  return () => {
    const reply = replies[turn++]
    if (reply === undefined) throw new RangeError(`the script has only ${replies.length} replies`)
    return reply
  }
}

/** A reply in the parts of an answer: words one by one, and as many tokens as words. */
function partsOf(reply: ModelReply, request: ModelRequest): ModelPart[] {
  const { text = '', calls = [], because } = typeof reply === 'string' ? { text: reply } : reply
  const words = text.match(/\s*\S+\s*/g) ?? []
  const wanted = calls.map((call, at): ToolCallPart => ({ type: 'tool_call', id: `call_${at + 1}`, ...call }))
  const inputTokens = JSON.stringify(request.messages).split(/\s+/).length
  const outputTokens = words.length + calls.length
  const usual = calls.length > 0 ? 'tool_calls' : 'done'
  return [
    ...words.map((word) => ({ type: 'text', text: word }) as const),
    ...wanted,
    { type: 'end', because: because ?? usual, inputTokens, outputTokens },
  ]
}
