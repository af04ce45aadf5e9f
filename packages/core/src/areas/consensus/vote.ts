import { invalidField } from '../../kernel/errors.ts'
import { auditEvent, type Context, denied, hasSecondFactor, signedIn } from '../../operations/index.ts'
import { currentUser } from '../auth/index.ts'
import { factorsOf } from '../credentials/index.ts'
import { isOwn } from './access.ts'
import { alreadyVoted, notOpen, ownSubmission, strongerProofNeeded } from './errors.ts'
import { stageClosed } from './open.ts'
import { type PendingApproval, pendingApprovalKind, type Vote } from './records.ts'
import { isEnough, statusNow } from './tally.ts'

export interface Ballot {
  readonly decision: Vote['decision']
  readonly payload_hash: string
  readonly reason?: string | undefined
}

/** Stages the decision of one person. One rejection ends the matter. */
export function vote(context: Context, one: PendingApproval, ballot: Ballot): PendingApproval {
  const { unit, now, newId, caller } = context
  const status = statusNow(context, one)
  if (status !== 'pending') throw notOpen({ status })
  if (isOwn(caller, one) && !one.selfApprovalAllowed) throw ownSubmission()
  const { id, role, createdAt } = currentUser(context)
  // A submitter could otherwise make a second user and vote as them.
  if (createdAt > one.createdAt) throw denied({ reason: 'This was submitted before you became a member.' })
  if (one.votes.some(({ by }) => by === id)) throw alreadyVoted()
  if (ballot.payload_hash.toLowerCase() !== one.payloadHash) {
    throw invalidField('payload_hash', 'is not the SHA-256 of action_payload as canonical JSON')
  }
  if (ballot.decision === 'approve') requireProof(context, one)
  const cast: Vote = { id: newId(), by: id, role, decision: ballot.decision, reason: ballot.reason ?? null, at: now }
  const votes = [...one.votes, cast]
  const decided = { ...one, votes, updatedAt: now }
  const next: PendingApproval = { ...decided, status: statusAfter(context, decided) }
  unit.put(pendingApprovalKind, next)
  if (next.status !== 'pending') stageDecided(context, next)
  if (next.status === 'rejected') stageClosed(unit, next.id, now)
  return next
}

/** The event that enough people have approved, or that one has rejected. Each vote has its own event too. */
function stageDecided(context: Context, { id, status, policyId, action }: PendingApproval): void {
  const name = status === 'approved' ? 'pending_approval.approve' : 'pending_approval.reject'
  const details = { policy_id: policyId, approval_action: action }
  context.unit.audit(auditEvent(context, { action: name, resource: { type: 'pending_approval', id }, details }))
}

function statusAfter(context: Context, one: PendingApproval): PendingApproval['status'] {
  if (one.votes.some(({ decision }) => decision === 'reject')) return 'rejected'
  return isEnough(context, one) ? 'approved' : 'pending'
}

/** A policy that names credentials without the password wants a second factor, and then only a proof by it is taken. */
function requireProof(context: Context, { approval }: PendingApproval): void {
  const types = approval.require_credential_types ?? []
  const isStrong = types.length > 0 && !types.includes('password')
  if (!isStrong || context.origin.trusted || signedIn(context).kind !== 'user') return
  if (!hasSecondFactor(factorsOf(context.unit, currentUser(context)))) throw strongerProofNeeded()
}
