import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
import { Answer, ButtonLink, Empty, Section } from '../components/index.ts'
import { browsing } from './browsing.ts'
import { EventTable } from './event-table.tsx'
import type { ShownEvent } from './shown-event.ts'

const shown = 12
const pageEvents = 40
const pagesMax = 5

/** Usually reads one page. Reads more pages if browsing events fill the first ones. */
async function newest(client: QueryClient, actor: string | undefined) {
  const isBrowsing = await browsing(client)
  const found: ShownEvent[] = []
  for (let page = 0; page < pagesMax && found.length < shown; page++) {
    const asked = { limit: pageEvents, offset: page * pageEvents, ...(actor && { actor_id: actor }) }
    const { events } = await api.audit.events(asked)
    found.push(...events.filter((event) => !isBrowsing(event)))
    if (events.length < pageEvents) break
  }
  return found.slice(0, shown)
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
        {(events) =>
          events.length > 0 ? (
            <EventTable events={events} inWords />
          ) : (
            <div className="card">
              <Empty icon="audit" title="No event yet">
                Every read, change and refusal leaves an event here.
              </Empty>
            </div>
          )
        }
      </Answer>
    </Section>
  )
}
