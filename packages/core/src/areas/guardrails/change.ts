import type { PawlError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import {
  type AgentChange,
  type Approved,
  approvalRequired,
  auditEvent,
  type Context,
  type UnitContext,
} from '../../operations/index.ts'
import { agentKind, agentNotFound } from '../agents/index.ts'
import { askForApproval } from '../approvals/index.ts'
import { approvalRulesOf } from '../orgs/index.ts'
import { environmentNeedsOne, limitsChanged } from './errors.ts'
import { type Changes, callerId, changesBetween, environmentMoves, stageRevision, withChanges } from './revisions.ts'
import { widenedSettings } from './widening.ts'

/**
 * Notes every change of limits. Where the organisation wants two persons, a change that allows more waits for another
 * person, and nothing of the request is changed.
 */
export const onAgentChange: AgentChange = (context, before, after) => {
  const changes = changesBetween(before.settings, after.settings)
  const moves = environmentMoves(before, after)
  const widened = [...widenedSettings(before.settings, after.settings), ...(moves ? ['environment'] : [])]
  if (widened.length > 0 && approvalRulesOf(context.unit).needsTwoPersons) {
    return askAnother(context, before.id, changes, widened, moves)
  }
  stageRevision(context, before.id, changes, { by: callerId(context), approvedBy: null })
  return null
}

/** The first limits of a new agent. */
export function onAgentCreated(context: Context, id: string): void {
  const agent = context.unit.require(agentKind, id, agentNotFound)
  stageRevision(context, id, changesBetween({}, agent.settings), { by: callerId(context), approvedBy: null })
}

function askAnother(
  context: Context,
  agentId: string,
  changes: Changes,
  widened: readonly string[],
  moves: boolean,
): PawlError {
  if (moves) return environmentNeedsOne()
  const { unit, caller } = context
  const agent = unit.require(agentKind, agentId, agentNotFound)
  const approval = askForApproval(context, {
    ...{ requestedBy: { kind: caller.kind === 'agent' ? 'agent' : 'user', id: callerId(context) }, agent },
    ...{ action: 'policy_change', target: { type: 'agent', id: agentId } },
    summary: { agent: agent.name, allows_more: [...widened], changes: changes as Json },
    payload: changes as Json,
  })
  return approvalRequired({ approval_request_id: approval.id })
}

/** Changes the limits that another person has approved. They must still be what the request has changed. */
export function applyApproved(context: UnitContext, { targetId, payload, requestedBy, decidedBy }: Approved): void {
  const { unit } = context
  const agent = unit.require(agentKind, targetId, agentNotFound)
  const changes = payload as Changes
  const isCurrent = Object.entries(changes).every(
    ([name, { before }]) => JSON.stringify(agent.settings[name] ?? null) === JSON.stringify(before),
  )
  if (!isCurrent) throw limitsChanged()
  unit.put(agentKind, { ...agent, settings: withChanges(agent.settings, changes) })
  stageRevision(context, targetId, changes, { by: requestedBy.id, approvedBy: decidedBy })
  const by = { type: 'user', id: requestedBy.id, ip: null }
  const details = { fields: Object.keys(changes).sort(), approved_by: decidedBy }
  unit.audit(auditEvent(by, { action: 'agent.update', resource: { type: 'agent', id: targetId }, details }))
}
