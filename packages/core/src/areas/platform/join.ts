import { PawlError } from '../../kernel/errors.ts'
import type { Context } from '../../operations/index.ts'
import { connect, connectionOf, linkUser, requireRoomFor } from './connect.ts'
import { appNotFound, linkRequired } from './errors.ts'
import { type App, appKind } from './records.ts'
import { askToLink, emailOf } from './upsert.ts'

interface Joining {
  readonly org: string
  readonly userId: string
  /** Whether this call makes the user. */
  readonly isNew: boolean
}

/**
 * Connects a user who signs in at an app. A new user chose the app by signing up there. A known user of another organisation, or
 * one who left the app, must agree first. Returns the refusal, or null. With a refusal, nothing is staged.
 *
 * @example
 * const refused = joinApp(context, appId, { org, userId: user.id, isNew: false })
 * if (refused) return new CommitThenThrow(refused)
 */
export function joinApp(context: Context, appId: string, joining: Joining): PawlError | null {
  return refusalOf(() => join(context, openApp(context, appId), joining))
}

/** The reason why a user who does not exist yet cannot join, or null. */
export function refusesNewUsers(context: Context, appId: string): PawlError | null {
  return refusalOf(() => requireRoomFor(context, openApp(context, appId)))
}

function refusalOf(work: () => void): PawlError | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof PawlError) return error
    throw error
  }
}

function openApp({ unit }: Context, appId: string): App {
  const app = unit.get(appKind, appId)
  if (!app?.isActive) throw appNotFound()
  return app
}

function join(context: Context, app: App, { org, userId, isNew }: Joining): void {
  if (isNew) {
    linkUser(context, app, { org, userId })
    return
  }
  const known = connectionOf(context, app.id, userId)
  if (known && known.status !== 'disconnected') return
  if (!known && org === app.org) {
    connect(context, app, { org, userId })
    return
  }
  const reason = known ? 'user_disconnected' : 'user_exists_in_other_org'
  throw linkRequired(askToLink(context, app, emailOf(context, { userId }), reason))
}
