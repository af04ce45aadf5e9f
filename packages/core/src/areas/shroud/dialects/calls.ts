import { invalidField } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/json.ts'

// What a request and an answer say about themselves, in the words of each dialect.

export type Dialect = 'chat' | 'responses' | 'messages' | 'google'

/** What the path of a request says. */
export interface Route {
  readonly dialect: Dialect
  /** The provider, where the request names none. */
  readonly provider: string
  /** Null: the body says it. */
  readonly model: string | null
  readonly isStreamed: boolean | null
  /** Counts tokens and costs nothing. */
  readonly isCount: boolean
  /** What follows the base URL of the provider. */
  readonly path: string
}

export interface CallFacts {
  readonly model: string
  readonly isStreamed: boolean
  /** Most tokens of one answer. Null: the request sets no limit. */
  readonly outputTokensMax: number | null
  /** How many answers the request asks for. */
  readonly answers: number
  /** Whether the caller wants the numbers of a chat stream. */
  readonly wantsUsage: boolean
}

export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
}

const fixed: Readonly<Record<string, Omit<Route, 'path'>>> = {
  '/v1/chat/completions': { dialect: 'chat', provider: 'openai', model: null, isStreamed: null, isCount: false },
  '/v1/responses': { dialect: 'responses', provider: 'openai', model: null, isStreamed: null, isCount: false },
  '/v1/messages': { dialect: 'messages', provider: 'anthropic', model: null, isStreamed: null, isCount: false },
  '/v1/messages/count_tokens': {
    ...{ dialect: 'messages', provider: 'anthropic', model: null, isStreamed: false, isCount: true },
  },
}

const googlePath = /^\/v1beta\/models\/([A-Za-z0-9._-]{1,128}):(generateContent|streamGenerateContent|countTokens)$/

/** The route of a path without its query, or null. */
export function routeOf(path: string): Route | null {
  const known = Object.hasOwn(fixed, path) ? fixed[path] : undefined
  if (known) return { ...known, path }
  const [, model, verb] = googlePath.exec(path) ?? []
  if (model === undefined) return null
  const isStreamed = verb === 'streamGenerateContent'
  // Google streams server-sent events only when it is asked to.
  const query = isStreamed ? '?alt=sse' : ''
  return {
    dialect: 'google',
    provider: 'google',
    model,
    isStreamed,
    isCount: verb === 'countTokens',
    path: path + query,
  }
}

type Fields = Readonly<Record<string, Json>>

export function factsOf({ dialect, model, isStreamed }: Route, body: Json): CallFacts {
  const fields = objectOf(body)
  const named = model ?? fields.model
  if (typeof named !== 'string' || named === '' || named.length > 256)
    throw invalidField('model', 'must be the name of a model')
  const generation = objectOf(fields.generationConfig ?? fields.generation_config ?? {})
  const limits = [fields.max_completion_tokens, fields.max_tokens, fields.max_output_tokens]
  const most = [...limits, generation.maxOutputTokens, generation.max_output_tokens].find((one) => one != null)
  return {
    model: named,
    isStreamed: isStreamed ?? fields.stream === true,
    outputTokensMax: most === undefined ? null : countIn(most, 'max_tokens'),
    answers: countIn(fields.n ?? generation.candidateCount ?? generation.candidate_count ?? 1, 'n'),
    wantsUsage: dialect !== 'chat' || objectOf(fields.stream_options ?? {}).include_usage === true,
  }
}

function countIn(value: Json, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw invalidField(field, 'must be a whole number')
}

function objectOf(value: Json): Fields {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Fields
  throw invalidField('body', 'must be a JSON object')
}

/** The body with a limit for its answer, as its budget demands one. */
export function withOutputMax(dialect: Dialect, body: Json, most: number): Json {
  const fields = objectOf(body)
  if (dialect === 'google') {
    return { ...fields, generationConfig: { ...objectOf(fields.generationConfig ?? {}), maxOutputTokens: most } }
  }
  const names = { chat: 'max_completion_tokens', responses: 'max_output_tokens', messages: 'max_tokens' } as const
  return { ...fields, [names[dialect]]: most }
}

/** A chat stream tells its numbers only when it is asked to. */
export function withUsage(dialect: Dialect, body: Json): Json {
  const fields = objectOf(body)
  if (dialect !== 'chat' || fields.stream !== true) return body
  return { ...fields, stream_options: { ...objectOf(fields.stream_options ?? {}), include_usage: true } }
}

/** The numbers in an answer or in one event of a stream. Null where it has none. */
export function usageIn(dialect: Dialect, answer: Json): Partial<Usage> | null {
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) return null
  const fields = answer as Fields
  const inner = [fields.response, fields.message].find((one) => one !== null && typeof one === 'object')
  const usage = fields[dialect === 'google' ? 'usageMetadata' : 'usage'] ?? (inner as Fields | undefined)?.usage
  if (usage === null || usage === undefined || typeof usage !== 'object' || Array.isArray(usage)) return null
  return countsIn(usage as Fields)
}

function countsIn(usage: Fields): Partial<Usage> {
  const sum = (...fields: string[]) => {
    const found = fields.flatMap((field) => (typeof usage[field] === 'number' ? [usage[field] as number] : []))
    return found.length === 0 ? undefined : found.reduce((total, one) => total + one, 0)
  }
  // Tokens that were in a cache count like the others, so a budget is never spent faster than it says.
  const inputTokens =
    sum('prompt_tokens') ??
    sum('input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens') ??
    sum('promptTokenCount', 'toolUsePromptTokenCount')
  const outputTokens =
    sum('completion_tokens') ?? sum('output_tokens') ?? sum('candidatesTokenCount', 'thoughtsTokenCount')
  return { ...(inputTokens !== undefined && { inputTokens }), ...(outputTokens !== undefined && { outputTokens }) }
}
