import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import type { Secret } from '../../../kernel/secret.ts'
import { CommitThenThrow, type Context, fields, operation } from '../../../operations/index.ts'
import { issuerUnavailable } from '../../issuers/index.ts'
import { thumbprintOf } from '../dpop-proof.ts'
import { invalidAgentIdentity, invalidKey, invalidProof, nonceWanted } from '../errors.ts'
import { redeemKey } from '../redeem.ts'
import { redeemAssertion, redeemCertificate } from '../redeem-identity.ts'
import { TokenBody, tokenBody } from '../schemas.ts'
import { type AgentToken, agentToken as makeAgentToken } from '../sessions.ts'

const keyBytesMax = 512
const assertionBytesMax = 16_384
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export const agentToken = operation({
  name: 'auth.agentToken',
  summary: 'Exchange the API key, the client certificate or the OIDC token of an agent for a token.',
  http: { method: 'POST', path: '/v1/auth/agent-token', status: 200, id: 'agentToken', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({
    api_key: fields
      .optional(fields.secretText(keyBytesMax))
      .describe('API key of the agent. Default: client_assertion, or the client certificate of the connection.'),
    // The schema does not check that it is an id: an invalid id belongs to no agent.
    agent_id: fields
      .optional(fields.text(64).meta({ format: 'uuid' }))
      .describe('ID of the agent. Required without api_key.'),
    client_assertion: fields
      .optional(fields.secretText(assertionBytesMax))
      .describe('Token of the OIDC issuer of the agent, for the URL of this server as its audience.'),
    client_assertion_type: fields.optional(z.literal(assertionType, `must be ${assertionType}`)),
    dpop_jwk: fields
      .optional(fields.freeObject())
      .describe('Public key (JWK) that the token is bound to. Default: the key of the DPoP header, if there is one.'),
  }),
  output: TokenBody.extend({ agent_id: fields.id(), vault_ids: z.array(fields.id()) }).meta({ id: 'AgentToken' }),
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: ['api_key', 'client_assertion', 'agent_id'], by: 'program' }],
  errors: [invalidKey, invalidAgentIdentity, issuerUnavailable, invalidProof, nonceWanted],
  run: (context, { api_key, agent_id, client_assertion, dpop_jwk }) => {
    const dpopKey = dpop_jwk === undefined ? null : thumbprintOf(context, dpop_jwk)
    if (dpop_jwk && dpopKey === null) throw invalidField('dpop_jwk', 'must be a public key: EC P-256 or OKP Ed25519')
    const made = api_key
      ? forKey(context, api_key, agent_id, dpopKey)
      : forIdentity(context, client_assertion, agent_id, dpopKey)
    if (!made) return new CommitThenThrow(api_key ? invalidKey() : invalidAgentIdentity())
    // Without a spread: on Node 20, each field after one costs a microsecond.
    const { access_token, token_type, expires_in } = tokenBody(made)
    return { access_token, token_type, expires_in, agent_id: made.agentId, vault_ids: [...made.vaultIds] }
  },
})

function forKey(
  context: Context,
  apiKey: Secret<string>,
  agentId: string | undefined,
  dpopKey: string | null,
): AgentToken | null {
  const redeemed = redeemKey(context, apiKey, (found) => 'agent' in found && isNamed(found.agent.id, agentId))
  if (!redeemed || !('agent' in redeemed)) return null
  const { agent, key } = redeemed
  return makeAgentToken(context, agent, { key, dpopKey })
}

function isNamed(id: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === id
}

/** The agent is named, so that a certificate or an issuer that two organisations know is not taken for the wrong agent. */
function forIdentity(
  context: Context,
  assertion: Secret<string> | undefined,
  agentId: string | undefined,
  dpopKey: string | null,
): AgentToken | null {
  if (!assertion && !context.origin.clientCertificate) {
    throw invalidField('api_key', 'is missing. Send api_key, client_assertion or a client certificate')
  }
  if (agentId === undefined) throw invalidField('agent_id', 'is missing. Without api_key, it is required')
  const agent = assertion ? redeemAssertion(context, agentId, assertion) : redeemCertificate(context, agentId)
  return agent && makeAgentToken(context, agent, { dpopKey })
}
