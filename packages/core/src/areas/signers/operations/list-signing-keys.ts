import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { signingKeyKind } from '../records.ts'
import { SigningKeyBody, signingKeyBody } from '../schemas.ts'

export const listSigningKeys = operation({
  name: 'signers.list',
  summary: 'List the signing keys of an agent, with their addresses. Earlier keys are included.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/signing-keys',
    status: 200,
    id: 'listSigningKeys',
    tag: 'Signing Keys',
  },
  tools: [
    {
      name: 'list_signing_keys',
      summary: 'List the chains that you can sign for, with your address on each. Balances are at these addresses.',
      input: z.object({}),
      call: () => ({ agent_id: 'me' }),
    },
  ],
  command: { name: 'key list', columns: ['chain', 'address', 'is_active', 'key_version', 'custody'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'signing_key.list', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({ agent_id: agentOrMe() }),
  output: z.object({ keys: z.array(SigningKeyBody) }).meta({ id: 'SigningKeyListResponse' }),
  errors: [agentNotFound],
  run: (context, { agent_id }) => ({
    keys: context.unit.list(signingKeyKind, 'agent', idOf(context, agent_id)).map(signingKeyBody),
  }),
})
