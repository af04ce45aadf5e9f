import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { CommitThenThrow, fields, operation } from '../../../operations/index.ts'
import { thumbprintOf } from '../dpop-proof.ts'
import { invalidKey, invalidProof, nonceWanted } from '../errors.ts'
import { redeemKey } from '../redeem.ts'
import { TokenBody, tokenBody } from '../schemas.ts'
import { agentToken as makeAgentToken } from '../sessions.ts'

const keyBytesMax = 512

export const agentToken = operation({
  name: 'auth.agentToken',
  summary: 'Exchange the API key of an agent for a token.',
  http: { method: 'POST', path: '/v1/auth/agent-token', status: 200, id: 'agentToken', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({
    api_key: fields.secretText(keyBytesMax),
    // Not checked as an id: one that is none is simply not the agent's.
    agent_id: fields.optional(fields.text(64).meta({ format: 'uuid' })),
    dpop_jwk: fields
      .optional(fields.freeObject())
      .describe('Public key (JWK) that the token is bound to. Default: the key of the DPoP header, if there is one.'),
  }),
  output: TokenBody.extend({ agent_id: fields.id(), vault_ids: z.array(fields.id()) }).meta({ id: 'AgentToken' }),
  reveals: ['access_token'],
  limit: { of: 'api_key', by: 'program' },
  errors: [invalidKey, invalidProof, nonceWanted],
  run: (context, { api_key, agent_id, dpop_jwk }) => {
    const dpopKey = dpop_jwk === undefined ? null : thumbprintOf(context, dpop_jwk)
    if (dpop_jwk && dpopKey === null) throw invalidField('dpop_jwk', 'must be a public key: EC P-256 or OKP Ed25519')
    const redeemed = redeemKey(context, api_key, (found) => 'agent' in found && isNamed(found.agent.id, agent_id))
    if (!redeemed || !('agent' in redeemed)) return new CommitThenThrow(invalidKey())
    const { agent, key } = redeemed
    const made = makeAgentToken(context, agent, { key, dpopKey })
    return { ...tokenBody(made), agent_id: agent.id, vault_ids: [...made.vaultIds] }
  },
})

function isNamed(id: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === id
}
