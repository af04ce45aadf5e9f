import type { Json } from '../../kernel/json.ts'
import { auditEvent, type Context } from '../../operations/index.ts'
import type { Connection } from './records.ts'

/** What happened to a connection, for webhooks and the trail of the app. */
type ConnectionEvent =
  | 'platform.user.connected'
  | 'platform.user.disconnected'
  | 'platform.user.claimed'
  | 'platform.claim.reissued'
  | 'platform.bootstrap.completed'
  | 'platform.grant.created'
  | 'platform.grant.revoked'

type Facts = Readonly<Record<string, Json | undefined>>

/** Stages an event in the trail of the app, and in that of the user if this is another one. */
export function tell(context: Context, connection: Connection, action: ConnectionEvent, facts: Facts = {}): void {
  const { id, appId, appOrg, org, userId } = connection
  const details = { app_id: appId, connection_id: id, user_id: userId, ...facts }
  const event = auditEvent(context, { action, resource: { type: 'platform_app', id: appId }, details })
  for (const lane of new Set([appOrg, org])) context.unit.audit(event, lane)
}

/** What the event of an operation on an app says. */
export function aboutApp(appId: string, facts: Facts = {}) {
  return { id: appId, app_id: appId, ...facts }
}

export function aboutTemplate(appId: string, templateId: string | undefined, facts: Facts = {}) {
  return aboutApp(appId, { template_id: templateId, ...facts })
}

/** What the event of an operation on a connection says, which names its app only once it is found. */
export function aboutConnection(connectionId: string, facts: Facts = {}) {
  return { id: connectionId, connection_id: connectionId, ...facts }
}
