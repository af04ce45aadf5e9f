import { type Context, signedIn } from '../../operations/index.ts'
import { accountNotFound } from './errors.ts'
import { type Account, accountKind } from './records.ts'

/** An account that the caller owns. Every other one does not exist for the caller. */
export function ownAccount(context: Context, id: string): Account {
  const account = context.unit.require(accountKind, id, accountNotFound)
  if (!owns(context, account)) throw accountNotFound()
  return account
}

/** An account that the caller may see: an own one. Owners and admins also see the accounts of the organisation itself. */
export function visibleAccount(context: Context, id: string): Account {
  const account = context.unit.require(accountKind, id, accountNotFound)
  const caller = signedIn(context)
  const isAdmin = caller.kind === 'user' && caller.role !== 'member'
  if (owns(context, account) || (isAdmin && account.type !== 'internal')) return account
  throw accountNotFound()
}

function owns(context: Context, { createdBy }: Account): boolean {
  const { kind, id } = signedIn(context)
  return createdBy.kind === kind && createdBy.id === id
}
