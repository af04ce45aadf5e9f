import { rfc3339 } from '../../kernel/time.ts'
import { auditEvent, type UnitContext } from '../../operations/index.ts'
import { orgFreezeKind } from './records.ts'

const server = { type: 'system', id: 'restore', ip: null } as const

/**
 * Freezes an organisation whose records come from a backup. The records lack the signatures after the backup, so agents could spend
 * these budgets again. Does nothing if the organisation is frozen already.
 */
export function freezeRestored(
  { unit, now }: Pick<UnitContext, 'unit' | 'now'>,
  { org, backupAt }: { readonly org: string; readonly backupAt: number },
): void {
  if (unit.get(orgFreezeKind, 'org')) return
  const reason = `restored from a backup of ${rfc3339(backupAt)}`
  unit.put(orgFreezeKind, { id: 'org', at: now, by: server.id, reason })
  const resource = { type: 'org', id: org }
  unit.audit(auditEvent(server, { action: 'org.freeze', resource, details: { reason } }))
}
