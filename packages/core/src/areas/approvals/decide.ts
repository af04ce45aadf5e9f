import { PawlError } from '../../kernel/errors.ts'
import { type Context, hasSecondFactor, type UnitContext } from '../../operations/index.ts'
import { endOneTime, factorsOf } from '../credentials/index.ts'
import { type User, userKind } from '../orgs/index.ts'
import { approvalDecided, approvalNotFound, ownRequest, secondFactorNeeded } from './errors.ts'
import { linkPurpose } from './links.ts'
import { type Approval, approvalKind, statusOf } from './records.ts'

interface Verdict {
  readonly status: 'approved' | 'rejected'
  readonly reason?: string | null | undefined
}

/** Stages the decision of a user, and what follows from it. */
export function decideApproval(context: UnitContext, approval: Approval, user: User, verdict: Verdict): Approval {
  const { unit, now } = context
  const status = statusOf(approval, now)
  if (status !== 'pending') throw approvalDecided({ status })
  if (approval.requestedBy.kind === 'user' && approval.requestedBy.id === user.id) throw ownRequest()
  const decided: Approval = {
    ...approval,
    status: verdict.status,
    decisionReason: verdict.reason ?? null,
    decidedBy: user.id,
    decidedAt: now,
  }
  const kept = { ...decided, failure: failureOf(context, decided, user) }
  unit.put(approvalKind, kept)
  endOneTime(context, linkPurpose, approval.id)
  return kept
}

/** Tier 3 needs a second factor. With one, only a proof by it is taken. */
export function requireFactor(context: Context, { tier }: Approval): void {
  const { unit, caller, origin } = context
  if (tier < 3 || caller.kind !== 'user' || origin.trusted) return
  const user = unit.require(userKind, caller.id, approvalNotFound)
  if (!hasSecondFactor(factorsOf(unit, user))) throw secondFactorNeeded()
}

/** The decision stands also where it cannot be carried out. Then the approval says why. */
function failureOf(context: UnitContext, decided: Approval, user: User): string | null {
  const carrier = context.areas.carriesOut(decided.action)
  if (!carrier || decided.payload === null) return null
  const { id, action, agentId, targetId, payload, requestedBy } = decided
  const facts = { id, action, agentId, targetId, payload, requestedBy, decidedBy: user.id }
  try {
    if (decided.status === 'approved') carrier.approved(context, facts)
    else carrier.rejected?.(context, facts)
    return null
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    return error.message
  }
}

/**
 * Stages the one use of an approval. Null: it was not approved for this agent and exactly these bytes, was used, or has
 * expired.
 */
export function useApproval(
  { unit, now }: Pick<UnitContext, 'unit' | 'now'>,
  wanted: {
    readonly approvalId: string
    readonly agentId: string
    readonly action: string
    readonly payloadHash: string
  },
): Approval | null {
  const approval = unit.get(approvalKind, wanted.approvalId)
  const fits =
    approval?.status === 'approved' &&
    approval.usedAt === null &&
    approval.expiresAt > now &&
    approval.agentId === wanted.agentId &&
    approval.action === wanted.action &&
    approval.payloadHash === wanted.payloadHash
  if (!approval || !fits) return null
  const used = { ...approval, usedAt: now }
  unit.put(approvalKind, used)
  return used
}
