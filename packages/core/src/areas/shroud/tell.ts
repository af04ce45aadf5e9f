import { type Actor, auditEvent } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import type { Inspected } from './inspected.ts'
import { noteExhausted } from './spending.ts'
import type { Finding } from './verdict.ts'

// The events that an organisation receives by webhook. An event names the detector, and never the text that it found.

/** Stages the event of a threat, in the unit that stores the request. A finding that was only logged is not a threat. */
export function tellThreat(
  unit: Unit,
  { request, facts, settings }: Inspected,
  findings: readonly Finding[],
  { activity, isBlocked }: { readonly activity: string; readonly isBlocked: boolean },
): void {
  const threats = findings.filter(({ action, detector }) => isThreat(action) && detector !== 'secret_redaction')
  if (threats.length === 0 || !(isBlocked || settings.logsThreats)) return
  const details = {
    ...{ activity, provider: request.provider, model: facts.model, action: isBlocked ? 'blocked' : 'warned' },
    ...{ detectors: [...new Set(threats.map(({ detector }) => detector))], severity: severest(threats) },
  }
  unit.audit(event(request.agentId, 'shroud.threat_detect', details))
}

/** Stages the event of a budget that had no room for a request. Repeated attempts leave one event a day. */
export function tellBudget(unit: Unit, { request, facts }: Inspected, spender: string, now: number): void {
  const { agentId, provider, routerKey } = request
  if (!noteExhausted(unit, spender, now)) return
  const isOfKey = spender !== agentId
  const details = { provider, model: facts.model, router_key: isOfKey ? routerKey?.id : undefined }
  unit.audit(event(agentId, 'shroud.budget_exhaust', details))
}

function event(agentId: string, action: string, details: Parameters<typeof auditEvent>[1]['details']) {
  const by: Actor = { type: 'agent', id: agentId, ip: null }
  return auditEvent(by, { action, resource: { type: 'agent', id: agentId }, ...(details && { details }) })
}

function severest(threats: readonly Finding[]): Finding['severity'] {
  const from = ['critical', 'high', 'medium'] as const
  return from.find((one) => threats.some(({ severity }) => severity === one)) ?? 'low'
}

function isThreat(action: Finding['action']): boolean {
  return action === 'warn' || action === 'block'
}
