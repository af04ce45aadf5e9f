import * as z from 'zod'
import { CommitThenThrow, operation } from '../../../operations/index.ts'
import { stageFailure, TokenBody } from '../../auth/index.ts'
import { appNotFound, linkRequired, tooManyUsers } from '../../platform/index.ts'
import { assertionFields, takeAssertion } from '../ceremonies.ts'
import { mfaFailed, passkeyFailed } from '../errors.ts'
import { passkeysUnavailable } from '../relying-party.ts'
import { finishSignIn, mfaTokenField, startedSignIn } from '../started-sign-in.ts'

export const completeMfaPasskey = operation({
  name: 'factors.completeMfaPasskey',
  summary: 'Finish a sign-in with a passkey signature. A passkey can replace a code.',
  http: {
    method: 'POST',
    path: '/v1/auth/mfa/passkey/complete',
    status: 200,
    id: 'mfaPasskeyComplete',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({ mfa_token: mfaTokenField(), ...assertionFields }),
  output: TokenBody,
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'mfa_token', by: 'person' }],
  errors: [mfaFailed, passkeyFailed, passkeysUnavailable, appNotFound, linkRequired, tooManyUsers],
  run: (context, { mfa_token, ...signed }) => {
    const step = startedSignIn(context, mfa_token)
    if (!step) throw mfaFailed()
    const { voucher, user } = step
    const asserted = takeAssertion(context, 'mfa', signed)
    // The challenge names its sign-in, so an answer that was captured in one sign-in finishes no other.
    if (asserted?.passkey.user !== user.id || asserted.voucher.data.signIn !== voucher.nonce) {
      stageFailure(context, { kind: 'user', id: user.id }, 'passkey')
      return new CommitThenThrow(passkeyFailed())
    }
    return finishSignIn(context, step, 'passkey')
  },
})
