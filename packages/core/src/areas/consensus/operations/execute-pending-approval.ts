import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { pendingApprovalAt } from '../access.ts'
import { notOpen, pendingApprovalNotFound } from '../errors.ts'
import { stageClosed } from '../open.ts'
import { pendingApprovalKind } from '../records.ts'
import { pendingRef } from '../schemas.ts'
import { holdApprovers, statusNow } from '../tally.ts'

const ExecutedBody = z
  .object({
    pending_approval_id: fields.id(),
    status: z.string(),
    executed_at: fields.shownTime(),
    result: fields.shownObject(),
  })
  .meta({ id: 'ExecutePendingApprovalResponse' })

export const executePendingApproval = operation({
  name: 'consensus.execute',
  summary: 'Let the caller go on with what enough people have approved. It sends the same request with approval_id.',
  http: {
    method: 'POST',
    path: '/v1/pending-approvals/{pending_approval_id}/execute',
    status: 200,
    id: 'executePendingApproval',
    tag: 'Pending Approvals',
  },
  command: { name: 'consensus execute' },
  effect: 'write',
  access: {
    permission: 'execute',
    resource: ({ pending_approval_id }) => pendingApprovalAt(pending_approval_id),
    signedIn: ['user'],
  },
  audit: {
    action: 'pending_approval.execute',
    resource: 'pending_approval',
    about: ({ pending_approval_id }) => ({ id: pending_approval_id }),
  },
  input: z.object(pendingRef),
  output: ExecutedBody,
  errors: [pendingApprovalNotFound, notOpen],
  run: (context, { pending_approval_id }) => {
    const { unit, now } = context
    const one = unit.require(pendingApprovalKind, pending_approval_id, pendingApprovalNotFound)
    const status = statusNow(context, one)
    if (status !== 'approved') throw notOpen({ status })
    holdApprovers(context, one)
    unit.put(pendingApprovalKind, { ...one, status: 'executed', executedAt: now, updatedAt: now })
    stageClosed(unit, one.id, now)
    return { pending_approval_id, status: 'executed', executed_at: rfc3339(now), result: {} }
  },
})
