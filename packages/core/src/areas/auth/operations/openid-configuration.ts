import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { proofAlgorithms } from '../dpop-proof.ts'

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
    token_endpoint: z.string(),
    grant_types_supported: z.array(z.string()),
    token_endpoint_auth_methods_supported: z.array(z.string()),
    claims_supported: z.array(z.string()),
    dpop_signing_alg_values_supported: z.array(z.string()),
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
      token_endpoint: `${issuer}/v1/auth/federated-token`,
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      // The subject token is the credential.
      token_endpoint_auth_methods_supported: ['none'],
      claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'org', 'scopes', 'vault_ids'],
      dpop_signing_alg_values_supported: [...proofAlgorithms],
      id_token_signing_alg_values_supported: ['EdDSA', 'RS256'],
      subject_types_supported: ['public'],
      // Nobody is redirected here to sign in.
      response_types_supported: [],
    }
  },
})
