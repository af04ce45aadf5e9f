import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { visibleAccount } from '../access.ts'
import { accountNotFound } from '../errors.ts'
import { AccountBody, accountBody, accountRef } from '../schemas.ts'

export const getAccount = operation({
  name: 'ledger.getAccount',
  summary: 'Read an internal account with its balances.',
  http: {
    method: 'GET',
    path: '/v1/internal-accounts/{account_id}',
    status: 200,
    id: 'getInternalAccount',
    tag: 'Treasury',
  },
  command: { name: 'internal-account get' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: {
    action: 'internal_account.read',
    resource: 'internal_account',
    about: ({ account_id }) => ({ id: account_id }),
  },
  input: z.object(accountRef),
  output: AccountBody,
  errors: [accountNotFound],
  run: (context, { account_id }) => accountBody(signedIn(context).org, visibleAccount(context, account_id)),
})
