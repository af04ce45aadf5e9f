import { area } from '../../operations/index.ts'
import { confirm } from './confirm.ts'
import { factorOperations } from './operations/index.ts'

export { hasPasskeys } from './relying-party.ts'
export { takeTransactionToken } from './transaction-token.ts'

export const factors = area({
  name: 'factors',
  summary: 'Second factors, passkeys, and proofs that a user is still there.',
  uses: ['auth', 'credentials', 'orgs', 'platform'],
  operations: factorOperations,
  kinds: [],
  confirms: confirm,
})
