import { hex, utf8 } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { Secret } from '../../kernel/secret.ts'
import { type Agreement, approvalRequired, auditEvent, type Context } from '../../operations/index.ts'
import type { PendingApproval } from './records.ts'
import { changeRule, openOf, payloadHash, submit, useConsensus } from './submit.ts'
import { together } from './together.ts'
import type { Rule } from './trigger.ts'

/**
 * Lets people agree to a change of the organisation before it happens. The caller gets the ID of the pending approval, and
 * sends the same request with it as `approval_id` when a person has executed it.
 */
export const governChange: Agreement = (context, { actions, input, approvalId }) => {
  const rules = actions.map((one) => ({ ...one, rule: changeRule(context, one) })).filter(({ rule }) => rule !== null)
  const rule = together(rules.flatMap((one) => one.rule ?? []))
  const [governed] = rules
  if (!rule || !governed) return null
  const payload = payloadOf(context, input)
  const { action } = governed
  if (approvalId !== undefined) {
    if (useConsensus(context, approvalId, { action, payload, rule })) return null
    throw invalidField('approval_id', 'is not executed, is used, or is for another request')
  }
  return approvalRequired({ approval_request_id: waiting(context, rule, action, payload).id })
}

/** The same request again does not ask people again. */
function waiting(context: Context, rule: Rule, action: string, payload: PendingApproval['payload']): PendingApproval {
  const hash = payloadHash(context, payload)
  const known = openOf(context, null).find((one) => one.action === action && one.payloadHash === hash)
  if (known) return known
  const one = submit(context, rule, { agentId: null, action, payload })
  const details = { policy_id: rule.policyId, approval_action: action }
  const resource = { type: 'pending_approval', id: one.id }
  context.unit.audit(auditEvent(context, { action: 'pending_approval.create', resource, details }))
  return one
}

/** The request as people read it: without proofs, and with the SHA-256 of secrets. */
function payloadOf(context: Context, input: Readonly<Record<string, unknown>>): PendingApproval['payload'] {
  const { approval_id, auth_confirm, ...asked } = input
  return readable(context, asked) as PendingApproval['payload']
}

function readable(context: Context, value: unknown): Json {
  if (value instanceof Secret) return { sha256: hex(context.crypto.sha256(utf8(String(value.reveal())))) }
  if (Array.isArray(value)) return value.map((one) => readable(context, one))
  if (value === null || typeof value !== 'object') return JSON.parse(JSON.stringify(value)) as Json
  const given = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(given.map(([name, member]) => [name, readable(context, member)]))
}
