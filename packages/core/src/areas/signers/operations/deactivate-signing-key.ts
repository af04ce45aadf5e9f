import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { keyRef } from '../access.ts'
import { signingKeyNotFound } from '../errors.ts'
import { activeKey } from '../provision.ts'
import { signingKeyKind } from '../records.ts'

export const deactivateSigningKey = operation({
  name: 'signers.deactivate',
  summary: 'Stop signing with a key. Pawl keeps the private key, because there can be funds at its address.',
  http: {
    method: 'DELETE',
    path: '/v1/agents/{agent_id}/signing-keys/{chain}',
    status: 204,
    id: 'deactivateSigningKey',
    tag: 'Signing Keys',
  },
  command: { name: 'key deactivate' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'signing_key.deactivate',
    resource: 'agent',
    about: ({ agent_id, chain }) => ({ id: agent_id, chain }),
  },
  input: z.object(keyRef),
  output: z.undefined(),
  errors: [agentNotFound, signingKeyNotFound],
  run: (context, { agent_id, chain }) => {
    context.unit.put(signingKeyKind, { ...activeKey(context, agent_id, chain), isActive: false })
    return undefined
  },
})
