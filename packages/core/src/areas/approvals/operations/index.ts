import { approve } from './approve-approval.ts'
import { decide } from './decide-approval.ts'
import { deny } from './deny-approval.ts'
import { getApproval } from './get-approval.ts'
import { listApprovals } from './list-approvals.ts'
import { quickDecide } from './quick-decide.ts'
import { requestApproval } from './request-approval.ts'

export const approvalOperations = {
  request: requestApproval,
  list: listApprovals,
  get: getApproval,
  decide,
  approve,
  deny,
  quickDecide,
}
