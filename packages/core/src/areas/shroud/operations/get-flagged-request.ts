import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { flaggedNotFound } from '../errors.ts'
import { flaggedKind } from '../flagged.ts'

export const getFlaggedRequest = operation({
  name: 'shroud.getFlaggedRequest',
  summary: 'Read the text of a flagged request for review. Secrets are redacted in it.',
  http: {
    method: 'GET',
    path: '/v1/shroud/activity/{activity_id}/request',
    status: 200,
    id: 'getShroudFlaggedRequest',
    tag: 'Shroud',
  },
  command: { name: 'shroud flagged' },
  effect: 'read',
  takesData: true,
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'shroud.flagged_request', resource: 'agent', about: ({ activity_id }) => ({ activity_id }) },
  input: z.object({ activity_id: fields.id() }),
  output: z.object({
    id: fields.id(),
    agent_id: fields.id(),
    texts: z.array(z.object({ role: z.string(), text: z.string() })),
    kept_until: fields.shownTime(),
  }),
  errors: [flaggedNotFound],
  run: (context, { activity_id }) => {
    const found = context.unit.get(flaggedKind, activity_id)
    if (found?.org !== signedIn(context).org || found.endsAt <= context.now) throw flaggedNotFound()
    const { id, agentId, texts, endsAt } = found
    return { id, agent_id: agentId, texts: [...texts], kept_until: rfc3339(endsAt) }
  },
})
