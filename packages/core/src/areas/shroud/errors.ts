import { defineError } from '../../kernel/errors.ts'

export const routerKeyNotFound = defineError('router_key_not_found', 'not_found', 'The router key does not exist.')

export const routerKeysMax = defineError(
  'router_keys_max',
  'conflict',
  ({ max }: { max: number }) => `An agent has at most ${max} router keys. Revoke one first.`,
)

export const flaggedNotFound = defineError(
  'flagged_request_not_found',
  'not_found',
  'The request was not flagged, or its copy is no longer kept.',
)

/** What every refusal of Shroud can say beside its words. */
export interface RefusalData {
  readonly message: string
  /** What was found, as the header `X-Shroud-Inspection` says it. */
  readonly inspection?: string
}

/** Something in a request or an answer is not passed on. */
export const shroudBlocked = defineError<RefusalData>('shroud_blocked', 'denied', ({ message }) => message)
/** The settings of the agent do not allow this provider, this model or so many tokens. */
export const shroudNotAllowed = defineError<RefusalData>('shroud_not_allowed', 'denied', ({ message }) => message)
/** The budget of the day, or of the router key, has no room for this request. */
export const budgetReached = defineError<RefusalData>('budget_reached', 'denied', ({ message }) => message)
export const noProviderKey = defineError<RefusalData>('no_provider_key', 'unauthenticated', ({ message }) => message)
export const noClientPool = defineError<RefusalData>('no_client_pool', 'unavailable', ({ message }) => message)
export const providerFailed = defineError<RefusalData>('provider_failed', 'unavailable', ({ message }) => message)
export const fieldNotPassedOn = defineError<RefusalData>('field_not_passed_on', 'invalid', ({ message }) => message)

export const shroudDisabled = defineError(
  'shroud_disabled',
  'denied',
  'The agent does not call models through Shroud. A human must set shroud_enabled.',
)

export const wrongAgent = defineError(
  'wrong_agent',
  'unauthenticated',
  'The key in X-Shroud-Agent-Key is not a key of this agent.',
)

export const tooManyStreams = defineError<{ readonly max: number; readonly retryAfterSeconds: number }>(
  'too_many_streams',
  'limited',
  ({ max }) => `The agent has ${max} streams already. Try again when one has ended.`,
)

export const routeUnknown = defineError(
  'shroud_route_unknown',
  'not_found',
  'Shroud has no such route. It has /v1/chat/completions, /v1/responses, /v1/messages and /v1beta/models/…',
)
