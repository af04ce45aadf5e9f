import { invalidField } from '../../kernel/errors.ts'
import { auditEvent, type Context, hasSecondFactor, signedIn } from '../../operations/index.ts'
import { currentUser } from '../auth/index.ts'
import { factorsOf } from '../credentials/index.ts'
import { isOwn } from './access.ts'
import { alreadyVoted, notOpen, ownSubmission, strongerProofNeeded } from './errors.ts'
import { type PendingApproval, pendingApprovalKind, statusOf, type Vote } from './records.ts'
import { approvalsOf } from './schemas.ts'

export interface Ballot {
  readonly decision: Vote['decision']
  readonly payload_hash: string
  readonly reason?: string | undefined
}

/** Stages the decision of one person. One rejection ends the matter. */
export function vote(context: Context, one: PendingApproval, ballot: Ballot): PendingApproval {
  const { unit, now, newId, caller } = context
  const status = statusOf(one, now)
  if (status !== 'pending') throw notOpen({ status })
  if (isOwn(caller, one) && !one.selfApprovalAllowed) throw ownSubmission()
  const { id, role } = currentUser(context)
  if (one.votes.some(({ by }) => by === id)) throw alreadyVoted()
  if (ballot.payload_hash.toLowerCase() !== one.payloadHash) {
    throw invalidField('payload_hash', 'is not the SHA-256 of action_payload as canonical JSON')
  }
  if (ballot.decision === 'approve') requireProof(context, one)
  const cast: Vote = { id: newId(), by: id, role, decision: ballot.decision, reason: ballot.reason ?? null, at: now }
  const votes = [...one.votes, cast]
  const decided = { ...one, votes, updatedAt: now }
  const next: PendingApproval = { ...decided, status: statusAfter(decided) }
  unit.put(pendingApprovalKind, next)
  if (next.status !== 'pending') stageDecided(context, next)
  return next
}

/** The event that enough people have approved, or that one has rejected. Each vote has its own event too. */
function stageDecided(context: Context, { id, status, policyId, action }: PendingApproval): void {
  const name = status === 'approved' ? 'pending_approval.approve' : 'pending_approval.reject'
  const details = { policy_id: policyId, approval_action: action }
  context.unit.audit(auditEvent(context, { action: name, resource: { type: 'pending_approval', id }, details }))
}

function statusAfter(one: PendingApproval): PendingApproval['status'] {
  if (one.votes.some(({ decision }) => decision === 'reject')) return 'rejected'
  const { min_approvals, per_role_minimums = {} } = one.approval
  const ofRole = (role: string) => one.votes.filter((each) => each.role === role).length
  const isEnough = Object.entries(per_role_minimums).every(([role, least]) => ofRole(role) >= (least ?? 0))
  return approvalsOf(one) >= min_approvals && isEnough ? 'approved' : 'pending'
}

/** A policy that names credentials without the password wants a second factor, and then only a proof by it is taken. */
function requireProof(context: Context, { approval }: PendingApproval): void {
  const types = approval.require_credential_types ?? []
  const isStrong = types.length > 0 && !types.includes('password')
  if (!isStrong || context.origin.trusted || signedIn(context).kind !== 'user') return
  if (!hasSecondFactor(factorsOf(context.unit, currentUser(context)))) throw strongerProofNeeded()
}
