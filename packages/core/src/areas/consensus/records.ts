import type { Json } from '../../kernel/json.ts'
import type { GovernedRequest, Principal, Role } from '../../operations/index.ts'
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

/** What ends the credential of a submitter. */
export interface SubmittersCredential {
  readonly epoch: number
  /** The API key that made the submission. Null: a session did. */
  readonly keyId: string | null
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
  /** A keyed hash of the secrets of the request, which people do not see. Missing: the request has none. */
  readonly secrets?: { readonly key: string; readonly mac: string } | undefined
  /** The call that the server makes when a person executes the approval. Missing: only the submitter can make the call. */
  readonly request?: GovernedRequest | undefined
  readonly submittedBy: Principal
  /** The credential that made the submission. Missing: only the submitter can make the call. */
  readonly submittersCredential?: SubmittersCredential | undefined
  /** The user who made the agent that submitted a change of the organisation. This user cannot vote for it. */
  readonly submittersHuman?: string | undefined
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
  history: ['submittedBy', 'submittersCredential', 'submittersHuman', 'policyId', 'payload', 'request', 'votes'],
})

/**
 * What a task does later about a pending approval: it reports that an open one has expired, and deletes a closed one. Global,
 * because the task looks in all organisations.
 */
export interface OpenPendingApproval {
  readonly id: string
  readonly org: string
  /** The agent or the caller whose open ones are limited. */
  readonly subject: string
  readonly isOpen: boolean
  readonly dueAt: number
}

export const openPendingApprovalKind = kind<OpenPendingApproval>('openPendingApproval', {
  scope: 'global',
  indexes: {
    due: { key: ({ dueAt }) => [dueAt] },
    open: { key: ({ org, isOpen, dueAt }) => (isOpen ? [org, dueAt] : null) },
  },
  idOf: 'pendingApproval',
  history: ['subject'],
  shape: 2,
  // Shape 1 had only open ones, and did not say whose.
  upcast: (old) => ({ subject: '', isOpen: true, ...(old as Omit<OpenPendingApproval, 'subject' | 'isOpen'>) }),
})

/** A submission of one organisation waits for the others, so that no more than the limit succeed at once. */
export const submissionTurnKind = kind<{ readonly id: 'main'; readonly at: number }>('pendingApprovalTurn')

export type Status = PendingApproval['status']

export function statusOf({ status, expiresAt }: PendingApproval, now: number): Status {
  const isOpen = status === 'pending' || status === 'approved'
  return isOpen && expiresAt <= now ? 'expired' : status
}
