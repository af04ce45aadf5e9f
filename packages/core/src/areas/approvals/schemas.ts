import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import { type Approval, statusOf } from './records.ts'

export const statuses = ['pending', 'approved', 'rejected', 'expired'] as const

export const ApprovalBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    user_id: fields.id().describe('The user who is asked. Owners and admins can decide too.'),
    agent_id: fields.id().nullable(),
    action: z.string(),
    target_type: z.string(),
    target_id: z.string(),
    risk_tier: z.int().min(1).max(3),
    status: z.enum(statuses),
    summary: fields.shownObject().describe('What the requester wrote.'),
    payload: z.json().optional().describe('What the server carries out. It wrote this itself. Absent: nothing.'),
    payload_hash: z.string().optional().describe('SHA-256 of the bytes that are signed after an approval.'),
    reason: z.string().nullable(),
    decision_reason: z.string().nullable(),
    decided_by: z.string().nullable(),
    decided_at: fields.shownTime().nullable(),
    used_at: fields.shownTime().optional(),
    failure: z.string().optional().describe('Why the server could not carry out what was approved.'),
    expires_at: fields.shownTime().nullable(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'Approval' })

export type ApprovalBody = z.infer<typeof ApprovalBody>

export function approvalBody({ unit, now }: Pick<Context, 'unit' | 'now'>, approval: Approval): ApprovalBody {
  const { id, action, tier, summary, reason } = approval
  return {
    ...{ id, org_id: unit.org ?? '', user_id: approval.userId, agent_id: approval.agentId, action },
    ...{ target_type: approval.targetType, target_id: approval.targetId, risk_tier: tier },
    ...{ status: statusOf(approval, now), summary: { ...summary }, reason },
    ...(approval.payload !== null && {
      payload: approval.payload as z.infer<typeof z.json extends () => infer T ? T : never>,
    }),
    ...(approval.payloadHash !== null && { payload_hash: approval.payloadHash }),
    ...{
      decision_reason: approval.decisionReason,
      decided_by: approval.decidedBy,
      decided_at: shown(approval.decidedAt),
    },
    ...(approval.usedAt !== null && { used_at: rfc3339(approval.usedAt) }),
    ...(approval.failure !== null && { failure: approval.failure }),
    ...{ expires_at: rfc3339(approval.expiresAt), created_at: rfc3339(approval.createdAt) },
  }
}

function shown(time: number | null): string | null {
  return time === null ? null : rfc3339(time)
}

const words = { approve: 'approved', approved: 'approved', reject: 'rejected', rejected: 'rejected' } as const
const decisions = { ...words, deny: 'rejected', denied: 'rejected' } as const

/** Clients of different ages say it differently. */
export function decisionField() {
  const known = Object.keys(decisions) as (keyof typeof decisions)[]
  return z.enum(known, 'must be approved or rejected').transform((given) => decisions[given])
}

export function reasonField() {
  return fields.optional(fields.text(1_000)).describe('Why, in your own words.')
}

export const approvalRef = { approval_id: fields.id() }
