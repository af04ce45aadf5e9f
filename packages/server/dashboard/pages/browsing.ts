import type { QueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
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

export interface EventPage {
  readonly events: readonly ShownEvent[]
  /** How many of the events that were read are hidden. */
  readonly hidden: number
  /** How many events come before the next page. Undefined: this is the last page. */
  readonly next: number | undefined
}

const readAtOnce = 200
const readsMax = 5

/**
 * Reads on until the page has so many events, because most events can be ones that the page hides. It asks the server a limited
 * number of times.
 */
export async function pageOfEvents(
  query: NonNullable<Parameters<typeof api.audit.events>[0]>,
  { offset, wanted }: { readonly offset: number; readonly wanted: number },
  shownOf: (read: readonly ShownEvent[]) => readonly ShownEvent[],
): Promise<EventPage> {
  const read: ShownEvent[] = []
  let events: readonly ShownEvent[] = []
  let next: number | undefined = offset
  for (let reads = 0; reads < readsMax && events.length < wanted && next !== undefined; reads++) {
    const some: readonly ShownEvent[] = (await api.audit.events({ ...query, limit: readAtOnce, offset: next })).events
    read.push(...some)
    events = shownOf(read)
    next = some.length < readAtOnce ? undefined : next + some.length
  }
  return { events, hidden: read.length - events.length, next }
}
