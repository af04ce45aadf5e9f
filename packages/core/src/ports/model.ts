import type { Json } from '../kernel/json.ts'

/**
 * A language model, whoever provides it. Only what every provider has is here: texts, and tools that the model asks to
 * have called.
 *
 * @example
 * for await (const part of model.complete({ model: 'small', messages: [{ role: 'user', parts: [{ type: 'text', text }] }] }))
 *   if (part.type === 'text') print(part.text)
 */
export interface Model {
  /** A short name: `openai`, `anthropic`. */
  readonly provider: string

  /** The names that `complete` takes. */
  models(): Promise<readonly string[]>

  /**
   * The answer, as it comes. Text comes in pieces, a tool call once it is whole, and the last part says how it ended.
   * Whoever stops early, or aborts the signal, ends the request; aborted, it throws the signal's reason.
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

/** The model wants this tool called. */
export interface ToolCallPart {
  readonly type: 'tool_call'
  readonly id: string
  readonly tool: string
  readonly input: { readonly [name: string]: Json }
}

/** What came of a tool call; in a message of the user. */
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

/** Nobody configured how to reach the provider. `setting` names what to set. */
export class ModelNotConfigured extends Error {
  override readonly name = 'ModelNotConfigured'
  readonly setting: string

  constructor(provider: string) {
    const setting = `PAWL_MODEL_${provider.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
    super(`The model provider ${provider} is not configured. Set ${setting}.`)
    this.setting = setting
  }
}

/** The provider does not answer, or not now. Another try may work; `retryAfterSeconds` when it said in how long. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable'
  readonly retryAfterSeconds: number | null

  constructor(message: string, retryAfterSeconds: number | null = null) {
    super(message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The provider will not answer this request: no such model, a key it does not take. The message holds no key. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused'
}
