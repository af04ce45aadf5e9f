import type { Confirms, Context } from '../../operations/index.ts'
import { currentUser } from '../auth/index.ts'
import { approvalAt } from './access.ts'
import { decideApproval, requireFactor } from './decide.ts'
import { approvalDecided, approvalNotFound, ownRequest, secondFactorNeeded } from './errors.ts'
import { approvalKind } from './records.ts'
import { ApprovalBody, approvalBody } from './schemas.ts'

// What the operations that decide have in common.

export interface Decided {
  readonly approval_id: string
  readonly reason?: string | undefined
}

export type Chosen = 'approved' | 'rejected'

/** They leave the same event, so that a listener hears of every decision. */
export const deciding = {
  effect: 'write',
  access: { permission: 'decide', resource: ({ approval_id }: Decided) => approvalAt(approval_id), signedIn: ['user'] },
  audit: {
    action: 'approval.decide',
    resource: 'approval',
    about: ({ approval_id }: Decided, made: ApprovalBody | null) => ({
      ...{ id: approval_id, approval_action: made?.action, target_id: made?.target_id, status: made?.status },
      failure: made?.failure,
    }),
  },
  output: ApprovalBody,
  errors: [approvalNotFound, approvalDecided, ownRequest, secondFactorNeeded],
} as const

/** An approval of tier 2 or 3 needs a proof. A rejection needs none, because it allows nothing. */
export function confirmsWhen<I extends Decided>(isApproval: (input: I) => boolean): Confirms<I> {
  return {
    purpose: 'approval.decide',
    when: ({ context, input }) =>
      isApproval(input) && (context.unit.get(approvalKind, input.approval_id)?.tier ?? 1) > 1,
  }
}

export function decided(context: Context, { approval_id, reason }: Decided, status: Chosen): ApprovalBody {
  const approval = context.unit.require(approvalKind, approval_id, approvalNotFound)
  if (status === 'approved') requireFactor(context, approval)
  return approvalBody(context, decideApproval(context, approval, currentUser(context), { status, reason }))
}
