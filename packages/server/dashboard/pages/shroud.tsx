import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { agents } from '../asked.ts'
import {
  Answer,
  type Bar,
  Bars,
  Button,
  ChoiceField,
  Dialog,
  Empty,
  Page,
  Section,
  State,
  Table,
  Time,
} from '../components/index.ts'
import { type Activity, useLiveActivity } from '../live-activity.ts'
import { useNames } from './names.ts'
import { PageTabs } from './page-tabs.tsx'
import { TryInspection } from './try-inspection.tsx'

const tabs = [
  ['traffic', 'Traffic'],
  ['threats', 'Threats'],
  ['try', 'Try it'],
] as const

const eventsMax = 1_000
const pageEvents = 200

/** What agents ask models, what was found in it, and what it costs. No text of a request is stored. */
export function ShroudPage() {
  const { tab = 'traffic' } = useSearch({ from: '/shroud' })
  return (
    <Page title="Shroud" lead="The requests of agents to models: counted, inspected, and without secrets in them.">
      <PageTabs label="Shroud" tabs={tabs} chosen={tab}>
        {tab === 'traffic' && <Traffic />}
        {tab === 'threats' && <Threats />}
        {tab === 'try' && <TryInspection />}
      </PageTabs>
    </Page>
  )
}

async function newest(agent_id: string): Promise<Activity[]> {
  const all: Activity[] = []
  while (all.length < eventsMax) {
    const asked = { limit: pageEvents, offset: all.length, ...(agent_id && { agent_id }) }
    const { events } = await api.shroud.listActivity(asked)
    all.push(...events)
    if (events.length < pageEvents) break
  }
  return all
}

function Traffic() {
  const [agentId, setAgent] = useState('')
  const [isLive, setLive] = useState(false)
  const known = useQuery(agents).data ?? []
  const asked = useQuery({
    queryKey: ['shroud', 'activity', agentId],
    queryFn: () => newest(agentId),
  })
  useLiveActivity(isLive, agentId, ['shroud', 'activity', agentId], eventsMax)
  return (
    <div className="stack loose">
      <div className="row spread end">
        <div className="narrow grow">
          <ChoiceField
            name="agent"
            label="Agent"
            value={agentId}
            onChange={(event) => setAgent(event.target.value)}
            choices={[['', 'All'], ...known.map(({ id, name }) => [id, name] as const)]}
          />
        </div>
        <Button icon="clock" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
          {isLive ? 'Stop the live view' : 'Live view'}
        </Button>
      </div>
      <Answer of={asked}>
        {(events) =>
          events.length === 0 ? (
            <div className="card">
              <Empty icon="shroud" title="No request yet">
                Turn Shroud on for an agent, and let it call models at the address of this server. Each request appears
                here.
              </Empty>
            </div>
          ) : (
            <>
              <Charts events={events} />
              <Section title="Models">
                <Models events={events} />
              </Section>
              <Section title="Newest requests">
                <Requests events={events.slice(0, 50)} />
              </Section>
            </>
          )
        }
      </Answer>
    </div>
  )
}

const number = (value: number) => value.toLocaleString('en')

/** Prices of single requests are often parts of a cent. */
const dollars = (value: number) =>
  `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`

const costOf = (events: readonly Activity[]) => events.reduce((sum, { cost_usd = 0 }) => sum + cost_usd, 0)
const hasCost = (events: readonly Activity[]) => events.some(({ cost_usd }) => cost_usd !== undefined)

/** Requests and tokens by day. Each sum is in the words too. */
function Charts({ events }: { readonly events: readonly Activity[] }) {
  const days = byDay(events)
  const tokens = events.reduce((sum, one) => sum + one.request_tokens + one.response_tokens, 0)
  const blocked = events.filter(({ action }) => action === 'blocked').length
  return (
    <div className="charts">
      <section className="card stack tight" aria-label="Requests">
        <h2>Requests</h2>
        <p className="quiet">
          {number(events.length)} in all, {number(blocked)} blocked
        </p>
        <Bars
          label={`${events.length} requests by day, ${blocked} blocked`}
          bars={days.map(([label, of]) => requestBar(label, of))}
          show={number}
        />
      </section>
      <section className="card stack tight" aria-label="Tokens">
        <h2>Tokens</h2>
        <p className="quiet">{number(tokens)} in prompts and answers</p>
        <Bars
          label={`${tokens} tokens by day, in prompts and answers`}
          bars={days.map(([label, of]) => tokenBar(label, of))}
          show={number}
        />
      </section>
      {hasCost(events) && (
        <section className="card stack tight" aria-label="Cost">
          <h2>Cost</h2>
          <p className="quiet">{dollars(costOf(events))} at current prices</p>
          <Bars
            label={`${dollars(costOf(events))} by day`}
            bars={days.map(([label, of]) => ({ label, parts: [{ tone: 'plain', value: costOf(of) }] }))}
            show={dollars}
          />
        </section>
      )}
    </div>
  )
}

function Models({ events }: { readonly events: readonly Activity[] }) {
  return (
    <Table
      label="Tokens by model"
      rows={byModel(events)}
      keyOf={([model]) => model}
      columns={[
        { title: 'Model', cell: ([model]) => <span className="wrap">{model}</span> },
        { title: 'Requests', className: 'end', cell: ([, of]) => number(of.length) },
        { title: 'Tokens', className: 'end', cell: ([, of]) => number(tokensOf(of)) },
        ...(hasCost(events)
          ? [
              {
                title: 'Cost',
                className: 'end',
                cell: ([, of]: ModelLine) => (hasCost(of) ? dollars(costOf(of)) : ''),
              },
            ]
          : []),
      ]}
    />
  )
}

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const dayMs = 86_400_000
const daysShown = 14

/** The newest days, also those without a request. */
function byDay(events: readonly Activity[]): (readonly [label: string, of: Activity[]])[] {
  const last = new Date().setHours(0, 0, 0, 0)
  return Array.from({ length: daysShown }, (_, at) => {
    const from = last - (daysShown - 1 - at) * dayMs
    const of = events.filter(({ timestamp }) => Math.floor((Date.parse(timestamp) - from) / dayMs) === 0)
    return [dayFormat.format(from), of] as const
  })
}

function requestBar(label: string, of: readonly Activity[]): Bar {
  const count = (action: Activity['action']) => of.filter((one) => one.action === action).length
  const parts = [
    { tone: 'plain', value: count('allowed') },
    { tone: 'warn', value: count('warned') },
    { tone: 'bad', value: count('blocked') },
  ] as const
  return { label, parts }
}

function tokenBar(label: string, of: readonly Activity[]): Bar {
  return { label, parts: [{ tone: 'plain', value: tokensOf(of) }] }
}

function tokensOf(of: readonly Activity[]): number {
  return of.reduce((sum, one) => sum + one.request_tokens + one.response_tokens, 0)
}

type ModelLine = readonly [model: string, of: Activity[]]

function byModel(events: readonly Activity[]): ModelLine[] {
  const groups = new Map<string, Activity[]>()
  for (const one of events) {
    const name = `${one.provider} ${one.model}`.trim() || 'unknown'
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups].sort(([, one], [, other]) => other.length - one.length).slice(0, 6)
}

const tones = { allowed: 'good', warned: 'warn', blocked: 'bad' } as const

function Requests({ events }: { readonly events: readonly Activity[] }) {
  const nameOf = useNames()
  return (
    <Table
      label="Newest requests"
      rows={events}
      keyOf={({ id }) => id}
      columns={[
        { title: 'When', cell: ({ timestamp }) => <Time at={timestamp} /> },
        { title: 'Agent', cell: ({ agent_id }) => <span className="wrap">{nameOf(agent_id)}</span> },
        { title: 'Model', cell: ({ provider, model }) => <span className="wrap">{`${provider} ${model}`}</span> },
        { title: 'Result', cell: ({ action }) => <State tone={tones[action]}>{action}</State> },
        {
          title: 'Tokens',
          className: 'end',
          cell: ({ request_tokens, response_tokens }) => number(request_tokens + response_tokens),
        },
        ...(hasCost(events)
          ? [
              {
                title: 'Cost',
                className: 'end',
                cell: ({ cost_usd }: Activity) => (cost_usd === undefined ? '' : dollars(cost_usd)),
              },
            ]
          : []),
        { title: 'Found', cell: (one) => <span className="quiet wrap">{foundIn(one)}</span> },
      ]}
    />
  )
}

function foundIn(one: Activity): string {
  const found = [
    one.had_secrets_redacted && 'secrets taken out',
    one.had_pii_detected && 'personal data',
    one.injection_score > 0 && `injection score ${one.injection_score}`,
    ...one.policy_violations,
  ]
  return found.filter(Boolean).join(', ')
}

const periods = [
  ['24h', 'Last day'],
  ['1h', 'Last hour'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const

function Threats() {
  const [period, setPeriod] = useState<(typeof periods)[number][0]>('24h')
  const [reviewed, review] = useState<string | null>(null)
  const nameOf = useNames()
  const asked = useQuery({
    queryKey: ['shroud', 'threats', period],
    queryFn: () => api.shroud.threatSummary({ period }),
  })
  return (
    <div className="stack loose">
      <div className="narrow">
        <ChoiceField
          name="period"
          label="Period"
          value={period}
          onChange={(event) => setPeriod(event.target.value as typeof period)}
          choices={periods}
        />
      </div>
      <Answer of={asked}>
        {({ total_requests, total_requests_prev, blocked_requests, active_agents, detectors, flagged_requests }) => (
          <>
            <div className="numbers">
              <Count of={total_requests} what={`requests, ${number(total_requests_prev)} in the period before`} />
              <Count of={blocked_requests} what="blocked" />
              <Count of={active_agents} what={active_agents === 1 ? 'active agent' : 'active agents'} />
            </div>
            {detectors.length === 0 && <p className="quiet">No detector found anything in this period.</p>}
            {detectors.length > 0 && (
              <Section title="Detectors">
                <Table
                  label="Detectors"
                  rows={detectors}
                  keyOf={({ detector }) => detector}
                  columns={[
                    { title: 'Detector', cell: ({ detector }) => detector.replaceAll('_', ' ') },
                    { title: 'Found', className: 'end', cell: ({ detections }) => number(detections) },
                    { title: 'Blocked', className: 'end', cell: ({ blocks }) => number(blocks) },
                    { title: 'Warned', className: 'end', cell: ({ actions }) => number(actions.warned) },
                  ]}
                />
              </Section>
            )}
            {flagged_requests.length > 0 && (
              <Section title="Flagged requests">
                <Table
                  label="Flagged requests"
                  rows={flagged_requests}
                  keyOf={({ id }) => id}
                  columns={[
                    { title: 'When', cell: ({ timestamp }) => <Time at={timestamp} /> },
                    { title: 'Agent', cell: ({ agent_id, agent_name }) => agent_name || nameOf(agent_id) },
                    { title: 'Why', cell: ({ reason }) => <span className="wrap">{reason}</span> },
                    { title: 'Score', className: 'end', cell: ({ score }) => score },
                    {
                      title: '',
                      className: 'end',
                      cell: ({ id }) => (
                        <Button look="quiet" onClick={() => review(id)}>
                          Review
                        </Button>
                      ),
                    },
                  ]}
                />
              </Section>
            )}
          </>
        )}
      </Answer>
      <Dialog title="Flagged request" wide open={reviewed !== null} onClose={() => review(null)}>
        {reviewed !== null && <Flagged id={reviewed} />}
      </Dialog>
    </div>
  )
}

function Count({ of, what }: { readonly of: number; readonly what: string }) {
  return (
    <div className="number">
      <strong>{number(of)}</strong>
      <span className="quiet">{what}</span>
    </div>
  )
}

/** The text of a flagged request, without its secrets. The review is in the trail. */
function Flagged({ id }: { readonly id: string }) {
  const asked = useQuery({
    queryKey: ['shroud', 'flagged', id],
    queryFn: () => api.shroud.getFlaggedRequest({ activity_id: id }),
    gcTime: 0,
  })
  return (
    <Answer of={asked}>
      {({ texts, kept_until }) => (
        <div className="stack">
          {texts.map(({ role, text }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the texts of one request never change their places
            <div key={at} className="stack tight">
              <p className="hint">{role}</p>
              <div className="secret-text">{text}</div>
            </div>
          ))}
          <p className="hint">
            It is kept until <Time at={kept_until} />.
          </p>
        </div>
      )}
    </Answer>
  )
}
