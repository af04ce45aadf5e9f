import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import type { PendingApproval } from './records.ts'
import { approvalsNow, statusNow } from './tally.ts'

export const statuses = ['pending', 'approved', 'rejected', 'executed', 'expired', 'cancelled'] as const

const SignatureBody = z
  .object({
    id: fields.id(),
    approver_id: fields.id(),
    signer_id: fields.id().describe('The same as approver_id.'),
    approver_type: z.string(),
    decision: z.enum(['approve', 'reject']),
    reason: z.string().optional(),
    payload_hash: z.string(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'ApprovalSignatureResponse' })

export const PendingApprovalBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    policy_id: fields.id(),
    action: z.string(),
    action_payload: fields.shownObject().describe('The whole request, about which people decide.'),
    payload_hash: z.string().describe('SHA-256 of action_payload as JSON with sorted members and without spaces.'),
    submitted_by: z.string(),
    submitted_by_type: z.string(),
    status: z.enum(statuses),
    required_approvals: z.int(),
    current_approvals: z.int(),
    expires_at: fields.shownTime(),
    executed_at: fields.shownTime().optional(),
    created_at: fields.shownTime(),
    updated_at: fields.shownTime(),
    signatures: z.array(SignatureBody),
  })
  .meta({ id: 'PendingApprovalResponse' })

export type PendingApprovalBody = z.infer<typeof PendingApprovalBody>

export function pendingApprovalBody(context: Pick<Context, 'unit' | 'now'>, one: PendingApproval): PendingApprovalBody {
  const { id, policyId, action, payload, payloadHash, submittedBy, executedAt } = one
  return {
    ...{ id, org_id: context.unit.org ?? '', policy_id: policyId, action, action_payload: { ...payload } },
    ...{ payload_hash: payloadHash, submitted_by: submittedBy.id, submitted_by_type: submittedBy.kind },
    ...{ status: statusNow(context, one), required_approvals: one.approval.min_approvals },
    ...{ current_approvals: approvalsNow(context, one), expires_at: rfc3339(one.expiresAt) },
    ...(executedAt !== null && { executed_at: rfc3339(executedAt) }),
    ...{ created_at: rfc3339(one.createdAt), updated_at: rfc3339(one.updatedAt) },
    signatures: one.votes.map((vote) => ({
      ...{ id: vote.id, approver_id: vote.by, signer_id: vote.by, approver_type: 'user', decision: vote.decision },
      ...(vote.reason !== null && { reason: vote.reason }),
      ...{ payload_hash: payloadHash, created_at: rfc3339(vote.at) },
    })),
  }
}

/** What a caller gets instead of a signature. */
export const submittedFields = {
  pending_approval_id: fields.id().optional().describe('People must agree first. Ask again with it as approval_id.'),
  required_approvals: z.int().optional(),
  current_approvals: z.int().optional(),
  expires_at: fields.shownTime().optional(),
  message: z.string().optional(),
}

export function submittedBody(one: PendingApproval) {
  return {
    pending_approval_id: one.id,
    required_approvals: one.approval.min_approvals,
    current_approvals: 0,
    expires_at: rfc3339(one.expiresAt),
    message: 'People must agree first. When one of them has executed it, send the same request with its approval_id.',
  }
}

export const pendingRef = { pending_approval_id: fields.id() }
