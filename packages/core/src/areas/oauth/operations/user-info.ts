import * as z from 'zod'
import { fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { findActive } from '../../wallets/index.ts'
import { holdersOf } from '../grants.ts'
import { readToken } from '../tokens.ts'

export const userInfo = operation({
  name: 'oauth.userInfo',
  summary: 'Read who the user of an access token is, as far as its scopes allow.',
  http: { method: 'GET', path: '/v1/oauth/userinfo', status: 200, id: 'getOAuthUserInfo', tag: 'OAuth' },
  command: null,
  effect: 'read',
  // Its credential is an access token of this area, which nothing else accepts.
  access: 'public',
  audit: 'none',
  input: z.object({}),
  output: z
    .object({
      sub: fields.id(),
      email: z.string().meta({ format: 'email' }).optional().describe('With the scope email.'),
      email_verified: z.boolean().optional(),
      name: z.string().nullable().optional().describe('With the scope profile.'),
      wallet_address: z.string().nullable().optional().describe('With the scope wallet. Address on EVM chains.'),
    })
    .meta({ id: 'OAuthUserInfoResponse' }),
  errors: [notAuthenticated],
  run: (context) => {
    const { unit, origin, now } = context
    const presented = origin.scheme === 'cookie' ? null : readToken(context, unit, 'access', origin.bearer ?? '')
    const holders = presented && presented.endsAt > now ? holdersOf(context, presented.grant) : null
    if (!presented || !holders) throw notAuthenticated({ reason: 'The access token is unknown, expired or revoked.' })
    const { scopes } = presented.grant
    const { id: sub, email, emailVerified, displayName } = holders.user
    return {
      sub,
      ...(scopes.includes('email') && { email, email_verified: emailVerified }),
      ...(scopes.includes('profile') && { name: displayName === '' ? null : displayName }),
      ...(scopes.includes('wallet') && { wallet_address: findActive(context, sub, 'ethereum')?.address ?? null }),
    }
  },
})
