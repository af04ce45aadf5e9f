import type { Secret } from '../../kernel/secret.ts'
import { type Context, fields } from '../../operations/index.ts'
import { mfaTokenUse } from '../auth/index.ts'
import { isBlocked, readVoucher, type Voucher } from '../credentials/index.ts'
import { type User, userKind } from '../orgs/index.ts'

const tokenBytesMax = 1_024

/** The token between the two steps of a sign-in. */
export function mfaTokenField() {
  return fields.secretText(tokenBytesMax)
}

/** The sign-in that a token continues. A new epoch of the user has ended it. */
export function startedSignIn(
  context: Context,
  token: Secret<string>,
): { readonly voucher: Voucher; readonly user: User } | null {
  const { unit, now } = context
  const voucher = readVoucher(context, token.reveal(), mfaTokenUse)
  if (!voucher || voucher.user === null || voucher.org === null) return null
  unit.enter(voucher.org)
  const user = unit.get(userKind, voucher.user)
  const signsIn = user?.status === 'active' && !isBlocked(user, now) && user.epoch === voucher.data.epoch
  return signsIn ? { voucher, user } : null
}
