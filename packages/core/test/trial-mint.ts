import * as z from 'zod'
import { accountNotFound, post, systemAccount } from '../src/areas/ledger/index.ts'
import { area, fields, operation } from '../src/operations/index.ts'

// An area that gives money to internal accounts, as a deposit does, so that a test of the ledger needs no chain.

const credit = operation({
  name: 'mint.credit',
  summary: 'Give an amount of an asset to an internal account, from outside.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ account_id: fields.id(), asset: z.enum(['USDC', 'ETH']), units: z.bigint() }),
  output: z.object({}),
  errors: [accountNotFound],
  run: (context, { account_id: to, asset, units }) => {
    const { id: from } = systemAccount(context, 'outside')
    post(context, { from, to, asset, units, reference: { type: 'deposit', id: context.newId() }, memo: null })
    return {}
  },
})

export const mint = area({ name: 'mint', operations: { credit } })
