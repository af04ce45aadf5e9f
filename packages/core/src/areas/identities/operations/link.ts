import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { Secret } from '../../../kernel/secret.ts'
import { CommitThenThrow, fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { confirmPassword, currentUser } from '../../auth/index.ts'
import { issuerUnavailable } from '../../issuers/index.ts'
import { passwordBytesMax } from '../../orgs/index.ts'
import { beginFlow, providerNamed } from '../code-flow.ts'
import { providerNotConfigured, signInFailed } from '../errors.ts'
import { FlowBody, providerField } from '../schemas.ts'

export const linkIdentity = operation({
  name: 'identities.link',
  summary: 'Begin to link an identity provider to your account. Complete it like a sign-in, in the same session.',
  http: {
    method: 'POST',
    path: '/v1/auth/oidc/{provider}/link',
    status: 200,
    id: 'linkOidcIdentity',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'identity.link_begin', resource: 'user', about: ({ provider }) => ({ provider }) },
  input: z.object({
    provider: providerField(),
    current_password: fields
      .optional(fields.secretText(passwordBytesMax))
      .describe('Your password, if you have one: a stolen session must not become another way in.'),
    next: fields.optional(fields.text(2_048)).describe('Where you want to go afterwards.'),
  }),
  output: FlowBody,
  reveals: ['browser_secret'],
  errors: [notAuthenticated, providerNotConfigured, issuerUnavailable, signInFailed],
  run: (context, { provider, current_password, next = null }) => {
    const user = currentUser(context)
    const missing = () => invalidField('current_password', 'is missing')
    const problem = confirmPassword(context, user, current_password, missing)
    if (problem) return new CommitThenThrow(problem)
    const { url, browserSecret } = beginFlow(context, providerNamed(context, provider), { next, linkTo: user.id })
    return { authorization_url: url, browser_secret: Secret.of(browserSecret) }
  },
})
