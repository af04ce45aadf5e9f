import { type Context, notAuthenticated, signedIn } from '../../operations/index.ts'
import { type User, userKind } from '../orgs/index.ts'

/** Returns the record of the calling user. */
export function currentUser(context: Context): User {
  const user = context.unit.get(userKind, signedIn(context).id)
  if (!user) throw notAuthenticated({ reason: 'This operation requires the credential of a user.' })
  return user
}
