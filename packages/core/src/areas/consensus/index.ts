import { area } from '../../operations/index.ts'
import { consensusOperations } from './operations/index.ts'
import { pendingApprovalKind } from './records.ts'
import { dropPendingApprovals } from './remove.ts'

export { tooManyOpen, triggerUnreadable } from './errors.ts'
export type { PendingApproval } from './records.ts'
export { submittedBody, submittedFields } from './schemas.ts'
export { consensusRule, isPendingApproval, type KeyPlace, submit, useConsensus } from './submit.ts'
export type { Subject } from './trigger.ts'

export const consensus = area({
  name: 'consensus',
  summary: 'What several people must agree to before an agent signs it.',
  uses: ['agents', 'auth', 'credentials', 'orgs', 'policies'],
  operations: consensusOperations,
  kinds: [pendingApprovalKind],
  onRemoved: { agent: { asJob: dropPendingApprovals } },
})
