import * as z from 'zod'
import { type Context, fields, operation, signedIn } from '../../../operations/index.ts'
import { type ActivityAction, activityActions, activityKind, countsBetween, requestsIn } from '../activity.ts'
import { ActivityBody, activityBody } from '../schemas.ts'

const usual = 50
const limitMax = 200
const offsetMax = 800

export const listActivity = operation({
  name: 'shroud.listActivity',
  summary: 'List the requests of agents to models, newest first. No text of a request or an answer is stored.',
  http: { method: 'GET', path: '/v1/shroud/activity', status: 200, id: 'listShroudActivity', tag: 'Shroud' },
  command: {
    name: 'shroud activity',
    columns: ['timestamp', 'agent_id', 'provider', 'model', 'action', 'request_tokens', 'response_tokens'],
  },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'shroud.activity', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({
    agent_id: fields.optional(fields.id()).describe('Only requests of this agent.'),
    action: fields
      .optional(z.enum(activityActions, `must be one of ${activityActions.join(', ')}`))
      .describe('Only requests with this result.'),
    limit: fields.optional(fields.count(limitMax, 1)).describe('Maximum number of events. Default: 50.'),
    offset: fields.optional(fields.count(offsetMax)).describe('Number of events to skip. Default: 0.'),
  }),
  output: z.object({ events: z.array(ActivityBody), total: z.int().describe('Number of all such events.') }),
  errors: [],
  run: (context, { agent_id: agentId, action, limit = usual, offset = 0 }) => {
    const { unit, now } = context
    const { org } = signedIn(context)
    const found = newest(context, { agentId, action }, offset + limit)
    const total = requestsIn(countsBetween(unit, 0, now + 1), { agentId, action })
    return { events: found.slice(offset).map((one) => activityBody(org, one, context.settings.modelPrices)), total }
  },
})

interface Wanted {
  readonly agentId: string | undefined
  readonly action: ActivityAction | undefined
}

function newest({ unit }: Context, { agentId, action }: Wanted, limit: number) {
  const page = (index: string, ...tuple: string[]) => unit.page(activityKind, index, { tuple, limit, reverse: true })
  if (agentId !== undefined && action !== undefined) return page('agentAction', agentId, action)
  if (agentId !== undefined) return page('agent', agentId)
  return action === undefined ? page('created') : page('action', action)
}
