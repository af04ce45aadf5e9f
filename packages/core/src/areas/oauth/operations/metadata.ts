import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { serverMetadata, serverMetadataFields } from '../../auth/index.ts'
import { scopeNames } from '../scopes.ts'

export const metadata = operation({
  name: 'oauth.metadata',
  summary: 'Get the metadata of this authorization server (RFC 8414).',
  http: {
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    status: 200,
    id: 'oauthServerMetadata',
    tag: 'OAuth',
  },
  command: null,
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({}),
  output: z.object({
    ...serverMetadataFields,
    scopes_supported: z.array(z.string()),
    id_token_signing_alg_values_supported: z.array(z.string()),
  }),
  errors: [],
  run: ({ settings }) => ({
    ...serverMetadata(settings.publicUrl),
    scopes_supported: [...scopeNames],
    id_token_signing_alg_values_supported: ['RS256'],
  }),
})
