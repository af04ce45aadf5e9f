import * as z from 'zod'
import type { PawlError } from '../../../kernel/errors.ts'
import {
  actorOf,
  agreementField,
  type Context,
  fields,
  operation,
  refusalOf,
  signedIn,
} from '../../../operations/index.ts'
import { runs } from '../access.ts'
import { agentNotFound } from '../errors.ts'
import { agentKind } from '../records.ts'
import { removeAgentsJob } from '../remove.ts'

const agentsMax = 500

export const batchDeleteAgents = operation({
  name: 'agents.batchDelete',
  summary: 'Delete several agents. The answer names the agents that do not exist or that the caller may not delete.',
  http: { method: 'POST', path: '/v1/agents/batch-delete', status: 200, id: 'batchDeleteAgents', tag: 'Agents' },
  command: { positionals: ['agent_ids'], columns: ['deleted', 'failed', 'errors'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  governed: [{ action: 'agent.delete' }],
  audit: {
    action: 'agent.batch_delete',
    resource: 'agent',
    about: (_, result) => ({ deleted: result?.deleted, failed: result?.failed }),
  },
  input: z.object({
    agent_ids: z
      .array(fields.id(), 'must be a list')
      .min(1, 'must name at least one agent')
      .max(agentsMax, `must name at most ${agentsMax} agents`),
    approval_id: agreementField(),
  }),
  output: z.object({
    deleted: fields.count(),
    failed: fields.count(),
    errors: z.array(z.object({ id: fields.id(), reason: z.string() })),
  }),
  errors: [],
  run: (context, { agent_ids }) => {
    const refusals = new Map(agent_ids.map((id) => [id, refusalFor(context, id)]))
    const errors = [...refusals].flatMap(([id, refused]) => (refused ? [{ id, reason: refused.message }] : []))
    const found = [...refusals.keys()].filter((id) => !refusals.get(id))
    if (found.length > 0) {
      const { unit, jobs } = context
      const removal = { org: signedIn(context).org, agentIds: found, by: actorOf(context) }
      context.waitForJob(jobs.stage(unit, removeAgentsJob, removal))
    }
    return { deleted: found.length, failed: errors.length, errors }
  },
})

function refusalFor(context: Context, id: string): PawlError | null {
  const { unit, caller } = context
  const agent = unit.get(agentKind, id)
  // A batch leaves out agents that an app made for a user, so that no caller deletes one by accident among many others.
  if (!agent || agent.connection !== undefined || !runs(caller, agent)) return agentNotFound()
  return refusalOf(context, 'removed', 'agent', id)
}
