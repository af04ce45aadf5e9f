import * as z from 'zod'
import { fields, operation, principalOf, signedIn } from '../../../operations/index.ts'
import { accountsFull } from '../errors.ts'
import { type Account, accountKind } from '../records.ts'
import { AccountBody, accountBody } from '../schemas.ts'

const accountsMax = 1_000

export const createAccount = operation({
  name: 'ledger.createAccount',
  summary: 'Open an internal account. Money comes in by a deposit or by a transfer from another account.',
  http: {
    method: 'POST',
    path: '/v1/internal-accounts',
    status: 201,
    id: 'createInternalAccount',
    tag: 'Treasury',
  },
  command: { name: 'internal-account create', positionals: ['name'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'internal_account.create',
    resource: 'internal_account',
    about: (_, account) => ({ id: account?.id }),
  },
  input: z.object({
    name: fields.name().describe('Name for people.'),
    description: fields.optional(fields.plainText(1_024)).describe('Note for people.'),
  }),
  output: AccountBody,
  idempotent: true,
  errors: [accountsFull],
  run: (context, { name, description = null }) => {
    const { unit, now, newId } = context
    const caller = signedIn(context)
    const own = unit.list(accountKind, 'creator', caller.kind, caller.id)
    if (own.length >= accountsMax) throw accountsFull({ max: accountsMax })
    const who = { createdBy: principalOf(caller), createdAt: now }
    const account: Account = { id: newId(), type: 'internal', name, description, balances: {}, entries: 0, ...who }
    unit.put(accountKind, account)
    return accountBody(caller.org, account)
  },
})
