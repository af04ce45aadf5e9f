import * as z from 'zod'
import { operation } from '../../../operations/index.ts'

export const openidConfiguration = operation({
  name: 'auth.openidConfiguration',
  summary: 'Get the OpenID configuration of this issuer, which names the URL of its keys.',
  http: {
    method: 'GET',
    path: '/.well-known/openid-configuration',
    status: 200,
    id: 'openidConfiguration',
    tag: 'Authentication',
  },
  command: null,
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({}),
  output: z.object({
    issuer: z.string(),
    jwks_uri: z.string(),
    id_token_signing_alg_values_supported: z.array(z.string()),
    subject_types_supported: z.array(z.string()),
    response_types_supported: z.array(z.string()),
  }),
  errors: [],
  run: ({ settings }) => {
    const issuer = settings.publicUrl
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['EdDSA'],
      subject_types_supported: ['public'],
      // Nobody is redirected here to sign in.
      response_types_supported: [],
    }
  },
})
