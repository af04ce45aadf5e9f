import * as z from 'zod'
import { agreementField, fields, operation, policyGoverns } from '../../../operations/index.ts'
import { agentAt } from '../access.ts'
import { agentNotFound } from '../errors.ts'
import { agentKind } from '../records.ts'
import { removeAgent } from '../remove.ts'

export const deleteAgent = operation({
  name: 'agents.delete',
  summary: 'Permanently delete an agent with its keys, tokens and policies. Its audit events stay.',
  http: { method: 'DELETE', path: '/v1/agents/{agent_id}', status: 204, id: 'deleteAgent', tag: 'Agents' },
  effect: 'write',
  access: { permission: 'lifecycle', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  governed: [{ action: 'agent.delete' }],
  audit: { action: 'agent.delete', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: z.object({ agent_id: fields.id(), approval_id: agreementField() }),
  output: z.undefined(),
  errors: [agentNotFound, policyGoverns],
  run: (context, { agent_id }) => {
    const agent = context.unit.require(agentKind, agent_id, agentNotFound)
    for (const job of removeAgent(context, agent)) context.waitForJob(job)
    return undefined
  },
})
