import type { Json } from '../../kernel/json.ts'
import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

export interface Agent {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly authMethod: 'api_key' | 'mtls' | 'oidc_client_credentials'
  readonly isActive: boolean
  readonly expiresAt: number | null
  readonly scopes: readonly string[]
  readonly vaultIds: readonly string[]
  readonly tokenTtlSeconds: number | null
  readonly intentsApiEnabled: boolean
  readonly environment: string | null
  /** Fields of the contract that other areas give a meaning to: kept here, and given back as they came. */
  readonly settings: Readonly<Record<string, Json>>
  readonly sshPublicKey: string | null
  readonly ecdhPublicKey: string | null
  /** Tokens carry the epoch they were made in; raising it voids all of them at once. */
  readonly epoch: number
  readonly createdBy: Principal
  readonly createdAt: number
  readonly lastActiveAt: number | null
}

export const agentKind = kind<Agent>('agent', { indexes: { created: { key: ({ createdAt }) => [createdAt] } } })

/** An agent that is switched off or whose time is over can do nothing, whatever it shows. */
export function isLive({ isActive, expiresAt }: Agent, now: number): boolean {
  return isActive && (expiresAt === null || expiresAt > now)
}
