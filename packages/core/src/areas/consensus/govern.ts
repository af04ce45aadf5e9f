import { invalidField } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import {
  type Agreement,
  approvalRequired,
  auditEvent,
  type Context,
  countCall,
  type GovernedRequest,
  quotas,
  signedIn,
} from '../../operations/index.ts'
import { credentialOf, isCredentialLive } from './credential.ts'
import { openOf } from './open.ts'
import type { PendingApproval } from './records.ts'
import { changeRule, hasSecrets, payloadHash, submit, useConsensus } from './submit.ts'
import { together } from './together.ts'
import type { Rule } from './trigger.ts'

/**
 * Lets people agree to a change of the organisation before it happens. The caller gets the ID of the pending approval, and
 * sends the same request with it as `approval_id` when a person has executed it.
 */
export const governChange: Agreement = (context, { actions, input, approvalId, about, request }) => {
  const rules = actions.map((one) => ({ ...one, rule: changeRule(context, one) })).filter(({ rule }) => rule !== null)
  const rule = together(rules.flatMap((one) => one.rule ?? []))
  const [governed] = rules
  // An execution uses the agreement, even if no policy requires it any more.
  const { executor } = context.origin
  const action = governed?.action ?? (executor && actions[0]?.action)
  if (action === undefined) return null
  const asked = { action, ...askedFor({ ...input, ...about() }, request) }
  if (approvalId !== undefined) {
    if (useConsensus(context, approvalId, { ...asked, rule })) return null
    throw invalidField('approval_id', 'is not executed, is used, or is for another request')
  }
  return rule && approvalRequired({ approval_request_id: waiting(context, rule, asked).id })
}

/** The same request again does not ask people again. */
function waiting(context: Context, rule: Rule, asked: Asked): PendingApproval {
  const { action, payload, secrets } = asked
  const hash = payloadHash(context, payload)
  const isSame = (one: PendingApproval) => one.action === action && one.payloadHash === hash
  // Nobody can execute a submission whose credential has ended.
  const isOfUse = (one: PendingApproval) => !one.request || isCredentialLive(context, one)
  const known = openOf(context, null).find((one) => isSame(one) && hasSecrets(context, one, secrets) && isOfUse(one))
  if (known) return known
  const { kind, id } = signedIn(context)
  if (context.settings.rateLimits) countCall(context, quotas.approvals, `${kind} ${id}`)
  const submittersCredential = (asked.request && credentialOf(context)) ?? undefined
  const request = submittersCredential && asked.request
  const one = submit(context, rule, { agentId: null, ...asked, request, submittersCredential })
  const details = { policy_id: rule.policyId, approval_action: action }
  const resource = { type: 'pending_approval', id: one.id }
  context.unit.audit(auditEvent(context, { action: 'pending_approval.create', resource, details }))
  return one
}

interface Asked {
  readonly action: string
  readonly payload: PendingApproval['payload']
  readonly secrets: Secret<string> | null
  readonly request: PendingApproval['request']
}

/**
 * The request that approvers see, without proofs, and its secrets, which they do not see. The server keeps no secret while people
 * vote. So it can repeat only a request without secrets.
 */
function askedFor(
  input: Readonly<Record<string, unknown>>,
  request: (() => GovernedRequest | null) | undefined,
): Omit<Asked, 'action'> {
  const { approval_id, auth_confirm, ...asked } = input
  const secrets = secretsIn(asked)
  return {
    // A secret becomes `[secret]`.
    payload: JSON.parse(JSON.stringify(asked)) as PendingApproval['payload'],
    secrets: secrets.length > 0 ? Secret.of(JSON.stringify(secrets)) : null,
    request: secrets.length > 0 ? undefined : (request?.() ?? undefined),
  }
}

/** The secrets of a request with their places, in the order of the places. */
function secretsIn(value: unknown, place = ''): (readonly [place: string, secret: unknown])[] {
  if (value instanceof Secret) return [[place, value.reveal()]]
  if (value === null || typeof value !== 'object') return []
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return members.flatMap(([name, member]) => secretsIn(member, `${place}/${name}`))
}
