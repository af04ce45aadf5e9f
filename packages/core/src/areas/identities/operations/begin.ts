import * as z from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import { fields, operation, rates } from '../../../operations/index.ts'
import { issuerUnavailable } from '../../issuers/index.ts'
import { beginFlow, providerNamed } from '../code-flow.ts'
import { providerNotConfigured, signInFailed } from '../errors.ts'
import { FlowBody, providerField } from '../schemas.ts'

export const beginSignIn = operation({
  name: 'identities.begin',
  summary: 'Begin to sign in with an identity provider. The sign-in must be complete within 10 minutes.',
  http: {
    method: 'POST',
    path: '/v1/auth/oidc/{provider}/begin',
    status: 200,
    id: 'beginOidcSignIn',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: 'public',
  // No user has signed in yet.
  audit: 'none',
  input: z.object({
    provider: providerField(),
    next: fields
      .optional(fields.text(2_048))
      .describe('Where the person wants to go afterwards. It comes back as it is.'),
  }),
  output: FlowBody,
  reveals: ['browser_secret'],
  limits: [{ per: 'address', rate: rates.signIn }],
  errors: [providerNotConfigured, issuerUnavailable, signInFailed],
  run: (context, { provider, next = null }) => {
    const { url, browserSecret } = beginFlow(context, providerNamed(context, provider), { next, linkTo: null })
    return { authorization_url: url, browser_secret: Secret.of(browserSecret) }
  },
})
