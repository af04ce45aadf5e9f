import type { Json } from '../../kernel/json.ts'
import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

/** 1: a click. 2: a proof that it is the user. 3: a proof with a second factor. */
export type Tier = 1 | 2 | 3

/** Something that waits for a human, and what the human decided. */
export interface Approval {
  readonly id: string
  /** The agent that it is about. Null: no agent. */
  readonly agentId: string | null
  readonly requestedBy: Principal
  /** The user who is asked. Owners and admins may decide too. */
  readonly userId: string
  /** `transaction.sign`, `policy_change`, or a name of the agent's own. */
  readonly action: string
  readonly targetType: string
  readonly targetId: string
  readonly tier: Tier
  readonly status: 'pending' | 'approved' | 'rejected'
  /** What a human reads. The requester wrote it, so nothing is carried out from it. */
  readonly summary: Readonly<Record<string, Json>>
  /** What is carried out. The server wrote it. Null: the requester carries it out. */
  readonly payload: Json
  /** What exactly was approved: SHA-256 of the bytes to be signed. Null: the approval is for no bytes. */
  readonly payloadHash: string | null
  readonly reason: string | null
  readonly decisionReason: string | null
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  /** When the approval was used for what it allows. It is used once. */
  readonly usedAt: number | null
  /** Why the server could not carry out what was approved. */
  readonly failure: string | null
  readonly createdAt: number
  readonly expiresAt: number
}

export const approvalKind = kind<Approval>('approval', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    agent: { key: ({ agentId, createdAt }) => (agentId === null ? null : [agentId, createdAt]) },
    asked: { key: ({ userId, createdAt }) => [userId, createdAt] },
  },
  history: ['requestedBy', 'userId', 'decidedBy', 'targetId', 'payload', 'summary'],
})

export type Status = Approval['status'] | 'expired'

export function statusOf({ status, expiresAt }: Approval, now: number): Status {
  return status === 'pending' && expiresAt <= now ? 'expired' : status
}
