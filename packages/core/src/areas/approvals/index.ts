import { area } from '../../operations/index.ts'
import { approvalOperations } from './operations/index.ts'
import { approvalKind } from './records.ts'
import { dropApprovals } from './remove.ts'

export { type ApprovalWanted, askForApproval } from './ask.ts'
export { useApproval } from './decide.ts'
export { type Approval, approvalKind } from './records.ts'

export const approvals = area({
  name: 'approvals',
  summary: 'What waits for a human, and what the human decided.',
  uses: ['agents', 'auth', 'credentials', 'mail', 'orgs'],
  operations: approvalOperations,
  kinds: [approvalKind],
  onRemoved: { agent: { asJob: dropApprovals } },
})
