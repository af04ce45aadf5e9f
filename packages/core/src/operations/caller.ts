import type { Address } from '../kernel/ip.ts'
import type { UsageShown } from './tiers.ts'

/** The verified caller of one request. No field repeats an unverified claim of the request. */
export type Caller = Anonymous | UserCaller | AgentCaller | AppCaller

export interface Anonymous {
  readonly kind: 'anonymous'
}

export interface UserCaller {
  readonly kind: 'user'
  readonly id: string
  readonly org: string
  readonly role: Role
  readonly authMethod: string
  /** The scopes of the API key behind the credential. Empty: the role and the policies of the user decide alone. */
  readonly keyScopes: readonly string[]
  /** The token or key that was shown, so that it can be revoked; null for a caller inside the process. */
  readonly session: Session | null
  /** A platform app calls for this user, who allowed it. Null: the user calls. */
  readonly delegation: Delegation | null
}

/** What a user lets a platform app do for them. Only operations that declare `delegable` take such a caller. */
export interface Delegation {
  readonly appId: string
  /** The organisation of the app, whose IP rules hold too. */
  readonly appOrg: string
  readonly connectionId: string
  readonly vaults: readonly DelegatedVault[]
  readonly agentIds: readonly string[]
}

/** A vault within reach of a delegation. */
export interface DelegatedVault {
  readonly id: string
  /** The app made the vault for the user. The app can read nothing in it, even with a grant. */
  readonly isLocked: boolean
  readonly paths: readonly string[]
  readonly permissions: readonly string[]
}

/** A platform app. It has no role and no policies: it may use the operations that name it, and nothing else. */
export interface AppCaller {
  readonly kind: 'app'
  readonly id: string
  readonly org: string
  readonly session: Session | null
}

export interface AgentCaller {
  readonly kind: 'agent'
  readonly id: string
  readonly org: string
  readonly authMethod: string
  readonly environment: string | null
  /** Path globs that confine the agent; empty means that its policies alone decide. */
  readonly scopes: readonly string[]
  /** Vaults the agent is bound to; empty means not bound. */
  readonly vaultIds: readonly string[]
  /** False for agents that may use keys through intents but never read one. */
  readonly readsKeys: boolean
  readonly session: Session | null
}

export type Role = 'owner' | 'admin' | 'member'

/** The credential that the caller showed: a token of Pawl, or a long-lived key. */
export interface Session {
  readonly tokenId: string | null
  readonly expiresAt: number | null
  /** The API key that the caller sent or exchanged for the token. Null: there is none. */
  readonly keyId: string | null
  /** The proof of possession that came with a credential bound to a key. */
  readonly proof?: Proof | null
  /** It began with the code of a device that its user allowed to sign in. */
  readonly isDevice?: boolean
}

/** A DPoP proof (RFC 9449), and the request that it must be for. One object for all calls of one request. */
export interface Possession {
  /** The header `DPoP`, as it came. */
  readonly proof: string
  readonly method: string
  /** URL of the request as clients see it, without its query. */
  readonly url: string
}

/** A proof that was verified. It can be used once. */
export interface Proof {
  readonly id: string
  /** From then on, no clock accepts the proof. */
  readonly endsAt: number
  /** Thumbprint of the key (RFC 7638). */
  readonly keyThumbprint: string
  readonly possession: Possession
}

/** Where a request comes from and what it shows. Surfaces fill this in. */
export interface Origin {
  readonly bearer?: string | null
  /** How the bearer was shown. `cookie`: by a browser, for a page of ours. Default: `Authorization: Bearer`. */
  readonly scheme?: 'bearer' | 'dpop' | 'cookie' | undefined
  readonly possession?: Possession | null
  /** SHA-256 of the client certificate (DER), in hexadecimal digits, that TLS or a trusted proxy verified. */
  readonly clientCertificate?: string | null
  readonly trusted?: Trusted
  /** The user who executes a pending approval. The caller is its submitter. Only the engine sets this. */
  readonly executor?: Executor
  /** The connection that a platform app calls for: the header `X-Platform-Connection`. */
  readonly platformConnection?: string | null
  readonly ip?: Address | null
  /**
   * The surface found that two readers could take the target of this request for two places. The pipeline refuses it, and
   * a known caller leaves an event (A1).
   */
  readonly isAmbiguous?: boolean
  /** The caller's name for this call, so that the engine makes it once, even if the caller retries. */
  readonly idempotencyKey?: string | null
  /** A payment for the call: the header `X-PAYMENT` of x402, as it came. */
  readonly payment?: string | null
  /** Called when the payment was settled, with the header `X-PAYMENT-RESPONSE` as JSON. */
  receipt?(receipt: string): void
  /** Called when the answer is the stored answer of an earlier call with the same key. */
  answeredBefore?(): void
  /** What the caller has paid for this call, so that it needs no room in the tier. */
  readonly paid?: Payment | null
  /** Called with the usage of the organisation, if its tier limits requests. */
  charged?(usage: UsageShown): void
  /** Calls the function when the caller has disconnected. Returns a function that removes it. */
  gone?(told: () => void): () => void
  /** Called when the engine no longer lets this call wait, because it is about to end. A call that follows would not wait. */
  waitingEnds?(): void
}

/**
 * A caller that needs no further proof. Only the in-process client sets it, and Shroud, for the agent of a router key. The
 * caller of a router key `isRemote`. `isQuestion`: somebody asks what the principal may do, and the principal does nothing.
 */
export type Trusted = ({ readonly user: string } | { readonly agent: string }) & {
  readonly isRemote?: true
  readonly isQuestion?: true
}

/** Whether the program that embeds the engine calls. It has no address. A remote caller can have an unknown one. */
export function isWithinProcess({ trusted, ip = null }: Pick<Origin, 'trusted' | 'ip'>): boolean {
  return trusted !== undefined && trusted.isRemote !== true && ip === null
}

export interface Executor {
  readonly id: string
  /** The role of the user when the user requested the execution. */
  readonly role: Role
  readonly ip: Address | null
  readonly pendingApprovalId: string
}

/** A payment for one call, which was verified and cannot be used again. */
export interface Payment {
  /** Such as `x402`. */
  readonly by: string
  readonly micros: number
  /** Identifies the payment in the audit trail. */
  readonly reference: string
}

/** The user, agent or app to whom a credential belongs. */
export interface Holder {
  readonly kind: 'user' | 'agent' | 'app'
  readonly id: string
}

/** A user or an agent, as records name them. */
export interface Principal {
  readonly kind: 'user' | 'agent'
  readonly id: string
}

export function principalOf(caller: UserCaller | AgentCaller): Principal {
  return { kind: caller.kind, id: caller.id }
}

/** Owners and admins run the organisation. */
export function isAdmin(caller: Caller): boolean {
  return caller.kind === 'user' && caller.role !== 'member'
}
