import { type Context, denied, signedIn } from '../../operations/index.ts'
import { callerRole, checkOwnership, type User, userKind } from '../orgs/index.ts'
import { recoveryNotFound, recoveryNotPending } from './errors.ts'
import { type RecoveryRequest, recoveryRequestKind, statusOf } from './records.ts'

interface Decided {
  readonly request: RecoveryRequest
  /** Whose factor it is. */
  readonly user: User
}

/**
 * The request that an admin decides about, in a state in which that is possible. Never their own: a stolen token of an
 * admin must not be able to remove the second factor of the admin.
 */
export function requestToDecide(context: Context, id: string, state: 'pending_approval' | 'approved'): Decided {
  const { unit, now } = context
  const own = callerRole(context)
  const request = unit.require(recoveryRequestKind, id, recoveryNotFound)
  const user = unit.require(userKind, request.user, recoveryNotFound)
  if (request.user === signedIn(context).id)
    throw denied({ reason: 'Another admin must decide about your own request.' })
  checkOwnership(own, user.role)
  const status = statusOf(request, now)
  if (status !== state) throw recoveryNotPending({ status })
  return { request, user }
}
