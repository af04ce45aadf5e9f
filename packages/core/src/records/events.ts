import type { Json } from '../kernel/json.ts'

/** What an operation says happened; the lane adds time, place in the chain and proof. */
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

/** An event as it is read. Its hash and its id follow from the MAC of its block and its number. */
export interface AuditEvent extends AuditDraft {
  readonly id: string
  readonly at: number
  readonly lane: string
  readonly sequence: number
  readonly previousId: string | null
  readonly hash: string
}
