import * as z from 'zod'
import { actorOf, auditEvent, type Context, fields, operation, rates } from '../../../operations/index.ts'
import { enrolmentNotFound } from '../errors.ts'
import { collect } from '../pairing.ts'

export const enrolmentStatus = operation({
  name: 'enrolments.status',
  summary: 'Get whether a user has allowed you. The first answer after that has your API key, and no later one.',
  http: {
    method: 'GET',
    path: '/v1/agents/enroll/{pairing_id}/status',
    status: 200,
    id: 'enrollmentStatus',
    tag: 'Agents',
    headers: { poll_token: 'x-poll-token' },
  },
  command: { name: 'agent collect', positionals: ['pairing_id'], columns: ['status', 'agent_id', 'api_key'] },
  effect: 'write',
  access: 'public',
  // Whose trail it belongs in is known only here, so it stages its own event.
  audit: 'none',
  input: z.object({
    pairing_id: fields.id(),
    poll_token: fields.secretText(100).describe('Poll token of the answer to the enrolment.'),
  }),
  output: z
    .object({
      status: z.enum(['pending', 'approved', 'denied', 'expired']),
      agent_id: fields.id().optional(),
      api_key: fields.shownSecret().optional(),
    })
    .meta({ id: 'EnrollmentStatus' }),
  reveals: ['api_key'],
  limits: [{ per: 'address', rate: rates.signIn }],
  errors: [enrolmentNotFound],
  run: (context, { pairing_id, poll_token }) => {
    const found = collect(context, pairing_id, poll_token)
    if (!found) throw enrolmentNotFound()
    const { status, agentId, key } = found
    if (agentId && key) stageCollected(context, agentId)
    return { status, agent_id: agentId, api_key: key }
  },
})

/** The agent is the actor: it has shown its poll token. */
function stageCollected({ unit, origin }: Context, id: string): void {
  const by = { ...actorOf({ caller: { kind: 'anonymous' }, origin }), type: 'agent', id } as const
  unit.audit(auditEvent(by, { action: 'agent.enroll_collect', resource: { type: 'agent', id } }))
}
