import type { AuditEventShown, AuditSink } from '../audit-sink.ts'

/** Stores delivered events in an array, for tests. An event that was delivered twice is there twice. */
export function memoryAuditSink(): AuditSink & { readonly events: readonly AuditEventShown[] } {
  const events: AuditEventShown[] = []
  return {
    events,
    deliver: async (delivered) => {
      events.push(...delivered)
    },
  }
}
