import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { Caller, ModelPrice, Origin } from '../../operations/index.ts'
import type { CallFacts, Route } from './dialects/calls.ts'
import type { Policy } from './policy.ts'
import type { KnownSecrets } from './redaction/known-secrets.ts'
import type { RouterKey } from './router-keys.ts'
import type { ShroudSettings } from './settings.ts'
import type { Verdict } from './verdict.ts'

/** A request of an agent to a model, whose sender is known. */
export interface Request {
  readonly caller: Caller
  readonly origin: Origin
  readonly org: string
  readonly agentId: string
  readonly routerKey: RouterKey | null
  readonly route: Route
  readonly provider: string
  readonly providerKey: Secret<string> | null
  readonly headerModel: string | null
  readonly config: Json | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
  readonly signal: AbortSignal | undefined
  readonly startedAt: number
}

/** The answer, as it may be passed on. */
export interface Conversation {
  /** What the provider answered with. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The value of `X-Shroud-Inspection`. */
  readonly inspection: string
  readonly isStream: boolean
  /** Leaving the loop ends the request at the provider. */
  readonly body: AsyncIterable<string>
}

/** A request that was inspected, and everything its answer is judged by. */
export interface Inspected {
  readonly request: Request
  readonly facts: CallFacts
  readonly settings: ShroudSettings
  readonly policy: Policy
  readonly known: KnownSecrets
  readonly verdict: Verdict
  readonly roles: readonly string[]
  readonly price: ModelPrice | null
  /** What the provider gets. */
  readonly body: Json
  readonly bytes: Uint8Array
}

/** Most tokens of an answer, where neither the request nor the price of the model says it. */
export const outputTokensDefault = 4_096

/** Most tokens of all answers to a request. */
export function outputTokensOf({ facts, price }: Pick<Inspected, 'facts' | 'price'>): number {
  return (facts.outputTokensMax ?? price?.outputTokensMax ?? outputTokensDefault) * Math.max(1, facts.answers)
}
