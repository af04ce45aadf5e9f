import { type Context, denied, type Role, signedIn } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { lastOwner } from './errors.ts'
import { type User, userKind } from './records.ts'

/**
 * Returns the role from the record of the caller. The commit fails if the record changes. So two owners who demote each
 * other at the same time do not both succeed.
 */
export function callerRole(context: Context): Role {
  const user = context.unit.get(userKind, signedIn(context).id)
  if (!user) throw denied({ reason: 'Only owners and admins of the organisation may do this.' })
  context.unit.check(userKind, user)
  return user.role
}

/** The purpose of a proof. Without one, a stolen session could make an owner of the thief, and so outlive itself. */
export const promotes = 'member.promote'

/** The lowest role first. */
export const rankedRoles: readonly Role[] = ['member', 'admin', 'owner']

export function isHigher(role: Role, than: Role): boolean {
  return rankedRoles.indexOf(role) > rankedRoles.indexOf(than)
}

/** Only an owner can add, change or remove an owner. */
export function checkOwnership(caller: Role, ...touched: readonly Role[]): void {
  if (caller === 'owner' || !touched.includes('owner')) return
  throw denied({ reason: 'Only an owner may add, change or remove an owner.' })
}

/** Throws if this user is the only active owner. The commit fails if the other owner changes. */
export function keepAnOwner(unit: Unit, leaving: User): void {
  const owners = unit.list(userKind, 'role', 'owner')
  const other = owners.find(({ id, status }) => id !== leaving.id && status === 'active')
  if (!other) throw lastOwner()
  unit.check(userKind, other)
}
