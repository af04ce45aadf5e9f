import { type Caller, type Context, denied, isAdmin, type Resource, type Role } from '../../operations/index.ts'
import { pendingApprovalNotFound } from './errors.ts'
import { type PendingApproval, pendingApprovalKind } from './records.ts'

// Owners, admins and the people who decide see a pending approval. The caller who submitted it sees it too.

/** `see`: read it. `decide`: vote. `execute`: let the caller go on. `end`: take it back. */
export type PendingPermission = 'see' | 'decide' | 'execute' | 'end'

export function pendingApprovalAt(id: string): Resource<PendingPermission> {
  return {
    type: 'pending_approval',
    about: { id },
    authorize: ({ unit, caller }, permission) => {
      const one = unit.require(pendingApprovalKind, id, pendingApprovalNotFound)
      const may = {
        see: sees(caller, one),
        decide: decides(caller, one),
        execute: (caller.kind === 'user' && isAdmin(caller)) || decides(caller, one),
        end: ends(caller, one),
      }
      if (!may.see) throw pendingApprovalNotFound()
      if (!may[permission]) throw denied({ reason: 'The policy gives your role no part in this decision.' })
    },
  }
}

/** Those that the caller may see, newest first. */
export function visiblePending({ unit, caller }: Context): readonly PendingApproval[] {
  const all = unit.list(pendingApprovalKind, 'created').toReversed()
  return all.filter((one) => sees(caller, one))
}

function sees(caller: Caller, one: PendingApproval): boolean {
  return ends(caller, one) || decides(caller, one)
}

function decides(caller: Caller, { approval }: PendingApproval): boolean {
  return caller.kind === 'user' && votersOf(approval).includes(caller.role)
}

/** Roles whose votes count: those that are listed and those that have a minimum. Default: owners and admins. */
function votersOf({ required_roles = [], per_role_minimums = {} }: PendingApproval['approval']): readonly Role[] {
  const listed: readonly Role[] = required_roles.length > 0 ? required_roles : ['owner', 'admin']
  const counted = (Object.keys(per_role_minimums) as Role[]).filter((role) => (per_role_minimums[role] ?? 0) > 0)
  return [...listed, ...counted]
}

function ends(caller: Caller, one: PendingApproval): boolean {
  return (caller.kind === 'user' && isAdmin(caller)) || isOwn(caller, one)
}

export function isOwn(caller: Caller, { submittedBy }: PendingApproval): boolean {
  return caller.kind === submittedBy.kind && caller.id === submittedBy.id
}
