import * as z from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import {
  CommitThenThrow,
  confirmField,
  confirmHeader,
  fields,
  notAuthenticated,
  operation,
} from '../../../operations/index.ts'
import { checkGuess, currentUser, needsProofToEnrol } from '../../auth/index.ts'
import { totpKind } from '../../credentials/index.ts'
import { codeField } from '../check-code.ts'
import { mfaOff, mfaOn, wrongCode } from '../errors.ts'
import { newRecoveryCodes } from '../recovery-codes.ts'
import { acceptedStep } from '../totp.ts'

export const confirmMfa = operation({
  name: 'factors.confirmMfa',
  summary: 'Confirm your authenticator app with a code. From then on, sign-in asks for codes.',
  http: {
    method: 'POST',
    path: '/v1/auth/mfa/verify-setup',
    status: 200,
    id: 'mfaVerifySetup',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'mfa confirm', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'security.mfa.enable', when: needsProofToEnrol },
  audit: { action: 'mfa.enable', resource: 'user' },
  input: z.object({ code: codeField().describe('A code of the app.'), auth_confirm: confirmField() }),
  output: z.object({ recovery_codes: z.array(fields.shownSecret()) }),
  reveals: ['recovery_codes'],
  errors: [notAuthenticated, mfaOn, mfaOff],
  run: (context, { code }) => {
    const { unit, now } = context
    const user = currentUser(context)
    const totp = unit.get(totpKind, user.id)
    const { pending = null } = totp ?? {}
    if (!totp || pending === null) throw totp ? mfaOn() : mfaOff()
    const lastStep = acceptedStep(pending, code.reveal(), now, totp.lastStep)
    if (!checkGuess(context, user, () => lastStep !== null)) return new CommitThenThrow(wrongCode())
    const { codes, ...recovery } = newRecoveryCodes(context)
    unit.put(totpKind, { id: user.id, pending: null, secret: pending, lastStep: lastStep ?? 0, ...recovery })
    return { recovery_codes: codes.map((one) => Secret.of(one)) }
  },
})
