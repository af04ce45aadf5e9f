import type { Tuple } from '../../kernel/keys.ts'
import { day, minute } from '../../kernel/time.ts'
import { type Actor, auditEvent, type Engine, type ScheduledTask } from '../../operations/index.ts'
import { untilDoneInEachOrg } from '../orgs/index.ts'
import { dropPendingApproval, stageClosed } from './open.ts'
import { type OpenPendingApproval, openPendingApprovalKind, pendingApprovalKind, statusOf } from './records.ts'

const atOnce = 100

/** Reports what people did not decide about, or did not execute, in time. Deletes what has been closed for a long time. */
export const expireTask: ScheduledTask = {
  name: 'consensus.expire',
  everyMs: minute,
  run: async (engine) => {
    for (let after: Tuple | undefined; ; ) {
      const due = await dueAfter(engine, after)
      for (const open of due) await endOrLog(engine, open)
      const last = due[atOnce - 1]
      if (!last) return
      after = [last.dueAt, last.id]
    }
  },
}

/** Longer than the 30 days to decide and the 30 days that the server keeps a closed approval, together. */
const staleAfterMs = 61 * day

/** Deletes approvals that older versions of the server closed. Those versions stored no time of deletion. */
export const sweepClosedTask: ScheduledTask = {
  name: 'consensus.sweep',
  everyMs: day,
  run: (engine) => untilDoneInEachOrg(engine, (org) => dropStale(engine, org)),
}

const droppedAtOnce = 40

async function dropStale({ records }: Engine, org: string): Promise<boolean> {
  return records.transactIn(org, (unit) => {
    const stale = unit.page(pendingApprovalKind, 'created', {
      to: [records.now() - staleAfterMs],
      limit: droppedAtOnce,
    })
    for (const one of stale) dropPendingApproval(unit, one)
    return stale.length === droppedAtOnce
  })
}

function dueAfter({ records }: Engine, after: Tuple | undefined): Promise<readonly OpenPendingApproval[]> {
  const page = { to: [records.now() + 1], limit: atOnce }
  return records.reading().page(openPendingApprovalKind, 'due', after ? { ...page, after } : page)
}

/** One that fails does not stop the others. The next run tries it again. */
async function endOrLog(engine: Engine, open: OpenPendingApproval): Promise<void> {
  try {
    await end(engine, open)
  } catch (error) {
    engine.log('error', 'a pending approval did not expire', { pending_approval_id: open.id, org: open.org, error })
  }
}

const server: Actor = { type: 'system', id: 'consensus', ip: null }

async function end({ records }: Engine, { id, org }: OpenPendingApproval): Promise<void> {
  await records.transactIn(org, (unit) => {
    const now = records.now()
    const open = unit.get(openPendingApprovalKind, id)
    if (!open || open.dueAt > now) return
    const one = unit.get(pendingApprovalKind, id)
    if (!one) return unit.delete(openPendingApprovalKind, open)
    if (!open.isOpen) return dropPendingApproval(unit, one)
    stageClosed(unit, id, now)
    if (statusOf(one, now) !== 'expired' || one.status === 'expired') return
    unit.put(pendingApprovalKind, { ...one, status: 'expired', updatedAt: one.expiresAt })
    const resource = { type: 'pending_approval', id }
    const details = { policy_id: one.policyId, approval_action: one.action }
    unit.audit(auditEvent(server, { action: 'pending_approval.expire', resource, details }))
  })
}
