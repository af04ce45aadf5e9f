import { acceptPolicy } from './accept-policy.ts'
import { createPolicy } from './create-policy.ts'
import { declinePolicy } from './decline-policy.ts'
import { deletePolicy } from './delete-policy.ts'
import { explainAccess } from './explain-access.ts'
import { listInboundPolicies } from './list-inbound-policies.ts'
import { listPolicies } from './list-policies.ts'
import { updatePolicy } from './update-policy.ts'

export const policyOperations = {
  create: createPolicy,
  list: listPolicies,
  update: updatePolicy,
  delete: deletePolicy,
  explain: explainAccess,
  inbound: listInboundPolicies,
  accept: acceptPolicy,
  decline: declinePolicy,
}
