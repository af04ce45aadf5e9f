import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt } from '../access.ts'
import { agentNotFound } from '../errors.ts'
import { agentKind } from '../records.ts'
import { AgentBody, agentBody, agentSchema } from '../schemas.ts'

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
  joined: ({ agentSettings }) => ({ output: agentSchema(agentSettings) }),
  errors: [agentNotFound],
  run: ({ unit }, { agent_id }) => agentBody(unit.require(agentKind, agent_id, agentNotFound)),
})
