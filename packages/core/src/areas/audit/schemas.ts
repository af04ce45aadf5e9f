import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { AuditEvent } from '../../records/index.ts'

/** What happened, as callers see it. */
export const AuditEventBody = z
  .object({
    id: fields.id(),
    action: z.string(),
    actor_id: z.string(),
    actor_type: z.string(),
    resource_type: z.string(),
    resource_id: z.string(),
    org_id: fields.id(),
    details: fields.shownObject(),
    ip_address: z.string().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'AuditEvent' })

export type AuditEventBody = z.infer<typeof AuditEventBody>

export function auditEventBody(org: string, event: AuditEvent): AuditEventBody {
  return {
    id: event.id,
    action: event.action,
    actor_id: event.actorId,
    actor_type: event.actorType,
    resource_type: event.resourceType,
    resource_id: event.resourceId,
    org_id: org,
    details: event.details,
    ip_address: event.ip ?? undefined,
    created_at: rfc3339(event.at),
  }
}
