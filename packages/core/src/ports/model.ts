import type { Json } from '../kernel/json.ts'

/**
 * A language model of any provider. The port has only the features that every provider has: text and tool calls.
 *
 * @example
 * for await (const part of model.complete({ model: 'small', messages: [{ role: 'user', parts: [{ type: 'text', text }] }] }))
 *   if (part.type === 'text') print(part.text)
 */
export interface Model {
  /** A short name: `openai`, `anthropic`. */
  readonly provider: string

  /** The model names that `complete` accepts. */
  models(): Promise<readonly string[]>

  /**
   * Streams the answer. Text comes in pieces. A tool call comes when it is complete. The last part is the end.
   * Leaving the loop or aborting the signal ends the request. After an abort it throws the reason of the signal.
   */
  complete(request: ModelRequest): AsyncIterable<ModelPart>
}

export interface ModelRequest {
  readonly model: string
  readonly messages: readonly ModelMessage[]
  readonly tools?: readonly ModelTool[]
  readonly outputTokensMax?: number
  readonly signal?: AbortSignal
}

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly (TextPart | ToolCallPart | ToolResultPart)[]
}

export interface TextPart {
  readonly type: 'text'
  readonly text: string
}

/** The model asks for a call of this tool. */
export interface ToolCallPart {
  readonly type: 'tool_call'
  readonly id: string
  readonly tool: string
  readonly input: { readonly [name: string]: Json }
}

/** The result of a tool call, in a message with the role `user`. */
export interface ToolResultPart {
  readonly type: 'tool_result'
  readonly id: string
  readonly text: string
}

export interface ModelTool {
  readonly name: string
  readonly description: string
  /** JSON Schema. */
  readonly input: { readonly [name: string]: Json }
}

export type ModelPart = TextPart | ToolCallPart | ModelEnd

export interface ModelEnd {
  readonly type: 'end'
  readonly because: 'done' | 'tool_calls' | 'length' | 'refused'
  readonly inputTokens: number
  readonly outputTokens: number
}

/** The provider is not configured. `setting` is the name of the missing setting. */
export class ModelNotConfigured extends Error {
  override readonly name = 'ModelNotConfigured'
  readonly setting: string

  constructor(provider: string) {
    const setting = `PAWL_MODEL_${provider.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
    super(`The model provider ${provider} is not configured. Set ${setting}.`)
    this.setting = setting
  }
}

/** The provider does not answer now. A retry can succeed, after `retryAfterSeconds` if the provider gave a time. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable'
  readonly retryAfterSeconds: number | null

  constructor(message: string, retryAfterSeconds: number | null = null) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The provider refuses this request, for example an unknown model or key. The message contains no key. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused'
}
