import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { revisionKind } from '../records.ts'

const RevisionBody = z
  .object({
    id: fields.id(),
    number: z.int(),
    changed_at: fields.shownTime(),
    changed_by: z.string(),
    approved_by: z.string().optional().describe('The other person who agreed to a change that allows more.'),
    changes: fields.shownObject().describe('By setting: its value before and after. Null: the default.'),
  })
  .meta({ id: 'GuardrailRevision' })

export const listRevisions = operation({
  name: 'guardrails.revisions',
  summary: 'List the changes of the limits of an agent, newest first: who changed what, and when.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/guardrails/revisions',
    status: 200,
    id: 'listGuardrailRevisions',
    tag: 'Agents',
  },
  command: { name: 'agent revisions', columns: ['number', 'changed_at', 'changed_by'] },
  effect: 'read',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: { action: 'agent.guardrail_revisions', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: z.object({ agent_id: fields.id() }),
  output: z.object({ revisions: z.array(RevisionBody) }),
  errors: [agentNotFound],
  run: ({ unit }, { agent_id }) => ({
    revisions: unit
      .list(revisionKind, 'agent', agent_id)
      .toReversed()
      .map((one) => ({
        ...{ id: one.id, number: one.number, changed_at: rfc3339(one.at), changed_by: one.by },
        ...(one.approvedBy !== null && { approved_by: one.approvedBy }),
        changes: { ...one.changes },
      })),
  }),
})
