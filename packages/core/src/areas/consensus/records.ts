import type { Json } from '../../kernel/json.ts'
import type { Principal, Role } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'
import type { Trigger } from './trigger.ts'

export interface Vote {
  readonly id: string
  readonly by: string
  readonly role: Role
  readonly decision: 'approve' | 'reject'
  readonly reason: string | null
  readonly at: number
}

/** Something that several people must agree to before it is signed. */
export interface PendingApproval {
  readonly id: string
  /** The agent that signs. Null: the request names none. */
  readonly agentId: string | null
  readonly policyId: string
  readonly action: string
  /** The whole request. People decide about exactly this. */
  readonly payload: { readonly [field: string]: Json }
  /** SHA-256 of the payload as canonical JSON: members in order, without spaces. */
  readonly payloadHash: string
  readonly submittedBy: Principal
  readonly status: 'pending' | 'approved' | 'rejected' | 'executed' | 'cancelled' | 'expired'
  /** As the policy had it. */
  readonly approval: Trigger['approval']
  readonly selfApprovalAllowed: boolean
  readonly votes: readonly Vote[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly expiresAt: number
  readonly executedAt: number | null
  /** When the request was signed. It is signed once. */
  readonly usedAt: number | null
}

export const pendingApprovalKind = kind<PendingApproval>('pendingApproval', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    agent: { key: ({ agentId, createdAt }) => (agentId === null ? null : [agentId, createdAt]) },
    submitter: { key: ({ submittedBy, createdAt }) => [submittedBy.id, createdAt] },
  },
  shape: 2,
  // Shape 2 has an index more.
  upcast: (old) => old as PendingApproval,
  history: ['submittedBy', 'policyId', 'payload', 'votes'],
})

/** When a pending approval expires, so that a task reports it. Global, because the task looks in all organisations. */
export interface OpenPendingApproval {
  readonly id: string
  readonly org: string
  readonly dueAt: number
}

export const openPendingApprovalKind = kind<OpenPendingApproval>('openPendingApproval', {
  scope: 'global',
  indexes: { due: { key: ({ dueAt }) => [dueAt] } },
  idOf: 'pendingApproval',
})

export type Status = PendingApproval['status']

export function statusOf({ status, expiresAt }: PendingApproval, now: number): Status {
  const isOpen = status === 'pending' || status === 'approved'
  return isOpen && expiresAt <= now ? 'expired' : status
}
