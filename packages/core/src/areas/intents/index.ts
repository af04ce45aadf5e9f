import { area } from '../../operations/index.ts'
import { approvedJob, carriesOutApprovals } from './approved.ts'
import { intentOperations } from './operations/index.ts'
import { nonceLaneKind, openTransactionKind, transactionKind } from './records.ts'
import { dropTransactions } from './remove.ts'
import { followTask } from './settle.ts'

export const intents = area({
  name: 'intents',
  summary: 'Transactions and messages that agents sign with keys that they never see.',
  uses: ['orgs', 'agents', 'chains', 'approvals', 'guardrails', 'signers'],
  operations: intentOperations,
  kinds: [transactionKind, openTransactionKind, nonceLaneKind],
  jobs: [approvedJob],
  carriesOut: { 'transaction.sign': carriesOutApprovals },
  scheduledTasks: [followTask],
  onRemoved: { agent: { asJob: dropTransactions } },
})
