import * as z from 'zod'
import { CommitThenThrow, operation } from '../../../operations/index.ts'
import { stageFailure, stageSuccess, TokenBody, tokenBody, userToken } from '../../auth/index.ts'
import { spendVoucher } from '../../credentials/index.ts'
import { codeField, takeCode } from '../check-code.ts'
import { mfaFailed } from '../errors.ts'
import { mfaTokenField, startedSignIn } from '../started-sign-in.ts'

export const verifyMfa = operation({
  name: 'factors.verifyMfa',
  summary: 'Finish a sign-in with a code of your authenticator app, or with a recovery code.',
  http: { method: 'POST', path: '/v1/auth/mfa/verify', status: 200, id: 'mfaVerify', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({ code: codeField(), mfa_token: mfaTokenField() }),
  output: TokenBody,
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'mfa_token', by: 'person' }],
  errors: [mfaFailed],
  run: (context, { code, mfa_token }) => {
    const step = startedSignIn(context, mfa_token)
    if (step?.voucher.data.method !== 'totp') throw mfaFailed()
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
