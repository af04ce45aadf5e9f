import * as z from 'zod'
import { type Confirms, type Context, confirmField, confirmHeader, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { approvalAt } from '../access.ts'
import { decideApproval, requireFactor } from '../decide.ts'
import { approvalDecided, approvalNotFound, ownRequest, secondFactorNeeded } from '../errors.ts'
import { approvalKind } from '../records.ts'
import { ApprovalBody, approvalBody, approvalRef, decisionField, reasonField } from '../schemas.ts'

interface Input {
  readonly approval_id: string
  readonly reason?: string | undefined
}

type Status = 'approved' | 'rejected'

/** The three operations leave the same event, so that a listener hears of every decision. */
const common = {
  effect: 'write',
  access: { permission: 'decide', resource: ({ approval_id }: Input) => approvalAt(approval_id), signedIn: ['user'] },
  audit: {
    action: 'approval.decide',
    resource: 'approval',
    about: ({ approval_id }: Input, made: ApprovalBody | null) => ({
      ...{ id: approval_id, approval_action: made?.action, target_id: made?.target_id, status: made?.status },
      failure: made?.failure,
    }),
  },
  output: ApprovalBody,
  errors: [approvalNotFound, approvalDecided, ownRequest, secondFactorNeeded],
} as const

export const decide = operation({
  ...common,
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
  confirms: confirmsWhen<Input & { readonly decision: Status }>(({ decision }) => decision === 'approved'),
  input: z.object({ ...approvalRef, decision: decisionField(), reason: reasonField(), auth_confirm: confirmField() }),
  run: (context, input) => decided(context, input, input.decision),
})

export const approve = operation({
  ...common,
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
  confirms: confirmsWhen<Input>(() => true),
  input: z.object({ ...approvalRef, reason: reasonField(), auth_confirm: confirmField() }),
  run: (context, input) => decided(context, input, 'approved'),
})

export const deny = operation({
  ...common,
  name: 'approvals.deny',
  summary: 'Reject.',
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

/** An approval of tier 2 or 3 needs a proof. A rejection needs none, because it allows nothing. */
function confirmsWhen<I extends Input>(isApproval: (input: I) => boolean): Confirms<I> {
  return {
    purpose: 'approval.decide',
    when: ({ context, input }) =>
      isApproval(input) && (context.unit.get(approvalKind, input.approval_id)?.tier ?? 1) > 1,
  }
}

function decided(context: Context, { approval_id, reason }: Input, status: Status): ApprovalBody {
  const approval = context.unit.require(approvalKind, approval_id, approvalNotFound)
  if (status === 'approved') requireFactor(context, approval)
  return approvalBody(context, decideApproval(context, approval, currentUser(context), { status, reason }))
}
