import * as z from 'zod'
import { CommitThenThrow, operation } from '../../../operations/index.ts'
import { stageFailure, TokenBody } from '../../auth/index.ts'
import { appNotFound, linkRequired, tooManyUsers } from '../../platform/index.ts'
import { codeField, takeCode } from '../check-code.ts'
import { mfaFailed } from '../errors.ts'
import { finishSignIn, mfaTokenField, startedSignIn } from '../started-sign-in.ts'

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
  errors: [mfaFailed, appNotFound, linkRequired, tooManyUsers],
  run: (context, { code, mfa_token }) => {
    const step = startedSignIn(context, mfa_token)
    if (step?.voucher.data.method !== 'totp') throw mfaFailed()
    const { user } = step
    const method = takeCode(context, user, code.reveal())
    if (!method) {
      stageFailure(context, { kind: 'user', id: user.id }, 'totp')
      return new CommitThenThrow(mfaFailed())
    }
    return finishSignIn(context, step, method)
  },
})
