import type { Json } from '../../kernel/json.ts'
import { auditEvent, type Engine } from '../../operations/index.ts'
import { installationKind } from '../orgs/index.ts'

/**
 * Writes the audit event of sealing or unsealing to the trail of the first organisation, which belongs to the operator.
 * A vault without an organisation writes it only to the log.
 */
export async function leaveTrace(
  engine: Engine,
  action: 'vault.sealed' | 'vault.unsealed',
  details: Readonly<Record<string, Json>> = {},
  ip: string | null = null,
): Promise<void> {
  engine.log('warn', action === 'vault.sealed' ? 'the vault is being sealed' : 'the vault was unsealed', {
    ...Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)])),
    ip,
  })
  await engine.records.transact((unit) => {
    const installed = unit.get(installationKind, 'main')
    if (!installed) return
    const resource = { type: 'installation', id: 'main' }
    unit.audit(auditEvent({ type: 'anonymous', id: '', ip }, { action, resource, details }), installed.org)
  })
}
