import { createPolicy } from './create-policy.ts'
import { deletePolicy } from './delete-policy.ts'
import { explainAccess } from './explain-access.ts'
import { listPolicies } from './list-policies.ts'
import { updatePolicy } from './update-policy.ts'

export const policyOperations = {
  create: createPolicy,
  list: listPolicies,
  update: updatePolicy,
  delete: deletePolicy,
  explain: explainAccess,
}
