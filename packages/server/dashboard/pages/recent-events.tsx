import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import { Answer, ButtonLink, Empty, Section } from '../components/index.ts'
import { EventTable } from './event-table.tsx'

/** Events that the user causes by browsing the dashboard. They are left out. */
const browsing = /^audit\.|^auth\.refresh$|_list$|\.(list|explain|preview|reach|readable|self)$/
const shown = 12

/** The newest audit events, of all or of one actor. */
export function RecentEvents({ actor }: { readonly actor?: string }) {
  const asked = useQuery({
    queryKey: ['audit', 'recent', actor ?? ''],
    queryFn: async () => {
      const { events } = await api.audit.events({ limit: 200, ...(actor && { actor_id: actor }) })
      return events.filter(({ action }) => !browsing.test(action)).slice(0, shown)
    },
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
