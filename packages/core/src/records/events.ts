import type { Json } from '../kernel/json.ts'

/** An event as the operation stages it. The lane adds the time, the place in the chain and the proof. */
export interface AuditDraft {
  readonly action: string
  readonly actorType: string
  readonly actorId: string
  readonly resourceType: string
  readonly resourceId: string
  readonly details: Readonly<Record<string, Json>>
  readonly ip: string | null
  /** The metered operation whose call this is. Absent: the event does not count as usage. */
  readonly metered?: string
}

/** An event as callers read it. The engine derives its hash and its id from the MAC of its block and its number. */
export interface AuditEvent extends AuditDraft {
  readonly id: string
  readonly at: number
  readonly lane: string
  readonly sequence: number
  readonly previousId: string | null
  readonly hash: string
}
