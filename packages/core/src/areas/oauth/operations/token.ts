import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { exchangeErrors, exchangeGrantType, exchangeSubject } from '../../auth/index.ts'
import { invalidClient, oauthRefused, refusedAs } from '../errors.ts'
import { exchangeCode, exchangeRefreshToken } from '../exchange.ts'

const grantTypes = ['authorization_code', 'refresh_token', exchangeGrantType]

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
    subject_token: fields
      .optional(fields.secretText(8_192))
      .describe('Token or API key of an agent, as for POST /v1/auth/federated-token.'),
    audience: fields.optional(fields.text(2_048)).describe('Service that the token of an agent is for.'),
    scope: fields.optional(fields.text(8_192)).describe('Scopes of the token of an agent.'),
  }),
  output: z
    .object({
      access_token: fields.shownSecret(),
      token_type: z.literal('Bearer'),
      expires_in: z.int(),
      refresh_token: fields.shownSecret().optional().describe('With the scope offline_access.'),
      id_token: fields.shownSecret().optional().describe('With the scope openid.'),
      scope: z.string(),
      issued_token_type: z.string().optional().describe('Of the token of an agent.'),
    })
    .meta({ id: 'OAuthTokenResponse' }),
  reveals: ['access_token', 'refresh_token', 'id_token'],
  limits: [{ per: 'credential', field: ['code', 'refresh_token', 'subject_token'], by: 'program' }],
  errors: [invalidClient, oauthRefused, ...exchangeErrors],
  run: (context, given) => {
    const clientId = given.client_id ?? null
    switch (given.grant_type) {
      case 'authorization_code':
        return exchangeCode(context, {
          code: given.code?.reveal() ?? null,
          clientId,
          redirectUri: given.redirect_uri === '' ? null : (given.redirect_uri ?? null),
          verifier: given.code_verifier?.reveal() ?? null,
        })
      case 'refresh_token':
        return exchangeRefreshToken(context, given.refresh_token?.reveal() ?? null, clientId)
      case exchangeGrantType:
        if (!given.audience) throw refusedAs('invalid_request', 'audience is missing.')
        return exchangeSubject(context, { ...given, audience: given.audience })
      default:
        throw refusedAs('unsupported_grant_type', `grant_type must be one of ${grantTypes.join(', ')}.`)
    }
  },
})
