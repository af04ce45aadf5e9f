import * as z from 'zod'
import { showAmount } from '../../families/index.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { type Asset, assetDecimals, assets } from './assets.ts'
import type { Account, Entry } from './records.ts'

export const accountRef = { account_id: fields.id().describe('ID of the internal account.') }

export function assetField() {
  return z.enum(assets, `must be one of ${assets.join(', ')}`)
}

const shownAmount = () => z.string().describe('Decimal number, without needless zeros.')

export function amountText(units: string | bigint, asset: Asset): string {
  return showAmount(BigInt(units), assetDecimals[asset])
}

export const AccountBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    user_id: fields.id(),
    name: z.string(),
    description: z.string().optional(),
    status: z.literal('active'),
    balances: z.array(z.object({ asset: assetField(), balance: shownAmount() })),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'InternalAccount' })

export type AccountBody = z.infer<typeof AccountBody>

export function accountBody(org: string, account: Account): AccountBody {
  const { id, name, description, createdBy, balances, createdAt } = account
  const held = assets.flatMap((asset) => {
    const units = balances[asset]
    return units === undefined ? [] : [{ asset, balance: amountText(units, asset) }]
  })
  return {
    ...{ id, org_id: org, user_id: createdBy.id, name },
    ...(description === null ? {} : { description }),
    ...{ status: 'active' as const, balances: held, created_at: rfc3339(createdAt) },
  }
}

export const EntryBody = z
  .object({
    id: fields.id(),
    account_id: fields.id(),
    counterpart_account_id: fields.id(),
    asset: assetField(),
    amount: shownAmount(),
    direction: z.enum(['credit', 'debit']).describe('credit: the account got the amount. debit: it paid the amount.'),
    reference_type: z.enum(['transfer', 'deposit', 'deposit_reversal']),
    reference_id: fields.id().describe('ID of the transfer or of the deposit.'),
    memo: z.string().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'LedgerEntry' })

export type EntryBody = z.infer<typeof EntryBody>

export function entryBody({ id, accountId, counterpartId, asset, units, direction, ...rest }: Entry): EntryBody {
  const { reference, memo, createdAt } = rest
  return {
    ...{ id, account_id: accountId, counterpart_account_id: counterpartId, asset, amount: amountText(units, asset) },
    ...{ direction, reference_type: reference.type, reference_id: reference.id },
    ...(memo === null ? {} : { memo }),
    created_at: rfc3339(createdAt),
  }
}

export const TransferBody = z
  .object({
    id: fields.id(),
    org_id: fields.id(),
    from_account_id: fields.id(),
    to_account_id: fields.id(),
    asset: assetField(),
    amount: shownAmount(),
    memo: z.string().optional(),
    initiated_by: fields.id().describe('ID of the user.'),
    status: z.literal('completed'),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'InternalTransfer' })
