import type { Context } from '../../operations/index.ts'
import { connect, connectionOf, linkUser } from './connect.ts'
import { appNotFound, linkRequired } from './errors.ts'
import { appKind } from './records.ts'
import { askToLink, emailOf } from './upsert.ts'

interface Joining {
  readonly org: string
  readonly userId: string
  /** Whether this call makes the user. */
  readonly isNew: boolean
}

/**
 * Connects a user who signs in at an app. A new user chose the app by signing up there. A known user of another organisation, or
 * one who left the app, must agree first.
 *
 * @example
 * joinApp(context, appId, { org, userId: user.id, isNew: false })
 */
export function joinApp(context: Context, appId: string, { org, userId, isNew }: Joining): void {
  const app = context.unit.get(appKind, appId)
  if (!app?.isActive) throw appNotFound()
  if (isNew) {
    linkUser(context, app, { org, userId })
    return
  }
  const known = connectionOf(context, appId, userId)
  if (known && known.status !== 'disconnected') return
  if (!known && org === app.org) {
    connect(context, app, { org, userId })
    return
  }
  const reason = known ? 'user_disconnected' : 'user_exists_in_other_org'
  throw linkRequired(askToLink(context, app, emailOf(context, { userId }), reason))
}
