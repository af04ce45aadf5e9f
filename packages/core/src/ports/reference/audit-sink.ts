import type { AuditEventShown, AuditSink } from '../audit-sink.ts'

/** Keeps what was delivered in an array, for tests to read; what came twice is there twice. */
export function memoryAuditSink(): AuditSink & { readonly events: readonly AuditEventShown[] } {
  const events: AuditEventShown[] = []
  return {
    events,
    deliver: async (delivered) => {
      events.push(...delivered)
    },
  }
}
