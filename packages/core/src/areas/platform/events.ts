import type { Json } from '../../kernel/json.ts'
import { auditEvent, type Context } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import type { Connection } from './records.ts'

/** What happened to a connection, for webhooks and the trail of the app. */
export const connectionEvents = [
  'platform.user.connected',
  'platform.user.disconnected',
  'platform.user.claimed',
  'platform.claim.reissued',
  'platform.claim.expired',
  'platform.bootstrap.completed',
  'platform.grant.created',
  'platform.grant.revoked',
] as const

type Facts = Readonly<Record<string, Json | undefined>>

type ConnectionEvent = (typeof connectionEvents)[number]

/** Stages an event in the trail of the app, and in that of the user if this is another one. */
export function tell(context: Context, connection: Connection, action: ConnectionEvent, facts: Facts = {}): void {
  tellBy(context.unit, context, connection, action, facts)
}

/** The same for an actor that need not be the caller. */
export function tellBy(
  unit: Unit,
  by: Parameters<typeof auditEvent>[0],
  { id, appId, appOrg, org, userId }: Connection,
  action: ConnectionEvent,
  facts: Facts = {},
): void {
  const details = { app_id: appId, connection_id: id, user_id: userId, ...facts }
  const event = auditEvent(by, { action, resource: { type: 'platform_app', id: appId }, details })
  for (const lane of new Set([appOrg, org])) unit.audit(event, lane)
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
