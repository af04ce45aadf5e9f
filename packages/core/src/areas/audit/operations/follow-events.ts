import * as z from 'zod'
import { fields, operation, perEngine, signedIn } from '../../../operations/index.ts'
import { eventsDropped } from '../errors.ts'
import { cursorFrom, cursorText, follow } from '../follow.ts'
import { AuditEventInTrail, auditEventInTrail } from '../schemas.ts'
import { trailOf } from '../trail.ts'

const eventsMax = 1_000
const cursorCharactersMax = 8_192

const auditKeys = perEngine(({ auditKey }) => auditKey)

export const followEvents = operation({
  name: 'audit.follow',
  summary: 'Read the audit events that came after a cursor, oldest first, lane by lane.',
  http: { method: 'GET', path: '/v1/audit/follow', status: 200, id: 'followAuditEvents', tag: 'Audit' },
  command: null,
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'audit.follow', resource: 'audit' },
  input: z.object({
    cursor: fields.optional(cursor()).describe('The cursor of the answer before. Default: the first event.'),
    since: fields.optional(fields.time()).describe('Without a cursor, only events at or after this time.'),
    limit: fields.optional(fields.count(eventsMax, 1)).describe('Maximum number of events. Default: 1000.'),
  }),
  output: z.object({ events: z.array(AuditEventInTrail), cursor: z.string() }),
  errors: [eventsDropped],
  run: (context, { cursor, since = 0, limit = eventsMax }) => {
    const { org } = signedIn(context)
    const { crypto, unit } = context
    const proof = { crypto, key: auditKeys(context)(org) }
    const from = cursor ?? { since, lanes: {} }
    const found = unit.waitFor(() => follow(proof, trailOf(context, org), from, limit))
    return { events: found.events.map((event) => auditEventInTrail(org, event)), cursor: cursorText(found.cursor) }
  },
})

function cursor() {
  return fields
    .text(cursorCharactersMax)
    .transform((given, context) => {
      const found = cursorFrom(given)
      if (found !== null) return found
      context.addIssue('must be the cursor of an earlier answer')
      return z.NEVER
    })
    .meta({ type: 'string', pattern: '^[A-Za-z0-9_-]+$' })
}
