import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { policyNotFound } from '../errors.ts'
import { findOffer } from '../find-policy.ts'
import { keepPast } from '../past.ts'
import { policyKind } from '../records.ts'

export const declinePolicy = operation({
  name: 'policies.decline',
  summary: 'Decline a policy that an agent made for the caller, even after accepting it. This deletes the policy.',
  http: { method: 'POST', path: '/v1/policies/{policy_id}/decline', status: 204, id: 'declinePolicy', tag: 'Policies' },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'policy.decline', resource: 'policy', about: ({ policy_id }) => ({ id: policy_id }) },
  input: z.object({ policy_id: fields.id() }),
  output: z.undefined(),
  errors: [policyNotFound],
  run: (context, { policy_id }) => {
    const policy = findOffer(context, policy_id)
    keepPast(context.unit, policy, context.now)
    context.unit.delete(policyKind, policy)
    return undefined
  },
})
