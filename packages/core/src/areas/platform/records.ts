import type { Json } from '../../kernel/json.ts'
import { kind } from '../../records/index.ts'

/** When a user must sign in to claim what an app made for them. */
export const authModes = ['silent', 'user_signin', 'configurable'] as const
export type AuthMode = (typeof authModes)[number]

export const billingModels = ['platform_pays', 'user_pays', 'hybrid'] as const
export type BillingModel = (typeof billingModels)[number]

/** A product that is built on this vault. It belongs to an organisation, whose owners and admins run it. */
export interface App {
  readonly id: string
  readonly org: string
  readonly name: string
  /** Its name in URLs, and its `client_id` for OAuth. Lowercase, and never changed. */
  readonly slug: string
  readonly description: string
  readonly logoUrl: string | null
  readonly redirectUris: readonly string[]
  readonly webhookUrl: string | null
  readonly oidcJwksUrl: string | null
  readonly oidcIssuer: string | null
  readonly oidcAudience: string | null
  readonly authMode: AuthMode
  /** Whose usage the calls are that the app makes for users of other organisations. */
  readonly billingModel: BillingModel
  readonly maxConnectedUsers: number | null
  readonly isActive: boolean
  /** The newest key. After a rotation with an overlap, the older key also stays valid for that time. */
  readonly keyId: string
  readonly keyPrefix: string
  readonly keyExpiresAt: number | null
  readonly keyRotatedAt: number | null
  /** A token contains the epoch of its creation. Increasing the epoch voids all tokens. */
  readonly epoch: number
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** Global, because a slug is found before its organisation is known, and users of other organisations connect to apps. */
export const appKind = kind<App>('platformApp', {
  scope: 'global',
  indexes: {
    org: { key: ({ org, createdAt }) => [org, createdAt] },
    slug: { unique: true, key: ({ slug }) => [slug] },
  },
  history: ['createdBy'],
})

/** Numbers of one app. Apart from the app, because each connection changes them. */
export interface AppCounts {
  readonly id: string
  /** All connections that are not disconnected. */
  readonly connections: number
  /** Those that have resources or were linked by their user. */
  readonly active: number
  readonly claimed: number
  /** All that were ever made. */
  readonly bootstraps: number
  /** Grants that were not revoked. */
  readonly grants: number
}

export const appCountsKind = kind<AppCounts>('platformAppCounts', { scope: 'global', idOf: 'app' })

/** What an app makes for each of its users. */
export interface Template {
  readonly id: string
  readonly appId: string
  readonly name: string
  readonly description: string
  /** Grows with each change of the spec. */
  readonly version: number
  /** As it was given: unknown keys are kept. */
  readonly spec: Readonly<Record<string, Json>>
  readonly isActive: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

/** Global, because it is read in the organisation of the user whose resources it describes. */
export const templateKind = kind<Template>('platformTemplate', {
  scope: 'global',
  indexes: { app: { key: ({ appId, createdAt }) => [appId, createdAt] } },
})

export type ConnectionStatus = 'pending' | 'active' | 'claimed' | 'disconnected'

/** One user of one app. The user may be of another organisation than the app. */
export interface Connection {
  readonly id: string
  readonly appId: string
  readonly appOrg: string
  readonly org: string
  readonly userId: string
  /** What the app calls the user. */
  readonly externalSubject: string | null
  readonly status: ConnectionStatus
  /** The objects that the bootstrap made, the oldest first, and those that the app made in the name of the user. */
  readonly vaultIds: readonly string[]
  readonly agentIds: readonly string[]
  readonly policyIds: readonly string[]
  /** The user's own agents that the app may see and disable. */
  readonly grantedAgentIds: readonly string[]
  /** The present claim link. */
  readonly claim: Claim | null
  readonly delegationEnabled: boolean
  readonly delegationScopes: readonly string[]
  readonly createdAt: number
  readonly bootstrappedAt: number | null
  readonly claimedAt: number | null
}

export interface Claim {
  readonly hash: string
  readonly expiresAt: number
  readonly redeemedAt: number | null
  readonly needsSignIn: boolean
  readonly returnTo: string | null
  /** Whether the event of its expiry is in the trail. */
  readonly isExpiryTold: boolean
}

/** Whether the claim waits for its user, or for the event that it expired. */
const isOpen = ({ redeemedAt, isExpiryTold }: Claim) => redeemedAt === null && !isExpiryTold

/** Global, because it ties two organisations together. */
export const connectionKind = kind<Connection>('platformConnection', {
  scope: 'global',
  shape: 2,
  upcast: (old) => {
    const { claim, ...connection } = old as Connection
    return { ...connection, claim: claim && { ...claim, isExpiryTold: false } }
  },
  indexes: {
    app: { key: ({ appId, createdAt }) => [appId, createdAt] },
    user: { key: ({ userId, createdAt }) => [userId, createdAt] },
    member: { unique: true, key: ({ appId, userId }) => [appId, userId] },
    subject: {
      unique: true,
      blind: true,
      key: ({ appId, externalSubject }) => (externalSubject === null ? null : [appId, externalSubject]),
    },
    claim: { unique: true, blind: true, key: ({ claim }) => (claim ? [claim.hash] : null) },
    claimEnds: { key: ({ claim }) => (claim && isOpen(claim) ? [claim.expiresAt] : null) },
  },
  // The bootstrap made these objects, even if they were removed later.
  history: ['vaultIds', 'agentIds', 'policyIds', 'grantedAgentIds'],
})

/** What a user lets an app do in one of their vaults. */
export interface Grant {
  readonly id: string
  readonly connectionId: string
  readonly vaultId: string
  readonly paths: readonly string[]
  readonly permissions: readonly GrantPermission[]
  readonly expiresAt: number | null
  readonly createdAt: number
}

export const grantPermissions = ['read', 'write', 'rotate', 'delete'] as const
export type GrantPermission = (typeof grantPermissions)[number]

/** Of the organisation of the user. */
export const grantKind = kind<Grant>('platformGrant', {
  indexes: {
    connection: { key: ({ connectionId, createdAt }) => [connectionId, createdAt] },
    vault: { key: ({ vaultId, createdAt }) => [vaultId, createdAt] },
  },
})

/** Limits of what the wallets of users may spend. One for all users of an app, or for one of them. */
export interface SpendPolicy {
  readonly id: string
  readonly appId: string
  /** Null: for every user of the app. */
  readonly userId: string | null
  readonly toAllowlist: readonly string[]
  readonly toDenylist: readonly string[]
  readonly maxValuePerTxEth: string | null
  readonly dailyLimitEth: string | null
  readonly allowedChains: readonly string[]
  readonly allowedTokens: readonly string[]
  readonly maxTransactionsPerDay: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** Global, because it binds users of other organisations. */
export const spendPolicyKind = kind<SpendPolicy>('platformSpendPolicy', {
  scope: 'global',
  indexes: {
    app: { key: ({ appId, createdAt }) => [appId, createdAt] },
    user: { key: ({ appId, userId }) => [appId, userId ?? ''] },
    of: { key: ({ userId, createdAt }) => (userId === null ? null : [userId, createdAt]) },
  },
})
