import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
import { Answer, ButtonLink, Empty, Section } from '../components/index.ts'
import { browsing } from './browsing.ts'
import { EventTable } from './event-table.tsx'
import type { ShownEvent } from './shown-event.ts'

const shown = 12
const pageEvents = 200
const pagesMax = 5

interface Newest {
  readonly events: readonly ShownEvent[]
  /** How many reads are not among them. */
  readonly hidden: number
  /** Whether the trail has older events, which nobody read for this. */
  readonly hasOlder: boolean
}

/** Usually reads one page. Reads more pages if browsing events fill the first ones. */
async function newest(client: QueryClient, actor: string | undefined): Promise<Newest> {
  const shownOf = await browsing(client)
  const read: ShownEvent[] = []
  let events: readonly ShownEvent[] = []
  let hasOlder = true
  for (let page = 0; page < pagesMax && events.length < shown && hasOlder; page++) {
    const asked = { limit: pageEvents, offset: read.length, ...(actor && { actor_id: actor }) }
    const some = (await api.audit.events(asked)).events
    read.push(...some)
    events = shownOf(read)
    hasOlder = some.length === pageEvents
  }
  return { events: events.slice(0, shown), hidden: read.length - events.length, hasOlder }
}

/** The newest audit events, of all or of one actor. */
export function RecentEvents({ actor }: { readonly actor?: string }) {
  const client = useQueryClient()
  const asked = useQuery({
    queryKey: ['audit', 'recent', actor ?? ''],
    queryFn: () => newest(client, actor),
  })
  return (
    <Section
      title="What happened last"
      actions={
        <ButtonLink to="/audit" search={actor ? { actor } : {}} look="quiet">
          All events
        </ButtonLink>
      }
    >
      <Answer of={asked}>
        {({ events, hidden, hasOlder }) => {
          const rest = hasOlder ? ' All events shows the older ones.' : ''
          const reads = hidden === 1 ? 'event is a read' : 'events are reads'
          if (events.length > 0)
            return (
              <>
                <EventTable events={events} inWords />
                {events.length < shown && hidden > 0 && (
                  <p className="hint">
                    {hidden === 1 ? 'One more' : `${hidden} more`} {reads} of people in a session.{rest}
                  </p>
                )}
              </>
            )
          return (
            <div className="card">
              {hidden > 0 ? (
                <Empty icon="audit" title="Only browsing lately">
                  The last {hidden === 1 ? reads : `${hidden} ${reads}`} of people in a session.{rest}
                </Empty>
              ) : (
                <Empty icon="audit" title="No event yet">
                  Every read, change and refusal leaves an event here.
                </Empty>
              )}
            </div>
          )
        }}
      </Answer>
    </Section>
  )
}
