import * as z from 'zod'
import { CommitThenThrow, type Context, fields, operation } from '../../../operations/index.ts'
import { mfaTokenUse, stageFailure, stageSuccess, TokenBody, tokenBody, userToken } from '../../auth/index.ts'
import { isBlocked, readVoucher, spendVoucher, type Voucher } from '../../credentials/index.ts'
import { type User, userKind } from '../../orgs/index.ts'
import { codeField, takeCode } from '../check-code.ts'
import { mfaFailed } from '../errors.ts'

const tokenBytesMax = 1_024

export const verifyMfa = operation({
  name: 'factors.verifyMfa',
  summary: 'Finish a sign-in with a code of your authenticator app, or with a recovery code.',
  http: { method: 'POST', path: '/v1/auth/mfa/verify', status: 200, id: 'mfaVerify', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({ code: codeField(), mfa_token: fields.secretText(tokenBytesMax) }),
  output: TokenBody,
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'mfa_token', by: 'person' }],
  errors: [mfaFailed],
  run: (context, { code, mfa_token }) => {
    const step = stepOf(context, mfa_token.reveal())
    if (!step) throw mfaFailed()
    const { voucher, user } = step
    const principal = { kind: 'user', id: user.id } as const
    const method = takeCode(context, user, code.reveal())
    if (!method) {
      stageFailure(context, principal, 'totp')
      return new CommitThenThrow(mfaFailed())
    }
    spendVoucher(context, voucher)
    stageSuccess(context, principal, method)
    return tokenBody(userToken(context, user))
  },
})

/** The sign-in that a token continues. A new epoch of the user has ended it. */
function stepOf(context: Context, text: string): { voucher: Voucher; user: User } | null {
  const { unit, now } = context
  const voucher = readVoucher(context, text, mfaTokenUse)
  if (!voucher || voucher.user === null || voucher.org === null) return null
  unit.enter(voucher.org)
  const user = unit.get(userKind, voucher.user)
  const signsIn = user?.status === 'active' && !isBlocked(user, now) && user.epoch === voucher.data.epoch
  return signsIn ? { voucher, user } : null
}
