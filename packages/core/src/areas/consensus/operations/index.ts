import { cancelPendingApproval } from './cancel-pending-approval.ts'
import { executePendingApproval } from './execute-pending-approval.ts'
import { getPendingApproval } from './get-pending-approval.ts'
import { listPendingApprovals } from './list-pending-approvals.ts'
import { submitPendingApproval } from './submit-pending-approval.ts'
import { votePendingApproval } from './vote-pending-approval.ts'

export const consensusOperations = {
  submit: submitPendingApproval,
  list: listPendingApprovals,
  get: getPendingApproval,
  vote: votePendingApproval,
  execute: executePendingApproval,
  cancel: cancelPendingApproval,
}
