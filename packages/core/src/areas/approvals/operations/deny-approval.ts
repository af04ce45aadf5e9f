import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { decided, deciding } from '../deciding.ts'
import { approvalRef, reasonField } from '../schemas.ts'

export const deny = operation({
  ...deciding,
  name: 'approvals.deny',
  summary: 'Reject what was asked for.',
  http: {
    method: 'POST',
    path: '/v1/approvals/{approval_id}/deny',
    status: 200,
    id: 'denyApproval',
    tag: 'Approvals',
  },
  input: z.object({ ...approvalRef, reason: reasonField() }),
  run: (context, input) => decided(context, input, 'rejected'),
})
