import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { invalidClient, oauthRefused, refusedAs } from '../errors.ts'
import { exchangeCode, exchangeRefreshToken } from '../exchange.ts'

const grantTypes = ['authorization_code', 'refresh_token']

export const token = operation({
  name: 'oauth.token',
  summary: 'Exchange a code or a refresh token for tokens. There is no client secret: PKCE proves the client.',
  http: { method: 'POST', path: '/v1/oauth/token', status: 200, id: 'exchangeOAuthToken', tag: 'OAuth' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail this belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({
    grant_type: fields.text(64).default('authorization_code').describe('authorization_code or refresh_token.'),
    code: fields.optional(fields.secretText(512)).describe('The code that came to redirect_uri.'),
    client_id: fields.optional(fields.text(128)).describe('Slug of the platform app.'),
    redirect_uri: fields
      .optional(fields.text(2_048).meta({ format: 'uri' }))
      .describe('The redirect_uri of the request, if it had one.'),
    code_verifier: fields.optional(fields.secretText(256)).describe('PKCE: what the code_challenge was made from.'),
    refresh_token: fields.optional(fields.secretText(512)).describe('The newest refresh token.'),
  }),
  output: z
    .object({
      access_token: fields.shownSecret(),
      token_type: z.literal('Bearer'),
      expires_in: z.int(),
      refresh_token: fields.shownSecret().optional().describe('With the scope offline_access.'),
      id_token: fields.shownSecret().optional().describe('With the scope openid.'),
      scope: z.string(),
    })
    .meta({ id: 'OAuthTokenResponse' }),
  reveals: ['access_token', 'refresh_token', 'id_token'],
  limits: [{ per: 'credential', field: ['code', 'refresh_token'], by: 'program' }],
  errors: [invalidClient, oauthRefused],
  run: (context, { grant_type, code, client_id, redirect_uri, code_verifier, refresh_token }) => {
    const clientId = client_id ?? null
    if (grant_type === 'refresh_token') return exchangeRefreshToken(context, refresh_token?.reveal() ?? null, clientId)
    if (grant_type !== 'authorization_code') {
      throw refusedAs('unsupported_grant_type', `grant_type must be ${grantTypes.join(' or ')}.`)
    }
    const verifier = code_verifier?.reveal() ?? null
    const redirectUri = redirect_uri === undefined || redirect_uri === '' ? null : redirect_uri
    return exchangeCode(context, { code: code?.reveal() ?? null, clientId, redirectUri, verifier })
  },
})
