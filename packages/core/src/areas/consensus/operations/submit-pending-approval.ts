import * as z from 'zod'
import { fields, operation, quotas, signedIn, tooManyOpen, triggerUnreadable } from '../../../operations/index.ts'
import { policyKind } from '../../policies/index.ts'
import { policyNotFound } from '../errors.ts'
import { submittedBody } from '../schemas.ts'
import { submit } from '../submit.ts'
import { readTrigger } from '../trigger.ts'

const payloadBytesMax = 64 * 1024

const SubmittedBody = z
  .object({
    pending_approval_id: fields.id(),
    required_approvals: z.int(),
    current_approvals: z.int(),
    expires_at: fields.shownTime(),
    status: z.string(),
    message: z.string(),
  })
  .meta({ id: 'SubmitPendingApprovalResponse' })

export const submitPendingApproval = operation({
  name: 'consensus.submit',
  summary:
    'Ask people to agree to a request, under a policy that is about you. A request that needs this asks automatically.',
  http: {
    method: 'POST',
    path: '/v1/pending-approvals',
    status: 202,
    location: '/v1/pending-approvals/{pending_approval_id}',
    id: 'submitPendingApproval',
    tag: 'Pending Approvals',
  },
  command: { name: 'consensus submit', positionals: ['policy_id', 'action'] },
  effect: 'write',
  access: { signedIn: ['agent'] },
  audit: {
    action: 'pending_approval.create',
    resource: 'pending_approval',
    about: ({ policy_id, action }, made) => ({ id: made?.pending_approval_id, policy_id, approval_action: action }),
  },
  input: z.object({
    policy_id: fields.id().describe('The policy with the consensus_trigger.'),
    action: fields.plainText(100, 1).describe('What is to be done, such as transaction.submit.'),
    action_payload: fields.freeObject(payloadBytesMax).describe('The whole request.'),
  }),
  output: SubmittedBody,
  limits: [{ per: 'caller', quota: quotas.approvals }],
  errors: [policyNotFound, triggerUnreadable, tooManyOpen],
  run: (context, { policy_id, action, action_payload }) => {
    const { id } = signedIn(context)
    const policy = context.unit.require(policyKind, policy_id, policyNotFound)
    if (policy.principal.id !== id || policy.consensusTrigger === undefined) throw policyNotFound()
    const trigger = readTrigger(policy.consensusTrigger)
    if (!trigger) throw triggerUnreadable({ policy_id })
    const one = submit(context, { policyId: policy_id, trigger }, { agentId: id, action, payload: action_payload })
    return { ...submittedBody(one), status: one.status }
  },
})
