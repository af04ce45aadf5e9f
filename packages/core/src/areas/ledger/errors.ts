import { defineError } from '../../kernel/errors.ts'

export const accountNotFound = defineError(
  'internal_account_not_found',
  'not_found',
  'The internal account does not exist, or it belongs to another user.',
)

export const accountsFull = defineError<{ max: number }>(
  'internal_accounts_full',
  'conflict',
  ({ max }) => `You have ${max} internal accounts, which is the maximum.`,
)

export const insufficientBalance = defineError<{ asset: string }>(
  'insufficient_balance',
  'invalid',
  ({ asset }) => `from_account_id: the account has less ${asset} than amount.`,
)
