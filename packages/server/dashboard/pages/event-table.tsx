import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { agents, members } from '../asked.ts'
import { Icon, State, Table, Time } from '../components/index.ts'
import { wordsOf } from './event-words.ts'

export interface ShownEvent {
  readonly id: string
  readonly action: string
  readonly actor_id: string
  readonly actor_type: string
  readonly resource_type: string
  readonly resource_id: string
  readonly details: Readonly<Record<string, unknown>>
  readonly ip_address?: string | undefined
  readonly created_at: string
}

interface EventTableProps {
  readonly events: readonly ShownEvent[]
  /** Shows common actions in words. Default: as codes, which the filter uses. */
  readonly inWords?: boolean
}

/** Audit events, newest first: when, who, what, and how it ended. */
export function EventTable({ events, inWords = false }: EventTableProps) {
  const nameOf = useNames()
  return (
    <Table
      label="Audit events"
      rows={events}
      keyOf={({ id }) => id}
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
        { title: 'Result', cell: ({ details }) => <Outcome details={details} /> },
      ]}
    />
  )
}

const noOne: readonly never[] = []

/** The names of agents and members. Others keep the beginning of their id. */
export function useNames(): (id: string) => string {
  const { data: knownAgents = noOne } = useQuery(agents)
  const { data: knownMembers = noOne } = useQuery(members)
  // A map, because a table with a thousand rows asks a thousand times.
  const names = useMemo(
    () =>
      new Map([
        ...knownMembers.map(({ id, display_name, email }) => [id, display_name || email] as const),
        ...knownAgents.map(({ id, name }) => [id, name] as const),
      ]),
    [knownAgents, knownMembers],
  )
  return (id) => names.get(id) ?? (id.slice(0, 8) || 'unknown')
}

function subjectOf({ details, resource_type, resource_id }: ShownEvent, nameOf: (id: string) => string): string {
  const { path, name, pattern } = details
  const said = [path, pattern, name].find((one) => typeof one === 'string')
  if (resource_type === 'user' || resource_type === 'agent') return nameOf(resource_id)
  return said === undefined ? `${resource_type} ${resource_id.slice(0, 8)}` : String(said)
}

function Outcome({ details }: { readonly details: ShownEvent['details'] }) {
  const { outcome } = details
  if (outcome === undefined) return <State tone="good">done</State>
  return <State tone={outcome === 'denied' ? 'bad' : 'warn'}>{String(outcome)}</State>
}
