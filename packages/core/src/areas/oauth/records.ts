import { kind } from '../../records/index.ts'

/** What a user lets an app know. */
export interface Consent {
  readonly id: string
  /** Of the user. */
  readonly org: string
  readonly userId: string
  readonly appId: string
  readonly scopes: readonly string[]
  /** The connection that the scope `link` made. */
  readonly connectionId: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** Global, because the app is of another organisation than the user. */
export const consentKind = kind<Consent>('oauthConsent', {
  scope: 'global',
  indexes: {
    user: { key: ({ org, userId, createdAt }) => [org, userId, createdAt] },
    member: { unique: true, key: ({ appId, userId }) => [appId, userId] },
    app: { key: ({ appId, createdAt }) => [appId, createdAt] },
    connection: { key: ({ connectionId }) => (connectionId === null ? null : [connectionId]) },
  },
})

/** One sign-in: a code, and what is issued from it. */
export interface Grant {
  readonly id: string
  readonly org: string
  readonly userId: string
  readonly appId: string
  /** Without this consent, the grant is worth nothing. A new consent has a new ID. */
  readonly consentId: string
  /** Of the user when they agreed. A new password or a sign-out everywhere ends the grant. */
  readonly epoch: number
  readonly scopes: readonly string[]
  /** As the request had it. Null: there was none. */
  readonly redirectUri: string | null
  readonly nonce: string | null
  /** Of PKCE (S256). Null: a pure `link` without one. */
  readonly challenge: string | null
  /** Key of the MACs of its tokens. */
  readonly secret: string
  readonly isCodeUsed: boolean
  /** The number of the refresh token that is valid. */
  readonly refreshes: number
  readonly createdAt: number
  readonly endsAt: number
}

/** Global, because a token is presented before its organisation is known. */
export const grantKind = kind<Grant>('oauthGrant', {
  scope: 'global',
  indexes: {
    ends: { key: ({ endsAt }) => [endsAt] },
    consent: { key: ({ consentId, createdAt }) => [consentId, createdAt] },
    user: { key: ({ org, userId, createdAt }) => [org, userId, createdAt] },
    app: { key: ({ appId, createdAt }) => [appId, createdAt] },
  },
  // Without its consent, a grant is refused, and goes when its time is over.
  history: ['consentId'],
})
