import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { smartAccountNotFound } from '../errors.ts'
import { smartAccountKind } from '../records.ts'

export const removeSmartAccount = operation({
  name: 'smartaccounts.remove',
  summary: 'Forget the Safe of an agent on a chain. The Safe itself and its owners stay as they are.',
  http: {
    method: 'DELETE',
    path: '/v1/agents/{agent_id}/smart-accounts/{chain_id}',
    status: 204,
    id: 'removeAgentSmartAccount',
    tag: 'Agents',
  },
  command: { name: 'smart-account remove' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'smart_account.remove',
    resource: 'agent',
    about: ({ agent_id, chain_id }) => ({ id: agent_id, chain_id }),
  },
  input: z.object({
    agent_id: fields.id(),
    chain_id: fields.count().describe('Number of the chain.'),
  }),
  output: z.undefined(),
  errors: [agentNotFound, smartAccountNotFound],
  run: ({ unit }, { agent_id, chain_id }) => {
    const account = unit.find(smartAccountKind, 'chain', agent_id, chain_id)
    if (!account) throw smartAccountNotFound()
    unit.delete(smartAccountKind, account)
    return undefined
  },
})
