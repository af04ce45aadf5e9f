import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { AuditEventShown } from '../../ports/audit-sink.ts'
import type { AuditEvent } from '../../records/index.ts'
import type { Segment } from './segments.ts'

/** An audit event, as callers see it. */
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

/** The same, with its position in the trail. */
export const AuditEventInTrail = AuditEventBody.extend({
  lane: z.string(),
  sequence: fields.count(Number.MAX_SAFE_INTEGER),
  hash: z.string(),
}).meta({ id: 'AuditEventInTrail' })

export function auditEventInTrail(org: string, event: AuditEvent): AuditEventShown {
  const { lane, sequence, hash } = event
  return { ...auditEventBody(org, event), lane, sequence, hash }
}

export function laneName() {
  return fields.text(64, 1).regex(/^[0-9a-z]+$/, 'must be the name of a lane, such as main')
}

export function segmentNumber() {
  return fields.count()
}

export function digestText() {
  return z.string('must be a string').regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 digest, as 64 hexadecimal digits')
}

/** A closed segment of a lane, without its events. */
export const SegmentBody = z
  .object({
    lane: z.string(),
    number: segmentNumber(),
    first: fields.count(Number.MAX_SAFE_INTEGER),
    events: fields.count(),
    previous: z.string(),
    mac: z.string(),
    from: fields.shownTime(),
    to: fields.shownTime(),
    digest: z.string(),
    signature: z.string(),
    exported_at: fields.shownTime().nullable(),
  })
  .meta({ id: 'AuditSegment' })

export type SegmentBody = z.infer<typeof SegmentBody>

export function segmentBody({ lane, number, first, next, previous, mac, from, to, ...rest }: Segment): SegmentBody {
  const { digest, signature, exported } = rest
  return {
    lane,
    number,
    first,
    events: next - first,
    previous,
    mac,
    from: rfc3339(from),
    to: rfc3339(to),
    digest,
    signature,
    exported_at: exported ? rfc3339(exported.at) : null,
  }
}
