import { area } from '../../operations/index.ts'
import { passOn } from '../orgs/index.ts'
import { ledgerOperations } from './operations/index.ts'
import { accountKind, entryKind } from './records.ts'

export { ownAccount } from './access.ts'
export { type Asset, assetDecimals, assetOf } from './assets.ts'
export { accountNotFound } from './errors.ts'
export { balanceOf, post, systemAccount } from './post.ts'
export { accountKind } from './records.ts'

export const ledger = area({
  name: 'ledger',
  summary: 'Internal accounts of people, and transfers between them.',
  uses: ['orgs', 'signers'],
  operations: ledgerOperations,
  kinds: [accountKind, entryKind],
  onRemoved: {
    user: {
      asJob: (engine, { org, id }) =>
        passOn(engine, org, accountKind, { kind: 'user', id }, { type: 'internal_account' }),
    },
  },
})
