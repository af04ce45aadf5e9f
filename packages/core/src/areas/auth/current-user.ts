import { type Context, notAuthenticated, signedIn } from '../../operations/index.ts'
import { type User, userKind } from '../orgs/index.ts'

/** The record of the user who is asking. */
export async function currentUser(context: Context): Promise<User> {
  const user = await context.unit.get(userKind, signedIn(context).id)
  if (!user) throw notAuthenticated({ reason: 'This operation requires the credential of a user.' })
  return user
}
