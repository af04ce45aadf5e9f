import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { pendingApprovalAt } from '../access.ts'
import { changeRefused, notOpen, pendingApprovalNotFound } from '../errors.ts'
import { execute } from '../execute.ts'
import { pendingApprovalKind } from '../records.ts'
import { pendingRef } from '../schemas.ts'
import { statusNow } from '../tally.ts'

const ExecutedBody = z
  .object({
    pending_approval_id: fields.id(),
    status: z.string(),
    executed_at: fields.shownTime(),
    result: fields
      .shownObject()
      .describe(
        'The result of the change. If it is empty, the submitter must send the same request again with approval_id.',
      ),
  })
  .meta({ id: 'ExecutePendingApprovalResponse' })

export const executePendingApproval = operation({
  name: 'consensus.execute',
  summary:
    'Execute an approved change in the name of its submitter. For a signature or a secret, the submitter must then send the request again with approval_id.',
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
    ofRefusals: true,
  },
  input: z.object(pendingRef),
  output: ExecutedBody,
  reveals: ['result.api_key'],
  errors: [pendingApprovalNotFound, notOpen, changeRefused],
  run: (context, { pending_approval_id }) => {
    const one = context.unit.require(pendingApprovalKind, pending_approval_id, pendingApprovalNotFound)
    const status = statusNow(context, one)
    if (status !== 'approved') throw notOpen({ status })
    return execute(context, one)
  },
})
