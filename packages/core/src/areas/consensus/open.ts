import { day } from '../../kernel/time.ts'
import { type Context, signedIn, tooManyOpen } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import {
  type OpenPendingApproval,
  openPendingApprovalKind,
  type PendingApproval,
  pendingApprovalKind,
  submissionTurnKind,
} from './records.ts'

const ofSubjectMax = 100
const ofOrgMax = 500
/** Longer than an agreement can be used. */
const closedKeptMs = 30 * day

/** The agent that a request is about. For a change of the organisation, the caller. */
function subjectOf(context: Context, agentId: string | null): string {
  return agentId ?? signedIn(context).id
}

/** Stages that a pending approval is open. Throws if its subject or its organisation has too many. */
export function stageOpen(context: Context, { id, agentId, expiresAt }: PendingApproval): void {
  const { unit, now } = context
  const { org } = signedIn(context)
  const subject = subjectOf(context, agentId)
  unit.get(submissionTurnKind, 'main')
  unit.put(submissionTurnKind, { id: 'main', at: now })
  const open = openIn(context)
  if (open.filter((one) => one.subject === subject).length >= ofSubjectMax) throw tooManyOpen({ max: ofSubjectMax })
  if (open.length >= ofOrgMax) throw tooManyOpen({ max: ofOrgMax })
  unit.put(openPendingApprovalKind, { id, org, subject, isOpen: true, dueAt: expiresAt })
}

/** Those that wait for people, or for execution, and are about this agent. Null: changes that the caller submitted. */
export function openOf(context: Context, agentId: string | null): PendingApproval[] {
  const subject = subjectOf(context, agentId)
  const ids = openIn(context).flatMap((one) => (one.subject === subject ? [one.id] : []))
  const found = ids.length > 0 ? context.unit.getAll(pendingApprovalKind, ids) : []
  return found.filter((one) => one !== null)
}

function openIn(context: Context): readonly OpenPendingApproval[] {
  const { org } = signedIn(context)
  return context.unit.page(openPendingApprovalKind, 'open', {
    tuple: [org],
    from: [org, context.now + 1],
    limit: ofOrgMax,
  })
}

/** Stages that a pending approval is closed. A task deletes it later. */
export function stageClosed(unit: Unit, id: string, now: number): void {
  const open = unit.get(openPendingApprovalKind, id)
  if (open) unit.put(openPendingApprovalKind, { ...open, isOpen: false, dueAt: now + closedKeptMs })
}

/** Stages the deletion of a pending approval and of its entry for the task. */
export function dropPendingApproval(unit: Unit, one: PendingApproval): void {
  const open = unit.get(openPendingApprovalKind, one.id)
  if (open) unit.delete(openPendingApprovalKind, open)
  unit.delete(pendingApprovalKind, one)
}
