import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe } from '../../agents/index.ts'
import { agentToProvision, keyRef } from '../access.ts'
import { custodyUnavailable, signingKeyNotFound } from '../errors.ts'
import { rotate } from '../provision.ts'
import { SigningKeyBody, signingKeyBody } from '../schemas.ts'

export const rotateSigningKey = operation({
  name: 'signers.rotate',
  summary: 'Replace a signing key. The new key has another address. Funds at the old address are not moved.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/signing-keys/{chain}/rotate',
    status: 200,
    id: 'rotateSigningKey',
    tag: 'Signing Keys',
  },
  command: { name: 'key rotate' },
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: {
    action: 'signing_key.rotate',
    resource: 'signing_key',
    about: ({ agent_id, chain }, output) => ({
      ...{ id: output?.id ?? '', agent_id: output?.agent_id ?? agent_id, chain },
      ...(output && { address: output.address, key_version: output.key_version }),
    }),
  },
  input: z.object({ ...keyRef, agent_id: agentOrMe() }),
  output: SigningKeyBody,
  errors: [agentNotFound, signingKeyNotFound, custodyUnavailable],
  run: (context, { agent_id, chain }) => {
    const { id } = agentToProvision(context, agent_id, chain)
    return signingKeyBody(rotate(context, id, chain))
  },
})
