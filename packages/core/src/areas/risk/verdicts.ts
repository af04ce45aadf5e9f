import { minute } from '../../kernel/time.ts'
import { auditEvent, type Principal } from '../../operations/index.ts'
import type { Reads, Unit } from '../../records/index.ts'
import { agentKind } from '../agents/index.ts'
import { blockedForGood, isBlocked } from '../credentials/index.ts'
import { userKind } from '../orgs/index.ts'
import {
  type Reason,
  type RiskLevel,
  type Severity,
  type Suspect,
  severities,
  type Verdict,
  verdictKind,
} from './records.ts'

// A verdict is what the reasons of one principal add up to. From `high` on the principal cannot sign in, and `critical` ends its
// tokens as well. The block is a field of the principal, where every engine checks it.

const verdictMs = 15 * minute

const scores: Readonly<Record<Severity, number>> = { low: 25, medium: 50, high: 75, critical: 100 }

export function scoreOf({ severity }: Verdict): number {
  return scores[severity]
}

const isAtLeast = (one: Severity, other: Severity) => scores[one] >= scores[other]

/** The verdict about a principal. Null: there is none, it has ended, or the operator has unblocked the principal. */
export function activeVerdict(unit: Reads, suspect: Suspect, now: number): Verdict | null {
  const verdict = unit.get(verdictKind, suspect.id)
  return verdict?.type === suspect.type && isActive(unit, verdict, now) ? verdict : null
}

export function isActive(unit: Reads, verdict: Verdict, now: number): boolean {
  if (verdict.expiresAt <= now) return false
  const principal = holderOf(unit, verdict)
  return principal !== null && (!isAtLeast(verdict.severity, 'high') || isBlocked(principal, now))
}

/** How severe the active verdict about a principal is. */
export function riskOf(unit: Reads, { kind, id }: Principal, now: number): RiskLevel {
  return activeVerdict(unit, { type: kind, id }, now)?.severity ?? 'none'
}

/** The record of a user or an agent. */
export function holderOf(unit: Reads, { type, id }: Suspect) {
  return type === 'agent' ? unit.get(agentKind, id) : unit.get(userKind, id)
}

/**
 * Stages a verdict with one more reason, and its block. There is an audit event when the verdict is new or worse than before, so
 * that many findings at once are one piece of news.
 */
export function raise(unit: Unit, suspect: Suspect, reason: Reason, now: number): void {
  const stored = unit.get(verdictKind, suspect.id)
  const before = activeVerdict(unit, suspect, now)
  const others = (before?.reasons ?? []).filter(({ detector }) => detector !== reason.detector)
  const reasons = [...others, reason]
  const severity = severities.findLast((one) => reasons.some((each) => each.severity === one)) ?? reason.severity
  const ends = severity === 'critical' ? blockedForGood : now + verdictMs
  const expiresAt = Math.max(before?.expiresAt ?? 0, ends)
  const { type, id } = suspect
  unit.put(verdictKind, { ...stored, id, type, severity, reasons, computedAt: now, expiresAt })
  if (isAtLeast(severity, 'high')) block(unit, suspect, severity, expiresAt, now)
  const isWorse = before === null || !isAtLeast(before.severity, severity)
  if (isWorse && isAtLeast(severity, 'medium')) {
    const details = { severity, score: scores[severity], detectors: reasons.map(({ detector }) => detector) }
    unit.audit(auditEvent(system, { action: 'risk.verdict_raise', resource: { type, id }, details }))
  }
}

export const system = { type: 'system', id: '', ip: null } as const

function block(unit: Unit, suspect: Suspect, severity: Severity, until: number, now: number): void {
  const holder = holderOf(unit, suspect)
  if (!holder) return
  const isNew = severity === 'critical' && holder.blockedUntil !== blockedForGood
  const epoch = isNew ? holder.epoch + 1 : holder.epoch
  change(unit, suspect, {
    epoch,
    blockedUntil: isBlocked(holder, now) ? Math.max(holder.blockedUntil ?? 0, until) : until,
  })
}

/** Stages the end of a verdict and of its block. */
export function clear(unit: Unit, verdict: Verdict): void {
  unit.delete(verdictKind, verdict)
  change(unit, verdict, { blockedUntil: undefined })
}

function change(unit: Unit, { type, id }: Suspect, fields: { epoch?: number; blockedUntil: number | undefined }): void {
  if (type === 'agent') {
    const agent = unit.get(agentKind, id)
    if (agent) unit.put(agentKind, { ...agent, ...fields })
    return
  }
  const user = unit.get(userKind, id)
  if (user) unit.put(userKind, { ...user, ...fields })
}
