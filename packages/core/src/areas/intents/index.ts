import { area } from '../../operations/index.ts'
import { intentOperations } from './operations/index.ts'
import { nonceLaneKind, openTransactionKind, transactionKind } from './records.ts'
import { dropTransactions } from './remove.ts'
import { followTask } from './settle.ts'

export const intents = area({
  name: 'intents',
  summary: 'Transactions and messages that agents sign with keys that they never see.',
  uses: ['orgs', 'agents', 'chains', 'signers'],
  operations: intentOperations,
  kinds: [transactionKind, openTransactionKind, nonceLaneKind],
  scheduledTasks: [followTask],
  onRemoved: { agent: { asJob: dropTransactions } },
})
