import * as z from 'zod'
import {
  CommitThenThrow,
  confirmField,
  confirmHeader,
  fields,
  notAuthenticated,
  operation,
} from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { hasTotp, totpKind } from '../../credentials/index.ts'
import { passwordBytesMax } from '../../orgs/index.ts'
import { codeField, takeCode } from '../check-code.ts'
import { mfaOff, wrongCode } from '../errors.ts'

export const disableMfa = operation({
  name: 'factors.disableMfa',
  summary: 'Remove your authenticator app. It needs a code, a recovery code or a re-authentication token.',
  http: {
    method: 'DELETE',
    path: '/v1/auth/mfa',
    status: 204,
    id: 'mfaDisable',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'mfa disable', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'security.mfa.disable', when: ({ factors, input }) => factors.totp && !input.code },
  audit: { action: 'mfa.disable', resource: 'user' },
  input: z.object({
    code: fields.optional(codeField()).describe('A code of your authenticator app, or a recovery code.'),
    password: fields
      .optional(fields.secretText(passwordBytesMax))
      .meta({ deprecated: true })
      .describe('Not read. A password is not enough.'),
    auth_confirm: confirmField(),
  }),
  output: z.undefined(),
  errors: [notAuthenticated, mfaOff],
  run: (context, { code }) => {
    const { unit } = context
    const user = currentUser(context)
    if (!hasTotp(unit, user.id)) throw mfaOff()
    if (code && !takeCode(context, user, code.reveal())) return new CommitThenThrow(wrongCode())
    const totp = unit.get(totpKind, user.id)
    if (totp) unit.delete(totpKind, totp)
    return undefined
  },
})
