import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe } from '../../agents/index.ts'
import { agentToProvision } from '../access.ts'
import { custodyUnavailable, signingKeyExists } from '../errors.ts'
import { provision } from '../provision.ts'
import { keyChainField, SigningKeyBody, signingKeyBody } from '../schemas.ts'

export const createSigningKey = operation({
  name: 'signers.create',
  summary: 'Create the key with which an agent signs on a chain. The agent never sees it.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/signing-keys',
    status: 201,
    id: 'createSigningKey',
    tag: 'Signing Keys',
  },
  command: { name: 'key create', positionals: ['agent_id', 'chain'] },
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: {
    action: 'signing_key.create',
    resource: 'signing_key',
    about: ({ agent_id, chain, custody }, output) => ({
      ...{ id: output?.id ?? '', agent_id: output?.agent_id ?? agent_id, chain, custody },
      ...(output && { address: output.address }),
    }),
  },
  input: z.object({
    agent_id: agentOrMe(),
    chain: keyChainField().describe('All EVM networks share the key for ethereum.'),
    custody: fields
      .optional(z.enum(['vault', 'hsm'], 'must be vault or hsm'))
      .describe('hsm: the key store makes the key and never gives it out. Default: vault.'),
  }),
  output: SigningKeyBody,
  errors: [agentNotFound, signingKeyExists, custodyUnavailable],
  run: (context, { agent_id, chain, custody = 'vault' }) => {
    const { id } = agentToProvision(context, agent_id, chain)
    return signingKeyBody(provision(context, { agentId: id, chain, custody }))
  },
})
