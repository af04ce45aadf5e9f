import type { Json } from '../kernel/json.ts'

/**
 * Another system that stores audit events: a log collector or a write-once bucket. The engine delivers every stored
 * event at least once. After a failure or a crash, some events come again with the same `id`.
 *
 * `deliver` resolves when the events are stored. If it rejects, the engine delivers them again with growing delays.
 * Requests do not wait for a sink, and undelivered events stay in the storage. Events of one lane arrive in the order
 * of their `sequence`, one call after another, without a gap. Different lanes have no order.
 *
 * @example
 * const sink: AuditSink = { deliver: async (events) => appendLines(events.map((event) => JSON.stringify(event))) }
 */
export interface AuditSink {
  deliver(events: readonly AuditEventShown[]): Promise<void>
}

/** An audit event as callers see it, with its position in the trail. It is JSON and contains no secret. */
export interface AuditEventShown {
  readonly id: string
  readonly org_id: string
  /** The lane: one per organisation and engine instance. */
  readonly lane: string
  /** Position in the lane, from 0, without a gap. */
  readonly sequence: number
  /** Hash of the lane up to this event. A copy in another system proves that the event was not changed later. */
  readonly hash: string
  readonly action: string
  readonly actor_type: string
  readonly actor_id: string
  readonly resource_type: string
  readonly resource_id: string
  readonly details: Readonly<Record<string, Json>>
  readonly ip_address?: string
  /** RFC 3339, UTC. */
  readonly created_at: string
}
