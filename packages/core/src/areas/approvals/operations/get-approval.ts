import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { approvalAt } from '../access.ts'
import { approvalNotFound } from '../errors.ts'
import { approvalKind } from '../records.ts'
import { ApprovalBody, approvalBody, approvalRef } from '../schemas.ts'

export const getApproval = operation({
  name: 'approvals.get',
  summary: 'Get an approval. An agent gets its own, and polls this for the decision.',
  http: {
    method: 'GET',
    path: '/v1/approvals/{approval_id}',
    status: 200,
    id: 'getApproval',
    tag: 'Approvals',
    aliases: [{ method: 'GET', path: '/v1/approvals/{approval_id}/status', status: 200 }],
  },
  effect: 'read',
  access: { permission: 'see', resource: ({ approval_id }) => approvalAt(approval_id) },
  audit: { action: 'approval.read', resource: 'approval', about: ({ approval_id }) => ({ id: approval_id }) },
  input: z.object(approvalRef),
  output: ApprovalBody,
  errors: [approvalNotFound],
  run: (context, { approval_id }) =>
    approvalBody(context, context.unit.require(approvalKind, approval_id, approvalNotFound)),
})
