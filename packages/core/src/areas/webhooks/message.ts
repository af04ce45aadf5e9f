import { rfc3339 } from '../../kernel/time.ts'
import type { Heard } from '../../operations/index.ts'

/** The delivered message, as JSON. `event` repeats `type` for older receivers. */
export interface Envelope {
  readonly id: string
  readonly type: string
  readonly created_at: string
  readonly org_id: string
  readonly data: Readonly<Record<string, unknown>>
}

/** The text of an event: who did what to which thing, with the details of the trail. The address of the actor is left out. */
export function eventBody(event: string, { id, at, org, details, ...heard }: Heard): string {
  const { actorType, actorId, resourceType, resourceId } = heard
  const about = { actor_type: actorType, actor_id: actorId, resource_type: resourceType, resource_id: resourceId }
  return bodyOf({ id, type: event, created_at: rfc3339(at), org_id: org, data: { ...details, ...about } })
}

export function bodyOf({ id, type, ...rest }: Envelope): string {
  return JSON.stringify({ id, type, event: type, ...rest })
}
