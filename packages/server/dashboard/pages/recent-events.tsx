import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { Answer, ButtonLink, Empty, Section } from '../components/index.ts'
import { browsing, type EventPage, pageOfEvents } from './browsing.ts'
import { EventTable } from './event-table.tsx'

const shown = 12

/** The newest audit events. Most often the server is asked once. */
async function newest(client: QueryClient, actor: string | undefined): Promise<EventPage> {
  const shownOf = await browsing(client)
  const page = await pageOfEvents(actor ? { actor_id: actor } : {}, { offset: 0, wanted: shown }, shownOf)
  return { ...page, events: page.events.slice(0, shown) }
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
        {({ events, hidden, next }) => {
          const rest = next !== undefined ? ' All events shows the older ones.' : ''
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
