import type { Role, UnitContext } from '../../operations/index.ts'
import { isBlocked } from '../credentials/index.ts'
import { type User, userKind } from '../orgs/index.ts'
import { type PendingApproval, type Status, statusOf } from './records.ts'
import type { Trigger } from './trigger.ts'

// What votes count for. People leave, are blocked and change roles after they vote, so each look counts again.

type Approval = Trigger['approval']

/** The roles that a rule lists. Default: owners and admins. */
export function listedRoles({ required_roles = [] }: Approval): readonly Role[] {
  return required_roles.length > 0 ? required_roles : ['owner', 'admin']
}

/** How many approvals of a role count. A role that has only a minimum counts at most that minimum. */
export function countsAtMost(approval: Approval, role: Role): number {
  return listedRoles(approval).includes(role) ? Number.POSITIVE_INFINITY : (approval.per_role_minimums?.[role] ?? 0)
}

/** The status, with the votes as they count now. */
export function statusNow(context: Pick<UnitContext, 'unit' | 'now'>, one: PendingApproval): Status {
  const status = statusOf(one, context.now)
  return status === 'approved' && !isEnough(context, one) ? 'pending' : status
}

/** The number of approvals that count now. */
export function approvalsNow(context: Pick<UnitContext, 'unit' | 'now'>, one: PendingApproval): number {
  return counted(one.approval, approversByRole(context, one))
}

export function isEnough(context: Pick<UnitContext, 'unit' | 'now'>, one: PendingApproval): boolean {
  const { min_approvals, per_role_minimums = {} } = one.approval
  const byRole = approversByRole(context, one)
  const hasMinimums = Object.entries(per_role_minimums).every(([role, least]) => {
    return (byRole.get(role as Role) ?? 0) >= (least ?? 0)
  })
  return hasMinimums && counted(one.approval, byRole) >= min_approvals
}

function counted(approval: Approval, byRole: ReadonlyMap<Role, number>): number {
  return [...byRole].reduce((sum, [role, count]) => sum + Math.min(count, countsAtMost(approval, role)), 0)
}

function approversByRole(context: Pick<UnitContext, 'unit' | 'now'>, one: PendingApproval): ReadonlyMap<Role, number> {
  const byRole = new Map<Role, number>()
  for (const { role } of approvers(context, one)) byRole.set(role, (byRole.get(role) ?? 0) + 1)
  return byRole
}

/** The commit fails if one of the people who approved changes. */
export function holdApprovers(context: Pick<UnitContext, 'unit' | 'now'>, one: PendingApproval): void {
  for (const user of approvers(context, one)) context.unit.check(userKind, user)
}

/** Those who approved, are still active, and were there before the request. */
function approvers({ unit, now }: Pick<UnitContext, 'unit' | 'now'>, { votes, createdAt }: PendingApproval): User[] {
  const ids = votes.filter(({ decision }) => decision === 'approve').map(({ by }) => by)
  const found = ids.length > 0 ? unit.getAll(userKind, ids) : []
  return found.filter(
    (user) => user !== null && user.status === 'active' && !isBlocked(user, now) && user.createdAt <= createdAt,
  ) as User[]
}
