import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { passkeysOf } from '../../credentials/index.ts'
import { AssertionOptions, assertionOptions, newChallenge } from '../ceremonies.ts'
import { mfaFailed, noPasskey } from '../errors.ts'
import { passkeysUnavailable } from '../relying-party.ts'
import { mfaTokenField, startedSignIn } from '../started-sign-in.ts'

export const beginMfaPasskey = operation({
  name: 'factors.beginMfaPasskey',
  summary: 'Begin to finish a sign-in with a passkey.',
  http: {
    method: 'POST',
    path: '/v1/auth/mfa/passkey/begin',
    status: 200,
    id: 'mfaPasskeyBegin',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: 'public',
  audit: 'none',
  input: z.object({ mfa_token: mfaTokenField() }),
  output: AssertionOptions,
  limits: [{ per: 'credential', field: 'mfa_token', by: 'person' }],
  errors: [mfaFailed, noPasskey, passkeysUnavailable],
  run: (context, { mfa_token }) => {
    const step = startedSignIn(context, mfa_token)
    if (!step) throw mfaFailed()
    const own = passkeysOf(context.unit, step.user.id)
    if (own.length === 0) throw noPasskey()
    const data = { signIn: step.voucher.nonce }
    return assertionOptions(context, newChallenge(context, { ceremony: 'mfa', user: step.user.id, data }), own)
  },
})
