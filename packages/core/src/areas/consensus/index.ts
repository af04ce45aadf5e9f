import { area } from '../../operations/index.ts'
import { expireTask, sweepClosedTask } from './expire.ts'
import { governChange } from './govern.ts'
import { consensusOperations } from './operations/index.ts'
import { openPendingApprovalKind, pendingApprovalKind, submissionTurnKind } from './records.ts'
import { dropPendingApprovals } from './remove.ts'
import { ruleOn } from './submit.ts'

export { type PendingApproval, pendingApprovalKind } from './records.ts'
export { submittedBody, submittedFields } from './schemas.ts'
export { consensusRule, isPendingApproval, type KeyPlace, submit, useConsensus } from './submit.ts'
export type { Rule as ConsensusRule, Signature } from './trigger.ts'

export const consensus = area({
  name: 'consensus',
  summary: 'What several people must agree to before an agent signs it, or before the organisation changes.',
  uses: ['agents', 'auth', 'credentials', 'orgs', 'policies'],
  operations: consensusOperations,
  kinds: [pendingApprovalKind, openPendingApprovalKind, submissionTurnKind],
  scheduledTasks: [expireTask, sweepClosedTask],
  reports: ['pending_approval.approve', 'pending_approval.reject', 'pending_approval.expire'],
  agrees: governChange,
  ruleOn,
  onRemoved: { agent: { asJob: dropPendingApprovals } },
})
