import { type Context, denied, knownCaller } from '../../operations/index.ts'
import { runs } from './access.ts'
import { connectionNotFound } from './errors.ts'
import { type App, appKind, type Connection, connectionKind } from './records.ts'

/** The app and a connection of it that has not ended, for the app and for who runs it. */
export function appConnection(
  context: Pick<Context, 'unit' | 'caller'>,
  connectionId: string,
): { readonly app: App; readonly connection: Connection } {
  const { unit } = context
  const connection = unit.get(connectionKind, connectionId)
  const app = connection && unit.get(appKind, connection.appId)
  if (!app || connection.status === 'disconnected' || !runs(context, app)) throw connectionNotFound()
  if (!app.isActive) throw denied({ reason: 'The platform app is switched off.' })
  return { app, connection }
}

/** A connection of the calling user that has not ended. */
export function ownConnection(context: Context, connectionId: string): Connection {
  const connection = context.unit.get(connectionKind, connectionId)
  const caller = knownCaller(context)
  const isOwn = caller.kind === 'user' && caller.delegation === null && connection?.userId === caller.id
  if (!connection || !isOwn || connection.status === 'disconnected') throw connectionNotFound()
  return connection
}

/** The connection for its user, for its app, and for who runs the app. */
export function eitherConnection(context: Context, connectionId: string): Connection {
  const { caller } = context
  const delegation = caller.kind === 'user' ? caller.delegation : null
  const connection = context.unit.get(connectionKind, connectionId)
  if (!connection || connection.status === 'disconnected') throw connectionNotFound()
  if (delegation) {
    if (delegation.connectionId !== connectionId) throw connectionNotFound()
    return connection
  }
  if (caller.kind === 'user' && connection.userId === caller.id) return connection
  return appConnection(context, connectionId).connection
}
