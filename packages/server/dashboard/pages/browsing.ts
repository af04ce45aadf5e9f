import type { QueryClient } from '@tanstack/react-query'
import { eventTypes } from '../asked.ts'
import type { ShownEvent } from './shown-event.ts'

/**
 * Returns a function that tells whether a person only looked at something: a read without the value of a secret, in a session.
 * The registry of the server says which actions are such reads. Calls with an API key, refusals and changes are never among them.
 * The renewal of the session is: it stores nothing, and the dashboard makes one each time it loads.
 */
export async function browsing(client: QueryClient): Promise<(event: ShownEvent) => boolean> {
  const types = await client.ensureQueryData(eventTypes)
  const reads = types.filter((one) => one.is_read && !one.shows_secret).map((one) => one.audit_action)
  const looks = new Set([...reads, 'auth.refresh'])
  return ({ action, actor_type, details }) =>
    actor_type === 'user' && details.api_key_id === undefined && details.outcome === undefined && looks.has(action)
}
