import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { accountKind } from '../records.ts'
import { AccountBody, accountBody } from '../schemas.ts'

export const listAccounts = operation({
  name: 'ledger.listAccounts',
  summary: 'List your internal accounts with their balances.',
  http: { method: 'GET', path: '/v1/internal-accounts', status: 200, id: 'listInternalAccounts', tag: 'Treasury' },
  command: { name: 'internal-account list', columns: ['id', 'name', 'balances', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'internal_account.list', resource: 'internal_account' },
  input: z.object({}),
  output: z.object({ accounts: z.array(AccountBody) }).meta({ id: 'InternalAccountList' }),
  errors: [],
  run: (context) => {
    const { kind, id, org } = signedIn(context)
    return { accounts: context.unit.list(accountKind, 'creator', kind, id).map((one) => accountBody(org, one)) }
  },
})
