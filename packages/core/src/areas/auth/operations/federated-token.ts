import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { exchangeErrors, exchangeSubject, exchangeGrantType as grantType, jwtType } from '../exchange-subject.ts'

const subjectBytesMax = 8_192
const audienceCharactersMax = 2_048
const scopeCharactersMax = 8_192
const keyType = 'urn:1claw:params:oauth:token-type:api-key'

export const federatedToken = operation({
  name: 'auth.federatedToken',
  summary: 'Exchange the token or API key of an agent for a token that identifies it to another service (RFC 8693).',
  http: {
    method: 'POST',
    path: '/v1/auth/federated-token',
    status: 200,
    id: 'exchangeFederatedToken',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: 'public',
  // The subject is the actor, and it is known only here. So the operation stages its own events.
  audit: 'none',
  input: z.object({
    grant_type: z
      .literal(grantType, `must be ${grantType}`)
      .default(grantType)
      .describe('Always the token exchange of RFC 8693.'),
    subject_token: fields
      .optional(fields.secretText(subjectBytesMax))
      .describe('Token or API key of the agent. Default: the bearer token of the request.'),
    // Clients call every credential a JWT, so the credential itself decides.
    subject_token_type: z.enum([jwtType, keyType], `must be ${jwtType} or ${keyType}`).default(jwtType),
    audience: fields
      .text(audienceCharactersMax, 1)
      .meta({ format: 'uri' })
      .describe('Service that the token is for. The federation_audiences of the agent must list it.'),
    scope: fields
      .optional(fields.text(scopeCharactersMax))
      .describe('Scopes of the agent that the token has, separated by spaces. Default: all of them.'),
    requested_token_type: fields
      .optional(z.literal(jwtType, `must be ${jwtType}`))
      .describe('Type of the new token. Only a JWT is possible.'),
  }),
  output: z
    .object({
      access_token: fields.shownSecret(),
      issued_token_type: z.string(),
      token_type: z.literal('Bearer'),
      expires_in: z.int(),
      scope: z.string(),
    })
    .meta({ id: 'FederatedToken' }),
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'subject_token', by: 'program' }],
  errors: exchangeErrors,
  run: exchangeSubject,
})
