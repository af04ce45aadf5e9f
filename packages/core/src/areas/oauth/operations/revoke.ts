import * as z from 'zod'
import { fields, operation, rates } from '../../../operations/index.ts'
import { endGrant } from '../grants.ts'
import { readToken, type TokenUse } from '../tokens.ts'

const uses: readonly TokenUse[] = ['refresh', 'access', 'code']

export const revoke = operation({
  name: 'oauth.revoke',
  summary: 'Revoke a token and all others of the same sign-in. The answer is the same for an unknown token.',
  http: { method: 'POST', path: '/v1/oauth/revoke', status: 200, id: 'revokeOAuthToken', tag: 'OAuth' },
  command: null,
  effect: 'write',
  access: 'public',
  audit: 'none',
  input: z.object({
    token: fields.secretText(512).describe('An access token or a refresh token.'),
    token_type_hint: fields.optional(fields.text(64)).describe('Has no effect: a token tells what it is.'),
    client_id: fields.optional(fields.text(128)).describe('Has no effect: a token names its client.'),
  }),
  output: z.object({ revoked: z.literal(true) }),
  // The answer never tells whether a token was right, so there is no failure to count.
  limits: [{ per: 'address', rate: rates.keys }],
  errors: [],
  run: (context, { token }) => {
    const text = token.reveal()
    for (const use of uses) {
      const presented = readToken(context, context.unit, use, text)
      if (presented) endGrant(context, presented.grant, 'oauth.token_revoke')
    }
    return { revoked: true as const }
  },
})
