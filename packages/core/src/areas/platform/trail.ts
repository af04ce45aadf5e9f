import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields, knownCaller } from '../../operations/index.ts'
import type { AuditDraft, AuditEvent } from '../../records/index.ts'
import { findEvents } from '../audit/index.ts'

const pageDefault = 50
const pageMax = 500
/** A total is counted up to this many. */
const countMax = 10_000

export const trailPage = {
  limit: fields.optional(fields.count(pageMax, 1)).describe(`Maximum number of entries. Default: ${pageDefault}.`),
  offset: fields.optional(fields.count()).describe('Number of entries to skip. Default: 0.'),
}

interface Page {
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

interface Wanted {
  readonly org: string
  readonly terms: { readonly actor?: string; readonly resource?: string }
  isOpen(draft: AuditDraft): boolean
}

/** A page of events of an organisation, which need not be that of the caller. */
export function pageOfEvents(context: Context, wanted: Wanted, { limit = pageDefault, offset = 0 }: Page) {
  return findEvents(context, { ...wanted, askedBy: knownCaller(context).id, limit, offset, countMax })
}

export const AppEventBody = z
  .object({
    id: fields.id(),
    action: z.string(),
    actor_id: z.string(),
    actor_type: z.string(),
    resource_type: z.string(),
    resource_id: z.string(),
    metadata: fields.shownObject(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'PlatformEvent' })

export function appEventBody(event: AuditEvent): z.infer<typeof AppEventBody> {
  return {
    id: event.id,
    action: event.action,
    actor_id: event.actorId,
    actor_type: event.actorType,
    resource_type: event.resourceType,
    resource_id: event.resourceId,
    metadata: event.details,
    created_at: rfc3339(event.at),
  }
}

/** The names of two generations of clients (§1.4). */
export const DelegationEntryBody = z
  .object({
    id: fields.id(),
    connection_id: fields.id(),
    platform_app_id: fields.id(),
    actor_id: z.string(),
    action: z.string(),
    scope: z.string(),
    resource_type: z.string().nullable(),
    resource_id: z.string().nullable(),
    success: z.boolean(),
    error: z.string().nullable(),
    created_at: fields.shownTime(),
    timestamp: fields.shownTime(),
    details: fields.shownObject(),
  })
  .meta({ id: 'DelegationLogEntry' })

export function delegationEntryBody(event: AuditEvent): z.infer<typeof DelegationEntryBody> {
  const { app_id, connection_id, scope, code, ...details } = event.details
  const at = rfc3339(event.at)
  return {
    id: event.id,
    connection_id: String(connection_id),
    platform_app_id: String(app_id),
    actor_id: String(app_id),
    action: event.action,
    scope: String(scope),
    resource_type: event.resourceType,
    resource_id: event.resourceId || null,
    success: code === undefined,
    error: code === undefined ? null : String(code),
    created_at: at,
    timestamp: at,
    details,
  }
}
