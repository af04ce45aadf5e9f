import type { Context } from '../../operations/index.ts'
import { countStatus, countsOf } from './counts.ts'
import { tooManyUsers } from './errors.ts'
import { tell } from './events.ts'
import { type App, type Connection, connectionKind } from './records.ts'

interface Member {
  readonly org: string
  readonly userId: string
  readonly externalSubject?: string | null
}

/** The connection of an app and a user, in any state. */
export function connectionOf({ unit }: Pick<Context, 'unit'>, appId: string, userId: string): Connection | null {
  return unit.find(connectionKind, 'member', appId, userId)
}

/** Stages the first connection of an app and a user. */
export function connect(context: Context, app: App, { org, userId, externalSubject = null }: Member): Connection {
  const connection: Connection = {
    id: context.newId(),
    appId: app.id,
    appOrg: app.org,
    org,
    userId,
    externalSubject,
    status: 'pending',
    vaultIds: [],
    agentIds: [],
    policyIds: [],
    grantedAgentIds: [],
    claim: null,
    delegationEnabled: false,
    delegationScopes: [],
    createdAt: context.now,
    bootstrappedAt: null,
    claimedAt: null,
  }
  requireRoomFor(context, app)
  countStatus(context.unit, app.id, null, 'pending')
  context.unit.put(connectionKind, connection)
  tell(context, connection, 'platform.user.connected', { external_subject: externalSubject ?? undefined })
  return connection
}

/** The limit is for new connections. Those that are there stay. */
export function requireRoomFor({ unit }: Context, { id, maxConnectedUsers }: App): void {
  if (maxConnectedUsers !== null && countsOf(unit, id).connections >= maxConnectedUsers) {
    throw tooManyUsers({ max: maxConnectedUsers })
  }
}

/**
 * Connects the calling user to an app because they agreed (the scope `link` of OAuth). A user who disconnected before is
 * connected again, without what was delegated before.
 *
 * @example
 * const { connectionId } = linkUser(context, app, { org: caller.org, userId: caller.id })
 */
export function linkUser(context: Context, app: App, member: Member): { readonly connectionId: string } {
  const before = connectionOf(context, app.id, member.userId)
  if (!before) return activate(context, connect(context, app, member))
  if (before.status === 'pending') return activate(context, before)
  if (before.status !== 'disconnected') return { connectionId: before.id }
  requireRoomFor(context, app)
  tell(context, before, 'platform.user.connected')
  return activate(context, before)
}

function activate({ unit }: Context, connection: Connection): { readonly connectionId: string } {
  countStatus(unit, connection.appId, connection.status, 'active')
  unit.put(connectionKind, { ...connection, status: 'active' })
  return { connectionId: connection.id }
}
