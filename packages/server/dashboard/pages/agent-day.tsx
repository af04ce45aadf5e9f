import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { api } from '../api.ts'
import {
  Answer,
  Button,
  Empty,
  IconButton,
  ProblemText,
  say,
  TextField,
  Timeline,
  type TimelineStep,
} from '../components/index.ts'
import { stepOf } from './day-steps.tsx'
import { saveFile } from './save-file.ts'
import { allSegments, partsOf } from './segments.ts'
import { type DayKind, dayKinds, kindOf, type ShownEvent } from './shown-event.ts'

const eventsMax = 1_000
const dayMs = 86_400_000
const stepMs = 700

interface Day {
  readonly events: readonly ShownEvent[]
  readonly isPartial: boolean
}

/** Everything that an agent did on one day, each step with what allowed it. */
export function AgentDay({ agentId, name }: { readonly agentId: string; readonly name: string }) {
  const [day, setDay] = useState(() => dayOf(new Date()))
  const [kind, setKind] = useState<DayKind | null>(null)
  const asked = useQuery({ queryKey: ['audit', 'day', agentId, day], queryFn: () => eventsOf(agentId, day) })
  return (
    <div className="stack">
      <div className="row spread">
        <DayChoice day={day} onChoose={setDay} />
        {asked.data && asked.data.events.length > 0 && (
          <SignedExport agentId={agentId} name={name} day={day} events={asked.data.events} />
        )}
      </div>
      <Answer of={asked}>
        {({ events, isPartial }) =>
          events.length === 0 ? (
            <div className="card">
              <Empty icon="clock" title="A quiet day" action={<LastDay agentId={agentId} onChoose={setDay} />}>
                The agent did nothing on this day. Every read, call, signature and refusal would be here.
              </Empty>
            </div>
          ) : (
            <>
              <Played
                of={`${day} ${kind}`}
                steps={events.filter((one) => kind === null || kindOf(one) === kind).map(stepOf)}
              >
                <Kinds events={events} chosen={kind} onChoose={setKind} />
              </Played>
              {isPartial && <p className="hint">Only the newest {eventsMax} events of the day are shown.</p>}
            </>
          )
        }
      </Answer>
    </div>
  )
}

async function eventsOf(agentId: string, day: string): Promise<Day> {
  const [from, to] = boundsOf(day)
  const events: ShownEvent[] = []
  const asked = { actor_id: agentId, from: from.toISOString(), to: to.toISOString(), limit: 500 }
  for await (const event of api.audit.events.each(asked)) {
    events.push(event)
    if (events.length >= eventsMax) break
  }
  return { events: events.toReversed(), isPartial: events.length >= eventsMax }
}

interface DayChoiceProps {
  readonly day: string
  readonly onChoose: (day: string) => void
}

function DayChoice({ day, onChoose }: DayChoiceProps) {
  const move = (days: number) => onChoose(dayOf(new Date(boundsOf(day)[0].getTime() + days * dayMs + dayMs / 2)))
  return (
    <div className="row end">
      <IconButton label="The day before" icon="left" onClick={() => move(-1)} />
      <TextField
        name="day"
        label="Day"
        type="date"
        value={day}
        max={dayOf(new Date())}
        onChange={(event) => event.target.value && onChoose(event.target.value)}
      />
      <IconButton label="The day after" icon="right" disabled={day >= dayOf(new Date())} onClick={() => move(1)} />
    </div>
  )
}

function LastDay({ agentId, onChoose }: { readonly agentId: string; readonly onChoose: (day: string) => void }) {
  const newest = useQuery({
    queryKey: ['audit', 'newest', agentId],
    queryFn: async () => (await api.audit.events({ actor_id: agentId, limit: 1 })).events[0] ?? null,
  }).data
  if (!newest) return null
  return <Button onClick={() => onChoose(dayOf(new Date(newest.created_at)))}>Its last day with events</Button>
}

interface KindsProps {
  readonly events: readonly ShownEvent[]
  readonly chosen: DayKind | null
  readonly onChoose: (kind: DayKind | null) => void
}

/** How often what happened. A press shows only that. */
function Kinds({ events, chosen, onChoose }: KindsProps) {
  const counts = dayKinds.map(
    ([kind, label]) => [kind, label, events.filter((one) => kindOf(one) === kind).length] as const,
  )
  return (
    <fieldset className="row plain" aria-label="What to show">
      {counts
        .filter(([, , count]) => count > 0)
        .map(([kind, label, count]) => (
          <Button key={kind} aria-pressed={kind === chosen} onClick={() => onChoose(kind === chosen ? null : kind)}>
            {count} {count === 1 ? label.replace(/s$/, '') : label}
          </Button>
        ))}
    </fieldset>
  )
}

interface PlayedProps {
  /** Names the steps, so that playing ends when others are shown. */
  readonly of: string
  readonly steps: readonly TimelineStep[]
  readonly children: ReactNode
}

/** The steps, and a button that goes through them in their order. */
function Played({ of, steps, children }: PlayedProps) {
  const [at, setAt] = useState<number | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other steps begin at rest
  useEffect(() => setAt(null), [of])
  const isPlaying = at !== null
  useEffect(() => {
    if (at === null) return
    const timer = setTimeout(() => setAt(at + 1 < steps.length ? at + 1 : null), stepMs)
    return () => clearTimeout(timer)
  }, [at, steps.length])
  return (
    <div className="stack">
      <div className="row spread">
        {children}
        <Button icon={isPlaying ? 'stop' : 'play'} onClick={() => setAt(isPlaying ? null : 0)}>
          {isPlaying ? 'Stop' : 'Play the day'}
        </Button>
      </div>
      <Timeline label="Steps of the day" steps={steps} at={at} />
    </div>
  )
}

interface ExportProps {
  readonly agentId: string
  readonly name: string
  readonly day: string
  readonly events: readonly ShownEvent[]
}

/** A file with the events of the day, and the closed segments of the trail that hold them, with their signatures. */
function SignedExport({ agentId, name, day, events }: ExportProps) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      const segments = await segmentsOf(day)
      saveFile(
        `${day} ${agentId}.json`,
        `${JSON.stringify({ agent_id: agentId, name, day, events, segments }, null, 2)}\n`,
      )
      say(
        segments.length > 0
          ? 'The day is saved, with its signatures'
          : 'The day is saved. The server has not signed it yet: that happens when a segment closes.',
      )
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="stack tight">
      <Button icon="down" busy={busy} act={() => save()}>
        Signed export
      </Button>
      {error !== null && <ProblemText error={error} />}
    </div>
  )
}

async function segmentsOf(day: string) {
  const [from, to] = boundsOf(day)
  const segments = (await allSegments()).filter(
    (one) => Date.parse(one.to) >= from.getTime() && Date.parse(one.from) <= to.getTime(),
  )
  const saved = []
  for (const segment of segments) {
    const parts = []
    for await (const part of partsOf(segment, () => {})) parts.push(part)
    saved.push({ segment, public_key: parts[0]?.public_key, blocks: parts.flatMap(({ blocks }) => blocks) })
  }
  return saved
}

/** The day of a time in the time zone of the person: `2026-01-31`. */
function dayOf(time: Date): string {
  const two = (number: number) => `${number}`.padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

function boundsOf(day: string): readonly [from: Date, to: Date] {
  return [new Date(`${day}T00:00`), new Date(`${day}T23:59:59.999`)]
}
