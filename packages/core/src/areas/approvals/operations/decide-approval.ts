import * as z from 'zod'
import { confirmField, confirmHeader, operation } from '../../../operations/index.ts'
import { type Chosen, confirmsWhen, type Decided, decided, deciding } from '../deciding.ts'
import { approvalRef, decisionField, reasonField } from '../schemas.ts'

export const decide = operation({
  ...deciding,
  name: 'approvals.decide',
  summary: 'Approve or reject. What the server carries out after an approval happens at once.',
  http: {
    method: 'POST',
    path: '/v1/approvals/{approval_id}/decide',
    status: 200,
    id: 'decideApproval',
    tag: 'Approvals',
    headers: confirmHeader,
  },
  command: { positionals: ['approval_id', 'decision'] },
  confirms: confirmsWhen<Decided & { readonly decision: Chosen }>(({ decision }) => decision === 'approved'),
  input: z.object({ ...approvalRef, decision: decisionField(), reason: reasonField(), auth_confirm: confirmField() }),
  run: (context, input) => decided(context, input, input.decision),
})
