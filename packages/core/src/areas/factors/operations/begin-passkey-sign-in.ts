import * as z from 'zod'
import { fields, operation, rates } from '../../../operations/index.ts'
import { emailCharactersMax } from '../../orgs/index.ts'
import { AssertionOptions, assertionOptions, newChallenge } from '../ceremonies.ts'
import { passkeysUnavailable } from '../relying-party.ts'

export const beginPasskeySignIn = operation({
  name: 'factors.beginPasskeySignIn',
  summary: 'Begin to sign in with a passkey.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/assert/begin',
    status: 200,
    id: 'passkeyAssertBegin',
    tag: 'Authentication',
    aliases: [{ method: 'POST', path: '/v1/auth/passkey-assert/begin', status: 200 }],
  },
  command: null,
  effect: 'write',
  access: 'public',
  audit: 'none',
  input: z.object({
    email: fields
      .optional(fields.text(emailCharactersMax))
      .describe('Not read: the browser knows its passkeys, and the answer is the same for every address.'),
  }),
  output: AssertionOptions,
  limits: [{ per: 'address', rate: rates.signIn }],
  errors: [passkeysUnavailable],
  run: (context) => assertionOptions(context, newChallenge(context, { ceremony: 'sign-in', user: null }), []),
})
