import { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { newVoucher, readVoucher, spendVoucher } from '../credentials/index.ts'

// The token of `X-Passkey-Token`: a passkey has approved exactly one transaction, which the token names by its digest.

const use = 'passkey.transaction-token'
export const transactionTokenLifeMs = 5 * minute

export function newTransactionToken(context: Context, userId: string, digest: string): Secret<string> {
  const { unit } = context
  const wanted = { use, user: userId, org: unit.org, lifeMs: transactionTokenLifeMs, data: { digest } }
  return Secret.of(newVoucher(context, wanted))
}

/** Spends a token. Returns false if it is not for this user and this transaction. */
export function takeTransactionToken(context: Context, userId: string, token: Secret<string>, digest: string): boolean {
  const voucher = readVoucher(context, token.reveal(), use)
  if (voucher?.user !== userId || voucher.org !== context.unit.org || voucher.data.digest !== digest) return false
  spendVoucher(context, voucher)
  return true
}
