import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt } from '../access.ts'
import { agentNotFound } from '../errors.ts'
import { agentKind } from '../records.ts'
import { AgentBody, agentBodies, agentSchema } from '../schemas.ts'

export const getAgent = operation({
  name: 'agents.get',
  summary: 'Get an agent.',
  http: { method: 'GET', path: '/v1/agents/{agent_id}', status: 200, id: 'getAgent', tag: 'Agents' },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentAt(agent_id) },
  delegable: true,
  audit: { action: 'agent.read', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: z.object({ agent_id: fields.id() }),
  output: AgentBody,
  joined: (areas) => ({ output: agentSchema(areas) }),
  errors: [agentNotFound],
  run: (context, { agent_id }) => {
    const agent = context.unit.require(agentKind, agent_id, agentNotFound)
    const [body] = agentBodies(context, [agent])
    return body as AgentBody
  },
})
