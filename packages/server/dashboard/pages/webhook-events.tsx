import { useQuery } from '@tanstack/react-query'
import { eventTypes } from '../asked.ts'
import { AreaField, Facts } from '../components/index.ts'

/** The events that a webhook sends, one on each line. */
export function EventsField({ chosen }: { readonly chosen: readonly string[] }) {
  const known = useQuery(eventTypes).data ?? []
  return (
    <>
      <AreaField
        name="events"
        label="Events"
        mono
        required
        rows={3}
        defaultValue={chosen.join('\n')}
        hint="One name on each line. * means all."
      />
      <details>
        <summary className="hint">{known.length} events to choose from</summary>
        <div className="scroll">
          <Facts
            of={known.map(({ event, audit_action }) => [event, <code key={event}>{audit_action}</code>] as const)}
          />
        </div>
      </details>
    </>
  )
}

export function eventsIn(data: FormData): string[] {
  return String(data.get('events') ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
}
