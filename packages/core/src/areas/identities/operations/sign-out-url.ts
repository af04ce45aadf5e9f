import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { issuerUnavailable } from '../../issuers/index.ts'
import { metadataOf, providerNamed } from '../code-flow.ts'
import { providerNotConfigured } from '../errors.ts'
import { providerField } from '../schemas.ts'

export const signOutUrl = operation({
  name: 'identities.signOutUrl',
  summary: 'Get the page where a person signs out of an identity provider too.',
  http: {
    method: 'GET',
    path: '/v1/auth/oidc/{provider}/sign-out-url',
    status: 200,
    id: 'getOidcSignOutUrl',
    tag: 'Authentication',
  },
  command: null,
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({ provider: providerField() }),
  output: z.object({ url: z.string().nullable().describe('Null if the provider has no such page.') }),
  errors: [providerNotConfigured, issuerUnavailable],
  run: (context, { provider: name }) => {
    const provider = providerNamed(context, name)
    const { endSessionEndpoint } = metadataOf(context, provider)
    if (endSessionEndpoint === null) return { url: null }
    const url = new URL(endSessionEndpoint)
    url.searchParams.set('client_id', provider.clientId)
    url.searchParams.set('post_logout_redirect_uri', `${context.settings.publicUrl}/login`)
    return { url: url.href }
  },
})
