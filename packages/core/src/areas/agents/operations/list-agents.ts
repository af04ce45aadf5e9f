import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { visibleAgents } from '../access.ts'
import { AgentBody, agentBodies, agentSchema } from '../schemas.ts'

export const listAgents = operation({
  name: 'agents.list',
  summary: 'List the agents that the caller manages. An agent sees only itself.',
  http: { method: 'GET', path: '/v1/agents', status: 200, id: 'listAgents', tag: 'Agents' },
  command: { columns: ['name', 'id', 'is_active', 'last_active_at'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  delegable: true,
  audit: { action: 'agent.list', resource: 'agent' },
  input: z.object({}),
  output: z.object({ agents: z.array(AgentBody) }),
  joined: (areas) => ({ output: z.object({ agents: z.array(agentSchema(areas)) }) }),
  errors: [],
  run: (context) => ({ agents: agentBodies(context, visibleAgents(context)) }),
})
