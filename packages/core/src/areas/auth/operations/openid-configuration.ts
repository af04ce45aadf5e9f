import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { proofAlgorithms } from '../dpop-proof.ts'
import { serverMetadata, serverMetadataFields } from '../server-metadata.ts'

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
    ...serverMetadataFields,
    claims_supported: z.array(z.string()),
    dpop_signing_alg_values_supported: z.array(z.string()),
    id_token_signing_alg_values_supported: z.array(z.string()),
  }),
  errors: [],
  run: ({ settings }) => ({
    ...serverMetadata(settings.publicUrl),
    claims_supported: [
      ...['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'email', 'email_verified', 'name'],
      ...['jti', 'org', 'scopes', 'vault_ids'],
    ],
    dpop_signing_alg_values_supported: [...proofAlgorithms],
    id_token_signing_alg_values_supported: ['EdDSA', 'RS256'],
  }),
})
