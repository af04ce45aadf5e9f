import { type Caller, type Context, isAdmin, type Resource } from '../../operations/index.ts'
import { pendingApprovalNotFound } from './errors.ts'
import { type PendingApproval, pendingApprovalKind } from './records.ts'

// Owners and admins see every pending approval, and those whose role may decide do too. Who submitted one sees it.

/** `see`: read it. `decide`: vote. `end`: execute it, or take it back. */
export type PendingPermission = 'see' | 'decide' | 'end'

export function pendingApprovalAt(id: string): Resource<PendingPermission> {
  return {
    type: 'pending_approval',
    about: { id },
    authorize: ({ unit, caller }, permission) => {
      const one = unit.require(pendingApprovalKind, id, pendingApprovalNotFound)
      const may = {
        see: decides(caller, one) || isOwn(caller, one),
        decide: decides(caller, one),
        end: ends(caller, one),
      }
      if (!may[permission]) throw pendingApprovalNotFound()
    },
  }
}

/** Those that the caller may see, newest first. */
export function visiblePending({ unit, caller }: Context): readonly PendingApproval[] {
  const all = unit.list(pendingApprovalKind, 'created').toReversed()
  return all.filter((one) => decides(caller, one) || isOwn(caller, one))
}

function decides(caller: Caller, { approval }: PendingApproval): boolean {
  return caller.kind === 'user' && (isAdmin(caller) || approval.required_roles?.includes(caller.role) === true)
}

function ends(caller: Caller, one: PendingApproval): boolean {
  return (caller.kind === 'user' && isAdmin(caller)) || isOwn(caller, one)
}

export function isOwn(caller: Caller, { submittedBy }: PendingApproval): boolean {
  return caller.kind === submittedBy.kind && caller.id === submittedBy.id
}
