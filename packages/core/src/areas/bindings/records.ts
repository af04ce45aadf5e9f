import { kind } from '../../records/index.ts'
import type { BindingConfig, Guardrails } from './config.ts'

export const bindingTypes = ['http', 'graphql'] as const
export type BindingType = (typeof bindingTypes)[number]

/** The calls that an agent can make, and the position of the credential. */
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

/** The location of the credential. A secret of another vault is read with the permissions of the user `by`. */
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

/** One call. It is stored as `started` before it is sent, and completed afterwards. */
export interface Execution {
  readonly id: string
  readonly agentId: string
  readonly bindingId: string
  readonly intentType: string
  readonly status: 'started' | 'success' | 'error' | 'denied'
  readonly method: string
  readonly host: string
  /** Status of the response. Null if there was none. */
  readonly httpStatus: number | null
  readonly bodyBytes: number | null
  readonly error: string | null
  readonly redactions: number
  readonly durationMs: number
  readonly createdAt: number
  /** After this time, a call that is still `started` was interrupted. */
  readonly settledBy: number
}

export const executionKind = kind<Execution>('execution', {
  indexes: { agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] } },
  history: ['bindingId'],
})
