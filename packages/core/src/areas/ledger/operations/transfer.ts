import * as z from 'zod'
import { parseAmount } from '../../../families/index.ts'
import { invalidField } from '../../../kernel/errors.ts'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { orInvalid } from '../../signers/index.ts'
import { ownAccount } from '../access.ts'
import { type Asset, assetDecimals } from '../assets.ts'
import { accountNotFound, insufficientBalance } from '../errors.ts'
import { post } from '../post.ts'
import { accountKind } from '../records.ts'
import { amountText, assetField, TransferBody } from '../schemas.ts'

export const transfer = operation({
  name: 'ledger.transfer',
  summary: 'Move money from your internal account to another one of your organisation.',
  http: {
    method: 'POST',
    path: '/v1/internal-transfers',
    status: 201,
    id: 'createInternalTransfer',
    tag: 'Treasury',
  },
  command: {
    name: 'internal-account transfer',
    positionals: ['from_account_id', 'to_account_id', 'amount', 'asset'],
  },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'internal_transfer.create',
    resource: 'internal_transfer',
    about: ({ from_account_id, to_account_id, asset, amount }, done) => {
      return { id: done?.id, from_account_id, to_account_id, asset, amount: done?.amount ?? amount }
    },
  },
  input: z.object({
    from_account_id: fields.id().describe('ID of your account that pays.'),
    to_account_id: fields.id().describe('ID of the account that gets the money.'),
    asset: assetField().describe('What is moved.'),
    amount: z
      .string('must be a decimal number as text, such as "12.5"')
      .max(100, 'must have at most 100 characters')
      .regex(/^[0-9.]*$/, 'must be a decimal number, such as "12.5", without a sign or an exponent')
      .describe('Decimal number, such as 12.5. USD, EUR, USDC and USDT have 6 decimal places, and ETH has 18.'),
    memo: fields.optional(fields.plainText(1_024)).describe('Note that both accounts see.'),
  }),
  output: TransferBody,
  idempotent: true,
  errors: [accountNotFound, insufficientBalance],
  run: (context, { from_account_id, to_account_id, asset, amount, memo = null }) => {
    const { unit, now, newId } = context
    const from = ownAccount(context, from_account_id)
    const to = unit.require(accountKind, to_account_id, accountNotFound)
    if (to.type !== 'internal') throw accountNotFound()
    if (from.id === to.id) throw invalidField('to_account_id', 'must be another account than from_account_id')
    const units = unitsOf(amount, asset)
    const id = newId()
    post(context, { from: from.id, to: to.id, asset, units, reference: { type: 'transfer', id }, memo })
    const { id: initiated_by, org } = signedIn(context)
    return {
      ...{ id, org_id: org, from_account_id, to_account_id, asset, amount: amountText(units, asset) },
      ...(memo === null ? {} : { memo }),
      ...{ initiated_by, status: 'completed' as const, created_at: rfc3339(now) },
    }
  },
})

function unitsOf(amount: string, asset: Asset): bigint {
  const kind = { decimals: assetDecimals[asset], field: 'amount', isWholeBase: false } as const
  const { base } = orInvalid(() => parseAmount(amount, kind))
  if (base === 0n) throw invalidField('amount', 'must be more than 0')
  return base
}
