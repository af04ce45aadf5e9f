import { kind } from '../../records/index.ts'
import type { BindingConfig, Guardrails } from './config.ts'

export const bindingTypes = ['http', 'graphql'] as const
export type BindingType = (typeof bindingTypes)[number]

/** What an agent may call, and how the credential is filled in. */
export interface Binding {
  readonly id: string
  readonly agentId: string
  readonly name: string
  readonly type: BindingType
  readonly config: BindingConfig
  readonly guardrails: Guardrails
  readonly isActive: boolean
  readonly credential: Credential | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** Where the credential is. `by` is the user who gave it, and with whose rights a secret of another vault is read. */
export type Credential =
  | { readonly type: 'inline'; readonly by: string }
  | { readonly type: 'vault_ref'; readonly by: string; readonly vaultId: string; readonly path: string }

export const bindingKind = kind<Binding>('binding', {
  indexes: {
    agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] },
    name: { unique: true, key: ({ agentId, name }) => [agentId, name] },
  },
  // Each call looks up the user and the secret again, and is refused when one of them is gone.
  history: ['credential'],
})

/** When a binding was called lately, for its limit per minute. */
export const bindingRateKind = kind<{ readonly id: string; readonly times: readonly number[] }>('bindingRate', {
  idOf: 'binding',
})

/** One call: stored as `started` before it is made, and settled afterwards. */
export interface Execution {
  readonly id: string
  readonly agentId: string
  readonly bindingId: string
  readonly intentType: string
  readonly status: 'started' | 'success' | 'error' | 'denied'
  readonly method: string
  readonly host: string
  /** What the service answered with; null when it did not. */
  readonly httpStatus: number | null
  readonly bodyBytes: number | null
  readonly error: string | null
  readonly redactions: number
  readonly durationMs: number
  readonly createdAt: number
  /** When a call that is not settled can only have been cut off. */
  readonly settledBy: number
}

export const executionKind = kind<Execution>('execution', {
  indexes: { agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] } },
  history: ['bindingId'],
})
