import { area } from '../../operations/index.ts'
import { approvedJob, carriesOutApprovals } from './approved.ts'
import { outputLockKind, outputLocksTask } from './locks.ts'
import { intentOperations } from './operations/index.ts'
import { nonceLaneKind, openTransactionKind, transactionEvents, transactionKind } from './records.ts'
import { dropTransactions } from './remove.ts'
import { followTask } from './settle.ts'

export { ruleOnKey } from './agreement.ts'
export { build, closeOpen, complete, fail, type Signing, signBuilt } from './complete.ts'
export {
  intentsDisabled,
  notSupportedHere,
  simulationReverted,
} from './errors.ts'
export { type Asked, askNodes } from './facts.ts'
export { TransactionInput } from './input.ts'
export { chainOf } from './prepare.ts'
export { type Transaction, transactionKind } from './records.ts'
export { concludeProposed, stageSafeCall } from './safe-call.ts'
export { broadcast } from './send.ts'
export { pending, stagePending } from './submit.ts'

export const intents = area({
  name: 'intents',
  summary: 'Transactions and messages that agents sign with keys that they never see.',
  uses: ['orgs', 'agents', 'chains', 'approvals', 'guardrails', 'signers', 'consensus', 'smartaccounts'],
  operations: intentOperations,
  reports: [...transactionEvents, 'signing_key.raw_digest_sign'],
  kinds: [transactionKind, openTransactionKind, nonceLaneKind, outputLockKind],
  jobs: [approvedJob],
  carriesOut: { 'transaction.sign': carriesOutApprovals },
  scheduledTasks: [followTask, outputLocksTask],
  onRemoved: { agent: { asJob: dropTransactions } },
})
