import * as z from 'zod'
import type { Json } from '../../../kernel/json.ts'
import { fields, operation, quotas, signedIn } from '../../../operations/index.ts'
import { agentKind, agentNotFound } from '../../agents/index.ts'
import { askForApproval } from '../ask.ts'
import { tooManyPending } from '../errors.ts'
import { ApprovalBody, approvalBody, reasonField } from '../schemas.ts'

const summaryBytesMax = 16 * 1024

/** Clients send an object, JSON in a string, or plain text. */
const summary = () =>
  z
    .union([fields.freeObject(summaryBytesMax), fields.text(summaryBytesMax)], 'must be an object or text')
    .transform(asObject)
    .describe('What a human must know. A human reads it, and the server carries out nothing from it.')

export const requestApproval = operation({
  name: 'approvals.request',
  summary: 'Ask a human for approval, as an agent. Poll the answer for the decision.',
  http: {
    method: 'POST',
    path: '/v1/approvals/request',
    status: 202,
    location: '/v1/approvals/{id}',
    id: 'requestApproval',
    tag: 'Approvals',
  },
  command: { name: 'approval request', positionals: ['action', 'target_type', 'target_id'] },
  effect: 'write',
  access: { signedIn: ['agent'] },
  audit: {
    action: 'approval.request',
    resource: 'approval',
    about: ({ action, target_id }, made) => ({
      id: made?.id,
      approval_action: action,
      target_id,
      tier: made?.risk_tier,
    }),
  },
  input: z.object({
    action: fields.plainText(100, 1).describe('What needs approval, such as policy_change or invoice.pay.'),
    target_type: fields.plainText(100, 1).describe('Type of what it is about, such as policy.'),
    target_id: fields.plainText(255, 1).describe('ID of what it is about.'),
    summary: summary(),
    reason: reasonField(),
    risk_tier: fields
      .optional(fields.count(5, 1))
      .describe('The least care that you ask for. Default: the tier of the action. Tiers above 3 are 3.'),
  }),
  output: ApprovalBody,
  limits: [{ per: 'caller', quota: quotas.approvals }],
  errors: [agentNotFound, tooManyPending],
  run: (context, { action, target_type, target_id, summary, reason, risk_tier }) => {
    const agent = context.unit.require(agentKind, signedIn(context).id, agentNotFound)
    const approval = askForApproval(context, {
      ...{ requestedBy: { kind: 'agent', id: agent.id }, agent, action, target: { type: target_type, id: target_id } },
      ...{ summary, reason: reason ?? null, ...(risk_tier !== undefined && { tier: risk_tier }) },
    })
    return approvalBody(context, approval)
  },
})

function asObject(given: string | Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  if (typeof given !== 'string') return given
  try {
    const parsed: unknown = JSON.parse(given)
    const isObject = parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
    return isObject ? (parsed as Readonly<Record<string, Json>>) : { text: given }
  } catch {
    return { text: given }
  }
}
