import type { Json } from '../../kernel/json.ts'
import {
  type Model,
  type ModelEnd,
  ModelNotConfigured,
  type ModelPart,
  type ModelRequest,
  type ToolCallPart,
} from '../model.ts'

/** The answer of a scripted model: a text, a text with tool calls, or an error of the port that it throws. */
export type ModelReply =
  | string
  | {
      readonly text?: string
      readonly calls?: readonly { readonly tool: string; readonly input: { readonly [name: string]: Json } }[]
      readonly because?: ModelEnd['because']
    }

export type ModelScript = (request: ModelRequest) => ModelReply | Promise<ModelReply>

/**
 * A model with scripted answers, for tests. It records the requests. It returns the replies of a list one by one.
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

/** A provider that is not configured. Every call throws an error that names the missing setting. */
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

/** A list of replies as a script. The list must be long enough. */
function inTurn(replies: readonly ModelReply[]): ModelScript {
  let turn = 0
  return () => {
    const reply = replies[turn++]
    if (reply === undefined) throw new RangeError(`the script has only ${replies.length} replies`)
    return reply
  }
}

/** Splits a reply into parts: one part per word, and one token per word. */
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
