import type { SafeVersion } from '../../families/index.ts'
import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

/** A Safe on a chain, as the organisation knows it. The contract on the chain is the authority. */
export interface Treasury {
  readonly id: string
  readonly name: string
  readonly safeAddress: string
  readonly safeVersion: SafeVersion
  readonly chain: string
  readonly chainId: number
  readonly threshold: number
  /** The agent whose key pays the gas. Null: an agent that has approved the proposal. */
  readonly executorId: string | null
  readonly createdBy: string
  readonly createdAt: number
  /** What the caller said of the Safe, until it is compared with the chain. Absent: it was compared, or the caller refused that. */
  readonly comparison?: { readonly threshold: number | null } | undefined
  /** Counts changes of signers, proposals and votes. See `inTurn`. */
  readonly changes: number
}

export const treasuryKind = kind<Treasury>('treasury', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    creator: { key: ({ createdBy, createdAt }) => [createdBy, createdAt] },
    executor: { key: ({ executorId }) => (executorId === null ? null : [executorId]) },
  },
  history: ['createdBy'],
})

/** An owner of the Safe. */
export interface TreasurySigner {
  readonly id: string
  readonly treasuryId: string
  /** Whose key it is. Null: only the address is known. */
  readonly principal: Principal | null
  readonly address: string
  readonly addedAt: number
}

export const treasurySignerKind = kind<TreasurySigner>('treasurySigner', {
  indexes: {
    treasury: { key: ({ treasuryId, addedAt }) => [treasuryId, addedAt] },
    address: { unique: true, key: ({ treasuryId, address }) => [treasuryId, address.toLowerCase()] },
    // One person has one vote, however many keys they have.
    person: {
      unique: true,
      key: ({ treasuryId, principal }) => (principal ? [treasuryId, principal.kind, principal.id] : null),
    },
    principal: { key: ({ principal }) => (principal ? [principal.kind, principal.id] : null) },
  },
})

/** `owner`: the agent is a signer. `delegated`: it proposes within limits. */
export type DelegationMode = 'owner' | 'delegated' | 'both'

/** What an agent may do with a treasury. The limits of the agent hold too. */
export interface Delegation {
  readonly mode: DelegationMode
  readonly toAllowlist: readonly string[] | null
  /** In ether. */
  readonly maxValue: string | null
  readonly allowedChains: readonly string[] | null
  /** Plain transfers that the agent approves at once when it proposes them. */
  readonly autoApprove: readonly AutoApproveRule[]
}

export interface AutoApproveRule {
  readonly maxValue: string
  readonly toAllowlist: readonly string[] | null
}

export interface TreasuryAccess {
  readonly id: string
  readonly treasuryId: string
  readonly agentId: string
  readonly status: 'pending' | 'approved' | 'denied'
  readonly reason: string | null
  readonly requestedAt: number
  readonly resolvedBy: string | null
  readonly resolvedAt: number | null
  /** Null: there is none, or it has ended. */
  readonly delegation: Delegation | null
}

export const treasuryAccessKind = kind<TreasuryAccess>('treasuryAccess', {
  indexes: {
    treasury: { key: ({ treasuryId, requestedAt }) => [treasuryId, requestedAt] },
    agent: { key: ({ agentId, requestedAt }) => [agentId, requestedAt] },
    live: {
      unique: true,
      key: ({ treasuryId, agentId, status, delegation }) =>
        status === 'pending' || delegation ? [treasuryId, agentId] : null,
    },
  },
  history: ['resolvedBy'],
})

export interface Vote {
  readonly id: string
  readonly signerId: string
  readonly principal: Principal | null
  readonly address: string
  readonly decision: 'approve' | 'reject'
  /** Hexadecimal digits. Null: a rejection. */
  readonly signature: string | null
  readonly at: number
}

/** A transaction of the Safe that waits for its owners. */
export interface Proposal {
  readonly id: string
  readonly treasuryId: string
  readonly proposedBy: Principal
  /** The Safe as it was when the hash was made. */
  readonly safe: Pick<Treasury, 'safeAddress' | 'safeVersion' | 'chain' | 'chainId'>
  readonly to: string
  /** In wei. */
  readonly value: string
  /** Hexadecimal digits. */
  readonly data: string
  /** 1: a delegatecall. */
  readonly operation: 0 | 1
  readonly nonce: number
  /** Whether the caller chose the nonce. Otherwise it can still follow the chain. */
  readonly isNonceGiven: boolean
  /** Hexadecimal digits. */
  readonly hash: string
  readonly status: 'pending' | 'approved' | 'executing' | 'executed' | 'rejected' | 'expired'
  readonly threshold: number
  readonly votes: readonly Vote[]
  /** The transaction with `mode: treasury` that asked for it. */
  readonly askedBy: string | null
  /** The transaction that carries it out. */
  readonly transactionId: string | null
  readonly executedHash: string | null
  readonly executedAt: number | null
  /** Why it is not executed although it is approved. */
  readonly failure: string | null
  readonly expiresAt: number
  readonly createdAt: number
}

export const proposalKind = kind<Proposal>('proposal', {
  indexes: {
    treasury: { key: ({ treasuryId, createdAt }) => [treasuryId, createdAt] },
    open: { key: ({ treasuryId, status, nonce }) => (isOpen(status) ? [treasuryId, nonce] : null) },
    executed: { key: ({ treasuryId, status, nonce }) => (status === 'executed' ? [treasuryId, nonce] : null) },
  },
  history: ['proposedBy', 'votes', 'askedBy', 'transactionId'],
})

function isOpen(status: Proposal['status']): boolean {
  return status === 'pending' || status === 'approved' || status === 'executing'
}

export function isExpired({ status, expiresAt }: Proposal, now: number): boolean {
  return status === 'pending' && expiresAt <= now
}
