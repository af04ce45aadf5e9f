import { acceptPolicy } from './accept-policy.ts'
import { createPolicy } from './create-policy.ts'
import { declinePolicy } from './decline-policy.ts'
import { deletePolicy } from './delete-policy.ts'
import { explainAccess } from './explain-access.ts'
import { listInboundPolicies } from './list-inbound-policies.ts'
import { listPolicies } from './list-policies.ts'
import { listReadable } from './list-readable.ts'
import { previewPolicy } from './preview-policy.ts'
import { reachOfVault } from './reach-of-vault.ts'
import { unusedGrants } from './unused-grants.ts'
import { updatePolicy } from './update-policy.ts'

export const policyOperations = {
  create: createPolicy,
  list: listPolicies,
  update: updatePolicy,
  delete: deletePolicy,
  preview: previewPolicy,
  explain: explainAccess,
  reach: reachOfVault,
  readable: listReadable,
  unused: unusedGrants,
  inbound: listInboundPolicies,
  accept: acceptPolicy,
  decline: declinePolicy,
}
