import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { executionKind } from '../records.ts'
import { ExecutionBody, executionBody } from '../schemas.ts'

const usual = 50
const limitMax = 200
const offsetMax = 800

export const listExecutions = operation({
  name: 'bindings.listExecutions',
  summary:
    'List the calls of an agent, newest first, with destination and result. Request and response bodies are not stored.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/executions',
    status: 200,
    id: 'listExecutions',
    tag: 'Execution Intents',
  },
  command: { name: 'binding calls', columns: ['created_at', 'status', 'request_summary', 'result_summary'] },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'binding.executions', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({
    agent_id: agentOrMe(),
    limit: fields.optional(fields.count(limitMax, 1)).describe('Maximum number of calls.'),
    offset: fields.optional(fields.count(offsetMax)).describe('Number of entries to skip. Default: 0.'),
  }),
  output: z.object({ events: z.array(ExecutionBody) }),
  errors: [agentNotFound],
  run: (context, { agent_id, limit = usual, offset = 0 }) => {
    const newest = { tuple: [idOf(context, agent_id)], limit: offset + limit, reverse: true }
    const found = context.unit.page(executionKind, 'agent', newest)
    return { events: found.slice(offset).map((execution) => executionBody(execution, context.now)) }
  },
})
