import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { policyNotFound } from '../errors.ts'
import { findOffer } from '../find-policy.ts'
import { changePolicy } from '../past.ts'

export const acceptPolicy = operation({
  name: 'policies.accept',
  summary: 'Accept a policy that an agent made for the caller. Without that, it allows nothing.',
  http: { method: 'POST', path: '/v1/policies/{policy_id}/accept', status: 204, id: 'acceptPolicy', tag: 'Policies' },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'policy.accept', resource: 'policy', about: ({ policy_id }) => ({ id: policy_id }) },
  input: z.object({ policy_id: fields.id() }),
  output: z.undefined(),
  errors: [policyNotFound],
  run: (context, { policy_id }) => {
    const policy = findOffer(context, policy_id)
    changePolicy(context.unit, policy, { ...policy, isPending: false }, context.now)
    return undefined
  },
})
