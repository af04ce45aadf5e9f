import type { Json } from '../kernel/json.ts'

/**
 * Somewhere else that is told what happened: a log collector, a bucket nobody can write to twice. Every event that the
 * vault has stored is delivered, at least once: after a failure or a crash some come again, with the same `id`.
 *
 * `deliver` resolves when the events are safe, and rejects when they may not be; then they come again, later and later.
 * The vault does not wait for a sink: what was not delivered stays in the store. Events of one lane arrive in the order
 * of their `sequence`, one call after the other, without a gap. Lanes have no order among each other.
 *
 * @example
 * const sink: AuditSink = { deliver: async (events) => appendLines(events.map((event) => JSON.stringify(event))) }
 */
export interface AuditSink {
  deliver(events: readonly AuditEventShown[]): Promise<void>
}

/** An event as callers see it, with its place in the trail. It holds no secret, and is JSON as it stands. */
export interface AuditEventShown {
  readonly id: string
  readonly org_id: string
  /** Of one organisation and one instance of the engine. */
  readonly lane: string
  /** From 0, without a gap. */
  readonly sequence: number
  /** Of the chain of its lane. Kept elsewhere, it proves what the vault can no longer deny. */
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
