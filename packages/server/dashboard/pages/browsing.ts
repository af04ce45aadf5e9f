import type { QueryClient } from '@tanstack/react-query'
import { eventTypes } from '../asked.ts'
import { type ShownEvent, withoutBrowsing } from './shown-event.ts'

/**
 * Returns a function that hides events in which a person only looked at something: reads without the value of a secret, in a
 * session. The registry of the server says which actions are such reads. Calls with an API key, refusals and changes stay.
 */
export async function browsing(client: QueryClient): Promise<(events: readonly ShownEvent[]) => readonly ShownEvent[]> {
  const types = await client.ensureQueryData(eventTypes)
  const reads = types.filter((one) => one.is_read && !one.shows_secret).map((one) => one.audit_action)
  return (events) => withoutBrowsing(events, new Set(reads))
}
