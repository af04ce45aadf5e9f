import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { pendingApprovalAt } from '../access.ts'
import { notOpen, pendingApprovalNotFound } from '../errors.ts'
import { stageClosed } from '../open.ts'
import { type PendingApproval, pendingApprovalKind, statusOf } from '../records.ts'
import { PendingApprovalBody, pendingApprovalBody, pendingRef } from '../schemas.ts'

export const cancelPendingApproval = operation({
  name: 'consensus.cancel',
  summary: 'Take back what you have submitted. Owners and admins can take back everything.',
  http: {
    method: 'POST',
    path: '/v1/pending-approvals/{pending_approval_id}/cancel',
    status: 200,
    id: 'cancelPendingApproval',
    tag: 'Pending Approvals',
  },
  command: { name: 'consensus cancel' },
  effect: 'write',
  access: { permission: 'end', resource: ({ pending_approval_id }) => pendingApprovalAt(pending_approval_id) },
  audit: {
    action: 'pending_approval.cancel',
    resource: 'pending_approval',
    about: ({ pending_approval_id }) => ({ id: pending_approval_id }),
  },
  input: z.object(pendingRef),
  output: PendingApprovalBody,
  errors: [pendingApprovalNotFound, notOpen],
  run: (context, { pending_approval_id }) => {
    const { unit, now } = context
    const one = unit.require(pendingApprovalKind, pending_approval_id, pendingApprovalNotFound)
    const status = statusOf(one, now)
    if (status !== 'pending' && status !== 'approved') throw notOpen({ status })
    const cancelled: PendingApproval = { ...one, status: 'cancelled', updatedAt: now }
    unit.put(pendingApprovalKind, cancelled)
    stageClosed(unit, one.id, now)
    return pendingApprovalBody(context, cancelled)
  },
})
