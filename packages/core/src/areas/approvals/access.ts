import { type Caller, type Context, isAdmin, type Resource } from '../../operations/index.ts'
import { approvalNotFound } from './errors.ts'
import { type Approval, approvalKind } from './records.ts'

// Owners and admins see and decide every approval, members those that they are asked for (D11). An agent sees its own.

/** `see`: read it. `decide`: approve or reject it. */
export type ApprovalPermission = 'see' | 'decide'

export function approvalAt(id: string): Resource<ApprovalPermission> {
  return {
    type: 'approval',
    about: { id },
    authorize: ({ unit, caller }, permission) => {
      const approval = unit.require(approvalKind, id, approvalNotFound)
      if (decides(caller, approval)) return
      if (permission === 'decide' || !hasAsked(caller, approval)) throw approvalNotFound()
    },
  }
}

/** Every approval that the caller may see, newest first. */
export function visibleApprovals({ unit, caller }: Context): readonly Approval[] {
  if (caller.kind !== 'user') return []
  const all = isAdmin(caller) ? unit.list(approvalKind, 'created') : unit.list(approvalKind, 'asked', caller.id)
  return all.toReversed()
}

function decides(caller: Caller, { userId }: Approval): boolean {
  return caller.kind === 'user' && (isAdmin(caller) || caller.id === userId)
}

function hasAsked(caller: Caller, { requestedBy }: Approval): boolean {
  return caller.kind === requestedBy.kind && caller.id === requestedBy.id
}
