import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { stageSuccess, TokenBody, tokenBody, userToken } from '../../auth/index.ts'
import { useLinkToken } from '../../credentials/index.ts'
import { emailTaken, newOrg, userKind } from '../../orgs/index.ts'
import { linkInvalid, signUpClosed } from '../errors.ts'
import { requireSignUp } from '../sign-up.ts'

const SignUpData = z.object({ email: z.string(), passwordHash: z.string(), displayName: z.string() })

export const verifyEmail = operation({
  name: 'accounts.verifyEmail',
  summary: 'Create the account of a sign-up with the token of its link, and sign in.',
  http: { method: 'POST', path: '/v1/auth/verify-email', status: 200, id: 'verifyEmail', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // The event is in the trail of the new organisation, so the operation stages it itself.
  audit: 'none',
  input: z.object({ token: fields.secretText(100) }),
  output: TokenBody,
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'token', by: 'person' }],
  errors: [linkInvalid, emailTaken, signUpClosed],
  run: (context, { token }) => {
    const { unit } = context
    const signUp = SignUpData.safeParse(useLinkToken(context, 'sign-up', token.reveal())?.data)
    if (!signUp.success) throw linkInvalid()
    requireSignUp(context, signUp.data.email)
    const { user: id } = newOrg(context, signUp.data.email, signUp.data)
    stageSuccess(context, { kind: 'user', id }, 'email_link')
    return tokenBody(userToken(context, unit.require(userKind, id, linkInvalid)))
  },
})
