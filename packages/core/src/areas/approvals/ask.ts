import type { Json } from '../../kernel/json.ts'
import { hour, rfc3339 } from '../../kernel/time.ts'
import type { Principal, UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { newLinkToken } from '../credentials/index.ts'
import { stageMail } from '../mail/index.ts'
import { approvalRulesOf, type User, userKind } from '../orgs/index.ts'
import { tooManyPending } from './errors.ts'
import { linkPurpose, linkUrl, pageUrl } from './links.ts'
import { type Approval, approvalKind, statusOf } from './records.ts'
import { riskTier } from './tiers.ts'

export interface ApprovalWanted {
  readonly requestedBy: Principal
  /** The agent that it is about. Null: no agent. */
  readonly agent: Agent | null
  readonly action: string
  readonly target: { readonly type: string; readonly id: string }
  /** What a human reads. */
  readonly summary: Readonly<Record<string, Json>>
  /** What is carried out by the area that declares the action in `onApproved`. */
  readonly payload?: Json
  readonly payloadHash?: string
  readonly reason?: string | null
  /** The requester may ask for more care, and never for less. */
  readonly tier?: number
  readonly lifeMs?: number
}

const lifeMsDefault = 24 * hour
const pendingMax = 100

/**
 * Stages a request to a human, and a mail about it if mail is configured. The tier follows from the action.
 *
 * @example
 * const approval = askForApproval(context, { requestedBy, agent, action: 'transaction.sign', target, summary, payloadHash })
 */
export function askForApproval(context: UnitContext, wanted: ApprovalWanted): Approval {
  const { unit, now, newId } = context
  const { requestedBy, agent, action, target, summary, payload = null, payloadHash = null, reason = null } = wanted
  requireRoom(context, agent)
  const approval: Approval = {
    ...{ id: newId(), agentId: agent?.id ?? null, requestedBy, userId: askedUser(context, wanted), action },
    ...{ targetType: target.type, targetId: target.id, tier: riskTier(action, wanted.tier), status: 'pending' },
    ...{ summary, payload, payloadHash, reason, decisionReason: null, decidedBy: null, decidedAt: null },
    ...{ usedAt: null, failure: null, createdAt: now, expiresAt: now + (wanted.lifeMs ?? lifeMsDefault) },
  }
  unit.put(approvalKind, approval)
  tell(context, approval)
  return approval
}

/** The human who runs the agent. If this human made the request, another owner, because no one approves their own request. */
function askedUser({ unit }: UnitContext, { agent, requestedBy }: ApprovalWanted): string {
  const runs = agent?.createdBy ?? requestedBy
  if (runs.id !== requestedBy.id) return runs.id
  const owners = unit.list(userKind, 'role', 'owner').filter(({ status }) => status === 'active')
  return owners.find(({ id }) => id !== requestedBy.id)?.id ?? runs.id
}

/** An agent could fill the storage, and the mailbox of its human. */
function requireRoom({ unit, now }: UnitContext, agent: Agent | null): void {
  if (!agent) return
  const newest = unit.page(approvalKind, 'agent', { tuple: [agent.id], limit: pendingMax, reverse: true })
  const pending = newest.filter((one) => statusOf(one, now) === 'pending')
  if (pending.length >= pendingMax) throw tooManyPending({ max: pendingMax })
}

/** Only an approval without a proof can be decided by link, because a link proves only that the mail arrived. */
function tell(context: UnitContext, approval: Approval): void {
  const { unit, settings } = context
  const user = unit.get(userKind, approval.userId)
  if (!settings.mail || user?.status !== 'active') return
  const hasLink = approval.tier === 1 && approvalRulesOf(unit).hasLinks
  const link = hasLink ? linkUrl(settings, newToken(context, approval, user)) : pageUrl(settings, approval.id)
  stageMail(context, {
    to: user.email,
    subject: `An agent asks for your approval: ${approval.action}`,
    parts: [
      `An agent asks for your approval of ${approval.action}.`,
      ...Object.entries(approval.summary).map(([name, value]) => `${name}: ${shortText(value)}`),
      'The agent wrote this text. Decide only about what you know yourself.',
      { label: 'Decide', link },
      `The request expires at ${rfc3339(approval.expiresAt)}.`,
    ],
  })
}

function newToken(context: UnitContext, approval: Approval, user: User): string {
  return newLinkToken(context, {
    ...{ purpose: linkPurpose, subject: approval.id, lifeMs: approval.expiresAt - context.now },
    ...{ org: context.unit.org ?? '', holder: { kind: 'user', id: user.id }, data: approval.id },
  })
}

function shortText(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
