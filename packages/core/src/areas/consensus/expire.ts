import { minute } from '../../kernel/time.ts'
import {
  type Actor,
  auditEvent,
  type Context,
  type Engine,
  type ScheduledTask,
  signedIn,
} from '../../operations/index.ts'
import {
  type OpenPendingApproval,
  openPendingApprovalKind,
  type PendingApproval,
  pendingApprovalKind,
  statusOf,
} from './records.ts'

const openAtOnce = 100

/** Reports what people did not decide about, or did not execute, in time. */
export const expireTask: ScheduledTask = {
  name: 'consensus.expire',
  everyMs: minute,
  run: async (engine) => {
    const { records } = engine
    const due = await records
      .reading()
      .page(openPendingApprovalKind, 'due', { to: [records.now() + 1], limit: openAtOnce })
    for (const open of due) await expire(engine, open)
  },
}

/** Stages that the task looks at a pending approval when its time is over. */
export function stageExpiry(context: Context, { id, expiresAt }: PendingApproval): void {
  context.unit.put(openPendingApprovalKind, { id, org: signedIn(context).org, dueAt: expiresAt })
}

const server: Actor = { type: 'system', id: 'consensus', ip: null }

async function expire({ records }: Engine, { id, org }: OpenPendingApproval): Promise<void> {
  await records.transactIn(org, (unit) => {
    const open = unit.get(openPendingApprovalKind, id)
    if (open) unit.delete(openPendingApprovalKind, open)
    const one = unit.get(pendingApprovalKind, id)
    if (!one || statusOf(one, records.now()) !== 'expired' || one.status === 'expired') return
    unit.put(pendingApprovalKind, { ...one, status: 'expired', updatedAt: one.expiresAt })
    const resource = { type: 'pending_approval', id }
    const details = { policy_id: one.policyId, approval_action: one.action }
    unit.audit(auditEvent(server, { action: 'pending_approval.expire', resource, details }))
  })
}
