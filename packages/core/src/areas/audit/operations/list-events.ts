import * as z from 'zod'
import { type Caller, fields, isAdmin, operation, signedIn } from '../../../operations/index.ts'
import type { AuditDraft } from '../../../records/index.ts'
import { findEvents } from '../find-events.ts'
import { AuditEventBody, auditEventBody } from '../schemas.ts'
import type { Terms } from '../search-index.ts'

const defaultEvents = 100
const eventsMax = 1_000

const EventsInput = z.object({
  resource_id: fields.optional(fields.text(600)).describe('Only events about the thing with this ID.'),
  resource_type: fields.optional(fields.text(64)).describe('Only events about things of this type, such as secret.'),
  vault_id: fields.optional(fields.id()).describe('Only events in this vault.'),
  actor_id: fields.optional(fields.text(64)).describe('Only events caused by this user or agent.'),
  action: fields
    .optional(fields.text(128))
    .describe(
      'Only events with this action, such as secret.read. In a pattern such as secret.*, the * matches any text. A pattern finds the actions of installed areas.',
    ),
  from: fields.optional(fields.time()).describe('Only events at or after this time.'),
  to: fields.optional(fields.time()).describe('Only events at or before this time.'),
  limit: fields.optional(fields.count(undefined, 1)).describe('Maximum number of events. Default: 100. Maximum: 1000.'),
  offset: fields.optional(fields.count()).describe('Number of entries to skip. Default: 0.'),
})

type Wanted = z.infer<typeof EventsInput>

export const listEvents = operation({
  name: 'audit.events',
  summary: 'List audit events, newest first. Owners and admins see all events. Other callers see their own.',
  http: {
    method: 'GET',
    path: '/v1/audit/events',
    status: 200,
    id: 'queryAuditEvents',
    tag: 'Audit',
    aliases: [{ method: 'GET', path: '/v1/audit', status: 200 }],
  },
  command: {
    name: 'audit list',
    columns: ['created_at', 'action', 'details.outcome', 'resource_id', 'actor_type', 'actor_id'],
  },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'audit.read', resource: 'audit' },
  input: EventsInput,
  output: z.object({ events: z.array(AuditEventBody), count: fields.count() }),
  errors: [],
  run: (context, given) => {
    // Any text is no filter. It also finds the actions of areas that are not installed any more.
    const wanted = isAnything(given.action) ? { ...given, action: undefined } : given
    const caller = signedIn(context)
    const { limit = defaultEvents, offset = 0, from, to } = wanted
    const { events } = findEvents(context, {
      org: caller.org,
      askedBy: caller.id,
      terms: wantedTerms(caller, wanted),
      actions: isPattern(wanted.action) ? actionsLike(wanted.action, context.areas.actions) : undefined,
      from,
      to,
      offset,
      limit: Math.min(limit, eventsMax),
      isOpen: (draft) => isOpenTo(caller, draft),
    })
    return { events: events.map((event) => auditEventBody(caller.org, event)), count: events.length }
  },
})

function wantedTerms(caller: Caller, { actor_id, action, resource_id, resource_type, vault_id }: Wanted): Terms {
  const actor = actor_id ?? (isAdmin(caller) || caller.kind === 'anonymous' ? undefined : caller.id)
  const whole = isPattern(action) ? undefined : action
  return { actor, action: whole, resource: resource_id, type: resource_type, vault: vault_id }
}

function isAnything(action: string | undefined): boolean {
  return action !== undefined && /^\*+$/.test(action)
}

function isPattern(action: string | undefined): action is string {
  return action?.includes('*') === true
}

/** The known actions that a pattern matches. An index holds whole actions, so a search for a part asks for each of them. */
function actionsLike(pattern: string, known: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const parts = pattern.split('*')
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  return new Set([...known.keys()].filter((action) => isLike(action, first, parts.slice(1, -1), last)))
}

function isLike(action: string, first: string, between: readonly string[], last: string): boolean {
  let at = first.length
  for (const part of between) {
    const found = action.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return action.startsWith(first) && action.endsWith(last) && at <= action.length - last.length
}

function isOpenTo(caller: Caller, { actorType, actorId }: AuditDraft): boolean {
  return isAdmin(caller) || (caller.kind === actorType && caller.kind !== 'anonymous' && caller.id === actorId)
}
