import type { Principal, StoredSettings } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

export interface Agent {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly authMethod: 'api_key' | 'mtls' | 'oidc_client_credentials'
  readonly isActive: boolean
  readonly expiresAt: number | null
  /** The key that was given out last. An older one may live on beside it for as long as a rotation allowed. */
  readonly apiKeyId: string | null
  readonly apiKeyExpiresAt: number | null
  readonly scopes: readonly string[]
  readonly vaultIds: readonly string[]
  readonly tokenTtlSeconds: number | null
  readonly intentsApiEnabled: boolean
  readonly environment: string | null
  /** Fields of the contract that other areas give a meaning to. One that is at its default is not there. */
  readonly settings: StoredSettings
  readonly sshPublicKey: string | null
  readonly ecdhPublicKey: string | null
  /** Tokens carry the epoch they were made in; raising it voids all of them at once. */
  readonly epoch: number
  readonly createdBy: Principal
  readonly createdAt: number
  /** To the hour. */
  readonly lastActiveAt: number | null
}

export const agentKind = kind<Agent>('agent', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    creator: { key: ({ createdBy, createdAt }) => [createdBy.kind, createdBy.id, createdAt] },
  },
  // The list limits the agent to these vaults. Without its last vault it would be empty, which limits nothing.
  history: ['createdBy', 'vaultIds'],
})

/** An agent that is switched off or whose time is over can do nothing, whatever it shows. */
export function isLive({ isActive, expiresAt }: Agent, now: number): boolean {
  return isActive && (expiresAt === null || expiresAt > now)
}
