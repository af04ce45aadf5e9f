import { Icon, State, Table, Time } from '../components/index.ts'
import { EventDetails } from './event-details.tsx'
import { wordsOf } from './event-words.ts'
import { useNames } from './names.ts'
import { isRefused, type ShownEvent } from './shown-event.ts'

interface EventTableProps {
  readonly events: readonly ShownEvent[]
  /** Shows common actions in words. Default: as codes, which the filter uses. */
  readonly inWords?: boolean
}

/** Audit events, newest first: when, who, what, and how it ended. A row opens, and shows the whole event. */
export function EventTable({ events, inWords = false }: EventTableProps) {
  const nameOf = useNames()
  return (
    <Table
      label="Audit events"
      rows={events}
      keyOf={({ id }) => id}
      details={(event) => <EventDetails of={event} />}
      columns={[
        { title: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
        {
          title: 'Who',
          cell: ({ actor_id, actor_type }) => (
            <span className="row nowrap">
              <Icon name={actor_type === 'agent' ? 'agent' : 'person'} />
              {nameOf(actor_id)}
            </span>
          ),
        },
        { title: 'What', cell: ({ action }) => (inWords && wordsOf(action)) || <code>{action}</code> },
        { title: 'On', cell: (event) => <span className="wrap">{subjectOf(event, nameOf)}</span> },
        { title: 'Result', cell: (event) => <Outcome of={event} /> },
      ]}
    />
  )
}

function subjectOf({ details, resource_type, resource_id }: ShownEvent, nameOf: (id: string) => string): string {
  const { path, name, pattern } = details
  const said = [path, pattern, name].find((one) => typeof one === 'string')
  if (resource_type === 'user' || resource_type === 'agent') return nameOf(resource_id)
  return said === undefined ? `${resource_type} ${resource_id.slice(0, 8)}` : String(said)
}

function Outcome({ of }: { readonly of: ShownEvent }) {
  const { outcome } = of.details
  if (outcome === undefined) return <State tone="good">done</State>
  return <State tone={toneOf(of)}>{String(outcome)}</State>
}

function toneOf(event: ShownEvent): 'bad' | 'warn' | 'plain' {
  if (event.details.outcome === 'denied') return 'bad'
  return isRefused(event) ? 'warn' : 'plain'
}
