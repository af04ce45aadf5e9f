import type { Principal, StoredSettings } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

export interface Agent {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly authMethod: 'api_key' | 'mtls' | 'oidc_client_credentials'
  readonly isActive: boolean
  readonly expiresAt: number | null
  /** The newest API key. After a rotation with an overlap, the older key also stays valid for that time. */
  readonly apiKeyId: string | null
  readonly apiKeyExpiresAt: number | null
  readonly scopes: readonly string[]
  readonly vaultIds: readonly string[]
  readonly tokenTtlSeconds: number | null
  readonly intentsApiEnabled: boolean
  readonly environment: string | null
  /** Settings that areas contribute. Settings with their default value are absent. */
  readonly settings: StoredSettings
  readonly sshPublicKey: string | null
  readonly ecdhPublicKey: string | null
  /** A token contains the epoch of its creation. Increasing the epoch voids all tokens. */
  readonly epoch: number
  /** Time until which it cannot sign in, because of a risk verdict. */
  readonly blockedUntil?: number | undefined
  readonly createdBy: Principal
  readonly createdAt: number
  /** With a precision of one hour. */
  readonly lastActiveAt: number | null
  /** The connection of a platform app that made the agent for its creator, who alone runs it (`platform_locked`). */
  readonly connection?: string | undefined
}

export const agentKind = kind<Agent>('agent', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    creator: { key: ({ createdBy, createdAt }) => [createdBy.kind, createdBy.id, createdAt] },
  },
  // The list limits the agent to these vaults. Without its last vault it would be empty, which limits nothing.
  history: ['vaultIds', 'connection'],
})

/** Returns whether the agent is enabled and not expired. Otherwise every credential is refused. */
export function isLive({ isActive, expiresAt }: Agent, now: number): boolean {
  return isActive && (expiresAt === null || expiresAt > now)
}
