import * as z from 'zod'
import { confirmField, confirmHeader, operation } from '../../../operations/index.ts'
import { confirmsWhen, type Decided, decided, deciding } from '../deciding.ts'
import { approvalRef, reasonField } from '../schemas.ts'

export const approve = operation({
  ...deciding,
  name: 'approvals.approve',
  summary: 'Approve. What the server carries out happens at once.',
  http: {
    method: 'POST',
    path: '/v1/approvals/{approval_id}/approve',
    status: 200,
    id: 'approveApproval',
    tag: 'Approvals',
    headers: confirmHeader,
  },
  confirms: confirmsWhen<Decided>(() => true),
  input: z.object({ ...approvalRef, reason: reasonField(), auth_confirm: confirmField() }),
  run: (context, input) => decided(context, input, 'approved'),
})
