import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { pendingApprovalAt } from '../access.ts'
import { pendingApprovalNotFound } from '../errors.ts'
import { pendingApprovalKind } from '../records.ts'
import { PendingApprovalBody, pendingApprovalBody, pendingRef } from '../schemas.ts'

export const getPendingApproval = operation({
  name: 'consensus.get',
  summary: 'Get what people must agree to, with their votes.',
  http: {
    method: 'GET',
    path: '/v1/pending-approvals/{pending_approval_id}',
    status: 200,
    id: 'getPendingApproval',
    tag: 'Pending Approvals',
  },
  command: { name: 'consensus get' },
  effect: 'read',
  access: { permission: 'see', resource: ({ pending_approval_id }) => pendingApprovalAt(pending_approval_id) },
  audit: {
    action: 'pending_approval.read',
    resource: 'pending_approval',
    about: ({ pending_approval_id }) => ({ id: pending_approval_id }),
  },
  input: z.object(pendingRef),
  output: PendingApprovalBody,
  errors: [pendingApprovalNotFound],
  run: (context, { pending_approval_id }) =>
    pendingApprovalBody(
      context,
      context.unit.require(pendingApprovalKind, pending_approval_id, pendingApprovalNotFound),
    ),
})
