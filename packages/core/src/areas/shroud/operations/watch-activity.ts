import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { isKeyNumber } from '../../../kernel/keys.ts'
import { minute, second } from '../../../kernel/time.ts'
import {
  auditEvent,
  type Context,
  cursorText,
  fields,
  operation,
  placeIn,
  signedIn,
  tooManyWaiting,
  WaitForNews,
} from '../../../operations/index.ts'
import type { PageOptions, Reading } from '../../../records/index.ts'
import { type Activity, activityKind, activityTopic } from '../activity.ts'
import { ActivityBody, activityBody } from '../schemas.ts'

const waitSecondsMax = 60
const eventsMax = 200

/** Events of the same moment can be stored after each other, so an answer repeats the last moments. */
const overlapMs = 2 * second
/** An answer repeats no more events than this. */
const repeatedMax = 500
/** A caller can invent a cursor. Older events are repeated for no cursor, and an answer with them leaves an audit event. */
const recentMs = 5 * minute

export const watchActivity = operation({
  name: 'shroud.watchActivity',
  summary: 'Watch the requests of agents to models: wait for those after an earlier answer.',
  http: {
    ...{ method: 'GET', path: '/v1/shroud/activity/news', status: 200, id: 'watchShroudActivity', tag: 'Shroud' },
    follows: true,
  },
  command: { name: 'shroud news', columns: ['timestamp', 'agent_id', 'provider', 'model', 'action'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  // One event for each watch, not for each answer of it. An answer with old events leaves one more.
  audit: { action: 'shroud.watch', resource: 'agent', about: ({ agent_id }) => ({ agent_id }), ofRefusals: true },
  input: z.object({
    agent_id: fields.optional(fields.id()).describe('Only requests of this agent.'),
    after: fields
      .optional(fields.text(256, 1).regex(/^[A-Za-z0-9_-]*$/, 'must be the cursor of an earlier answer'))
      .describe('Cursor of an earlier answer. Without it, the answer has only a cursor: later requests come after it.'),
    wait: fields
      .optional(fields.count(waitSecondsMax))
      .describe('Seconds to wait for a request if there is none. Default: 0.'),
  }),
  output: z.object({
    events: z.array(ActivityBody).describe('Oldest first. An event can come twice: compare the ids.'),
    cursor: z.string(),
  }),
  errors: [tooManyWaiting],
  run: (context, { agent_id: agentId, after, wait = 0 }) => {
    const { unit, now } = context
    const { org } = signedIn(context)
    if (after === undefined) leaveEvent(context, org, agentId)
    const before = after === undefined ? null : placeOf(after)
    const from = before?.from ?? now - overlapMs
    const found = unit.page(activityKind, ...pageFrom(agentId, from, (before?.count ?? 0) + eventsMax))
    const answer = { events: [], cursor: cursorAfter(found, from) }
    if (before === null) return answer
    if (found.length > before.count) {
      const isOld = ({ createdAt }: Activity) => createdAt < now - recentMs
      const events = found.filter((one, at) => at >= before.count || !isOld(one))
      if (events.some(isOld)) leaveEvent(context, org, agentId)
      return { ...answer, events: events.map((one) => activityBody(org, one, context.settings.modelPrices)) }
    }
    if (wait === 0) return answer
    const isThere = async (reading: Reading) => {
      const page = await reading.page(activityKind, ...pageFrom(agentId, from, before.count + 1))
      return page.length > before.count
    }
    return new WaitForNews(answer, { topic: activityTopic(org), msMax: wait * second, isThere })
  },
})

function pageFrom(agentId: string | undefined, from: number, limit: number): [index: string, options: PageOptions] {
  return agentId === undefined
    ? ['created', { from: [from], limit }]
    : ['agent', { tuple: [agentId], from: [agentId, from], limit }]
}

function cursorAfter(found: readonly Activity[], from: number): string {
  const newest = found.at(-1)?.createdAt ?? from
  // Of more events than an answer may repeat, the last ones count.
  const tooEarly = found.at(-1 - repeatedMax)?.createdAt ?? Number.NEGATIVE_INFINITY
  const next = Math.max(from, newest - overlapMs, tooEarly + 1)
  return cursorText([next, found.filter(({ createdAt }) => createdAt >= next).length])
}

/** The moment that events are read from, and how many of them the caller has. */
function placeOf(cursor: string): { readonly from: number; readonly count: number } {
  const [from, count] = placeIn(cursor)
  if (!isKeyNumber(from) || !isKeyNumber(count) || count > repeatedMax)
    throw invalidField('after', 'must be the cursor of an earlier answer')
  return { from, count }
}

function leaveEvent(context: Context, org: string, agent_id: string | undefined): void {
  const resource = agent_id === undefined ? { type: 'org', id: org } : { type: 'agent', id: agent_id }
  context.unit.audit(auditEvent(context, { action: 'shroud.watch', resource, details: { agent_id } }))
}
