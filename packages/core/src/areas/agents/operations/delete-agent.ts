import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { agentAt } from '../access.ts'
import { agentNotFound } from '../errors.ts'
import { agentKind } from '../records.ts'
import { removeAgent, removeAgentsJob } from './remove-agent.ts'

export const deleteAgent = operation({
  name: 'agents.delete',
  summary: 'Delete an agent for good, with its keys, tokens and policies. What it did stays in the trail.',
  http: { method: 'DELETE', path: '/v1/agents/{agent_id}', status: 204, id: 'deleteAgent', tag: 'Agents' },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'agent.delete', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: z.object({ agent_id: fields.id() }),
  output: z.undefined(),
  errors: [agentNotFound],
  run: async (context, { agent_id }) => {
    const { engine, unit } = context
    await removeAgent(unit, await unit.require(agentKind, agent_id, agentNotFound))
    const rest = { org: signedIn(context).org, agentIds: [agent_id], by: null }
    context.waitForJob(engine.jobs.stage(unit, removeAgentsJob, rest))
    return undefined
  },
})
