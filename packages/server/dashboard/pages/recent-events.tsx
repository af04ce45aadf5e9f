import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import { Answer, ButtonLink, Empty, Section } from '../components/index.ts'
import { EventTable, type ShownEvent } from './event-table.tsx'

/** Events that the user causes by browsing the dashboard. They are left out. */
const browsing = /^audit\.|^auth\.refresh$|_list$|\.(list|explain|preview|reach|readable|self)$/
const shown = 12
const pageEvents = 40
const pagesMax = 5

/** Usually reads one page. Reads more pages if browsing events fill the first ones. */
async function newest(actor: string | undefined) {
  const found: ShownEvent[] = []
  for (let page = 0; page < pagesMax && found.length < shown; page++) {
    const asked = { limit: pageEvents, offset: page * pageEvents, ...(actor && { actor_id: actor }) }
    const { events } = await api.audit.events(asked)
    found.push(...events.filter(({ action }) => !browsing.test(action)))
    if (events.length < pageEvents) break
  }
  return found.slice(0, shown)
}

/** The newest audit events, of all or of one actor. */
export function RecentEvents({ actor }: { readonly actor?: string }) {
  const asked = useQuery({
    queryKey: ['audit', 'recent', actor ?? ''],
    queryFn: () => newest(actor),
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
