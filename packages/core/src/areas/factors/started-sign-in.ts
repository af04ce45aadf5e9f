import type { Secret } from '../../kernel/secret.ts'
import { CommitThenThrow, type Context, fields } from '../../operations/index.ts'
import { type Method, mfaTokenUse, stageSuccess, type TokenBody, tokenBody, userToken } from '../auth/index.ts'
import { isBlocked, readVoucher, spendVoucher, type Voucher } from '../credentials/index.ts'
import { type User, userKind } from '../orgs/index.ts'
import { joinApp } from '../platform/index.ts'

const tokenBytesMax = 1_024

/** The token between the two steps of a sign-in. */
export function mfaTokenField() {
  return fields.secretText(tokenBytesMax)
}

interface StartedSignIn {
  readonly voucher: Voucher
  readonly user: User
}

/** The sign-in that a token continues. A new epoch of the user has ended it. */
export function startedSignIn(context: Context, token: Secret<string>): StartedSignIn | null {
  const { unit, now } = context
  const voucher = readVoucher(context, token.reveal(), mfaTokenUse)
  if (!voucher || voucher.user === null || voucher.org === null) return null
  unit.enter(voucher.org)
  const user = unit.get(userKind, voucher.user)
  const signsIn = user?.status === 'active' && !isBlocked(user, now) && user.epoch === voucher.data.epoch
  return signsIn ? { voucher, user } : null
}

/** Ends a sign-in whose second factor was right: with a token, or with the refusal of the platform app that the user joins. */
export function finishSignIn(
  context: Context,
  { voucher, user }: StartedSignIn,
  method: Method,
): TokenBody | CommitThenThrow {
  spendVoucher(context, voucher)
  const { appId } = voucher.data
  const joining = { org: context.unit.org ?? '', userId: user.id, isNew: false }
  const refused = typeof appId === 'string' ? joinApp(context, appId, joining) : null
  if (refused) return new CommitThenThrow(refused)
  stageSuccess(context, { kind: 'user', id: user.id }, method)
  return tokenBody(userToken(context, user))
}
