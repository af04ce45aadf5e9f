import type { Json } from '../../kernel/json.ts'
import { minute } from '../../kernel/time.ts'
import { microsOf } from '../../kernel/usd.ts'
import { type Context, countCall } from '../../operations/index.ts'
import { fieldsOf } from './dialects/json.ts'
import { shroudNotAllowed } from './errors.ts'

// What the settings of an agent say about whom it may ask, how much and how often.

export interface Policy {
  /** Empty: all. */
  readonly allowedProviders: readonly string[]
  readonly allowedModels: readonly string[]
  readonly deniedModels: readonly string[]
  readonly tokensPerRequest: number | undefined
  readonly requestsPerMinute: number | undefined
  readonly requestsPerDay: number | undefined
  readonly microsPerDay: number | undefined
  readonly flaggedDays: number
  readonly streamsMax: number
  /** How many characters of a stream wait until they were judged. 0: they go on at once, and are judged behind. */
  readonly heldCharacters: number
}

const streamsMaxDefault = 20
const heldCharactersDefault = 512

/** Reads `shroud_config`, which was checked when it was stored. */
export function policyOf(config: Json | undefined): Policy {
  const fields = fieldsOf(config)
  const count = (name: string) => (typeof fields[name] === 'number' ? (fields[name] as number) : undefined)
  const words = (name: string) => {
    const given = fields[name]
    return Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : []
  }
  const budget = count('daily_budget_usd') ?? 0
  return {
    allowedProviders: words('allowed_providers'),
    allowedModels: words('allowed_models'),
    deniedModels: words('denied_models'),
    tokensPerRequest: count('max_tokens_per_request'),
    requestsPerMinute: count('max_requests_per_minute'),
    requestsPerDay: count('max_requests_per_day'),
    microsPerDay: budget === 0 ? undefined : microsOf(budget),
    flaggedDays: count('flagged_request_retention_days') ?? 0,
    streamsMax: count('max_concurrent_streams') ?? streamsMaxDefault,
    heldCharacters:
      fields.streaming_inspection_mode === 'holdback'
        ? (count('streaming_holdback_chars') ?? heldCharactersDefault)
        : 0,
  }
}

export interface Wanted {
  readonly provider: string
  /** Of the body, and of the header where there is one. Each must be allowed. */
  readonly models: readonly string[]
  /** Estimate of the tokens of the request. */
  readonly inputTokens: number
}

/** Throws unless the agent may ask this provider for this model. Counts the request for its minute. */
export function checkPolicy(context: Context, agentId: string, policy: Policy, wanted: Wanted): void {
  const { provider, models, inputTokens } = wanted
  const refuse = (message: string) => shroudNotAllowed({ message })
  if (policy.allowedProviders.length > 0 && !policy.allowedProviders.includes(provider))
    throw refuse('the agent may not use this provider')
  for (const model of models) {
    if (policy.deniedModels.some((denied) => isModel(denied, model))) throw refuse('the agent may not use this model')
    if (policy.allowedModels.length > 0 && !policy.allowedModels.includes(model))
      throw refuse('the agent may not use this model')
  }
  const { tokensPerRequest, requestsPerMinute } = policy
  if (tokensPerRequest !== undefined && inputTokens > tokensPerRequest)
    throw refuse(`the request has about ${inputTokens} tokens, and the agent may send ${tokensPerRequest}`)
  // A limit of an operator, so the switch for rate limits does not turn it off.
  if (requestsPerMinute === 0) throw refuse('the agent may send no requests')
  if (requestsPerMinute !== undefined)
    countCall(context, { name: 'shroud-minute', windows: [{ max: requestsPerMinute, periodMs: minute }] }, agentId)
}

/** Routers take `vendor/model:variant`, and some servers any case, for the same model. */
function isModel(denied: string, model: string): boolean {
  const plain = (name: string) => name.trim().toLowerCase()
  const last = plain(model).split('/').at(-1) ?? ''
  return [plain(model), last, last.split(':')[0]].includes(plain(denied))
}
