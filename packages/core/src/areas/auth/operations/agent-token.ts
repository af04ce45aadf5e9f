import * as z from 'zod'
import { CommitThenThrow, fields, operation } from '../../../operations/index.ts'
import { invalidKey } from '../errors.ts'
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
  }),
  output: TokenBody.extend({ agent_id: fields.id(), vault_ids: z.array(fields.id()) }).meta({ id: 'AgentToken' }),
  reveals: ['access_token'],
  limits: [{ per: 'credential', field: 'api_key', by: 'program' }],
  errors: [invalidKey],
  run: (context, { api_key, agent_id }) => {
    const redeemed = redeemKey(context, api_key, (found) => 'agent' in found && isNamed(found.agent.id, agent_id))
    if (!redeemed || !('agent' in redeemed)) return new CommitThenThrow(invalidKey())
    const { agent, key } = redeemed
    const made = makeAgentToken(context, agent, { key })
    return { ...tokenBody(made), agent_id: agent.id, vault_ids: [...made.vaultIds] }
  },
})

function isNamed(id: string, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === id
}
