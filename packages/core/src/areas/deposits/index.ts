import { area } from '../../operations/index.ts'
import { passOn } from '../orgs/index.ts'
import { depositOperations } from './operations/index.ts'
import { depositKind, destinationKind, openDepositKind, scanKind, watchedAddressKind } from './records.ts'
import { resumeJob } from './resume.ts'
import { watchTask } from './watch.ts'

export { destinationKind } from './records.ts'

export const deposits = area({
  name: 'deposits',
  summary: 'Addresses that people pay to, and what arrived there.',
  uses: ['orgs', 'chains', 'signers', 'wallets', 'ledger'],
  operations: depositOperations,
  kinds: [destinationKind, depositKind, watchedAddressKind, openDepositKind, scanKind],
  jobs: [resumeJob],
  scheduledTasks: [watchTask],
  reports: [
    ...['deposit.receive', 'deposit.confirm', 'deposit.credit', 'deposit.orphan', 'deposit.reverse'],
    'treasury_wallet.receive',
  ],
  onRemoved: {
    user: {
      asJob: (engine, { org, id }) =>
        passOn(engine, org, destinationKind, { kind: 'user', id }, { type: 'deposit_destination' }),
    },
  },
})
