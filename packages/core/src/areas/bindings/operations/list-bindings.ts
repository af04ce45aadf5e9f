import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { bindingKind } from '../records.ts'
import { agentView, BindingBody, bindingBody } from '../schemas.ts'
import { listCallsTool } from '../tools.ts'

export const listBindings = operation({
  name: 'bindings.list',
  summary: 'List the bindings of an agent. The agent itself sees no credentials.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/bindings',
    status: 200,
    id: 'listBindings',
    tag: 'Execution Intents',
  },
  tools: [listCallsTool],
  command: { columns: ['name', 'binding_type', 'config.base_url', 'is_active', 'id'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'binding.list', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({ agent_id: agentOrMe() }),
  output: z.object({ bindings: z.array(BindingBody) }),
  errors: [agentNotFound],
  run: (context, { agent_id }) => {
    const bindings = context.unit.list(bindingKind, 'agent', idOf(context, agent_id))
    return { bindings: bindings.map(context.caller.kind === 'agent' ? agentView : bindingBody) }
  },
})
