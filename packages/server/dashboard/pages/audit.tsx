import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { api } from '../api.ts'
import { agents, members, vaults } from '../asked.ts'
import { Button, ChoiceField, Empty, Page, ProblemText, State, say, TextField, Waiting } from '../components/index.ts'
import type { AuditFilters } from '../router.tsx'
import { ChainCheck } from './chain-check.tsx'
import { EventTable, type ShownEvent } from './event-table.tsx'
import { saveFile } from './save-file.ts'

const pageEvents = 100
const followEveryMs = 2_000
const exportEventsMax = 10_000

export function AuditPage() {
  const filters = useSearch({ from: '/audit' })
  const [isFollowing, follow] = useState(false)
  return (
    <Page
      title="Audit"
      lead="Every read, change and refusal, in a chain that shows every later change."
      actions={
        <>
          <Button icon="clock" aria-pressed={isFollowing} onClick={() => follow(!isFollowing)}>
            {isFollowing ? 'Stop following' : 'Follow'}
          </Button>
          <Export filters={filters} />
        </>
      }
    >
      <ChainCheck />
      <Filters filters={filters} />
      {isFollowing ? <Following filters={filters} /> : <Events filters={filters} />}
    </Page>
  )
}

function Filters({ filters }: { readonly filters: AuditFilters }) {
  const navigate = useNavigate({ from: '/audit' })
  const [action, setAction] = useState(filters.action ?? '')
  const knownVaults = useQuery(vaults).data ?? []
  const knownAgents = useQuery(agents).data ?? []
  const knownMembers = useQuery(members).data ?? []
  const set = (part: AuditFilters) => void navigate({ search: { ...filters, ...part }, replace: true })
  return (
    <search className="form-row filters">
      <ChoiceField
        name="actor"
        label="Who"
        value={filters.actor ?? ''}
        onChange={(event) => set({ actor: event.target.value })}
        choices={[
          ['', 'All'],
          ...knownAgents.map(({ id, name }) => [id, `${name} (agent)`] as const),
          ...knownMembers.map(({ id, email, display_name }) => [id, display_name || email] as const),
        ]}
      />
      <TextField
        name="action"
        label="What"
        placeholder="secret.read"
        mono
        value={action}
        onChange={(event) => setAction(event.target.value)}
        onBlur={() => set({ action })}
        onKeyDown={(event) => event.key === 'Enter' && set({ action })}
      />
      <ChoiceField
        name="vault"
        label="Vault"
        value={filters.vault ?? ''}
        onChange={(event) => set({ vault: event.target.value })}
        choices={[['', 'All'], ...knownVaults.map(({ id, name }) => [id, name] as const)]}
      />
      <TextField
        name="from"
        label="From"
        type="date"
        value={filters.from ?? ''}
        onChange={(event) => set({ from: event.target.value })}
      />
      <TextField
        name="to"
        label="To"
        type="date"
        value={filters.to ?? ''}
        onChange={(event) => set({ to: event.target.value })}
      />
    </search>
  )
}

/** The filters as the operation takes them. A day ends when the next begins. */
function queryOf({ action, actor, vault, from, to }: AuditFilters) {
  return {
    ...(action && { action }),
    ...(actor && { actor_id: actor }),
    ...(vault && { vault_id: vault }),
    ...(from && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(to && { to: new Date(`${to}T23:59:59.999`).toISOString() }),
  }
}

function Events({ filters }: { readonly filters: AuditFilters }) {
  const asked = useInfiniteQuery({
    queryKey: ['audit', filters],
    queryFn: async ({ pageParam }) =>
      (await api.audit.events({ ...queryOf(filters), limit: pageEvents, offset: pageParam })).events,
    initialPageParam: 0,
    getNextPageParam: (last, all) => (last.length < pageEvents ? undefined : all.flat().length),
  })
  if (asked.error) return <ProblemText error={asked.error} onRetry={() => void asked.refetch()} />
  if (!asked.data) return <Waiting />
  // While pages are read, new events move old ones to the next page.
  const events = [...new Map(asked.data.pages.flat().map((event) => [event.id, event])).values()]
  if (events.length === 0) {
    return (
      <div className="card">
        <Empty icon="audit" title="No event fits">
          Take a filter away, or choose other days.
        </Empty>
      </div>
    )
  }
  return (
    <>
      <EventTable events={events} />
      {asked.hasNextPage && (
        <div>
          <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
            Older events
          </Button>
        </div>
      )}
    </>
  )
}

const followedMax = 500

/** New events as they happen. */
function Following({ filters }: { readonly filters: AuditFilters }) {
  const [events, setEvents] = useState<readonly ShownEvent[]>([])
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const ended = new AbortController()
    const { signal } = ended
    void followEvents(signal, (fresh) =>
      setEvents((known) => [...fresh.toReversed(), ...known].slice(0, followedMax)),
    ).catch((failure) => !signal.aborted && setError(failure))
    return () => ended.abort()
  }, [])
  const shown = events.filter((event) => fits(event, filters))
  return (
    <>
      <p className="row" role="status">
        <State tone="good">following</State>
        <span className="quiet">New events appear here within two seconds.</span>
      </p>
      {error !== null && <ProblemText error={error} />}
      {shown.length > 0 && <EventTable events={shown} />}
    </>
  )
}

async function followEvents(signal: AbortSignal, tell: (events: readonly ShownEvent[]) => void): Promise<void> {
  let next: { cursor: string } | { since: string } = { since: new Date().toISOString() }
  while (!signal.aborted) {
    const { events, cursor } = await api.audit.follow({ ...next, limit: 200 }, { signal })
    next = { cursor }
    // Its own reads would fill the view.
    const others = events.filter(({ action }) => action !== 'audit.follow')
    if (others.length > 0) tell(others)
    await new Promise((resolve) => setTimeout(resolve, followEveryMs))
  }
}

function fits({ action, actor_id, resource_id, details }: ShownEvent, filters: AuditFilters): boolean {
  if (filters.action && action !== filters.action) return false
  if (filters.actor && actor_id !== filters.actor) return false
  return !filters.vault || resource_id === filters.vault || details.vault_id === filters.vault
}

/** Saves what the filters show, as a file of JSON lines or a table. */
function Export({ filters }: { readonly filters: AuditFilters }) {
  const save = async (format: 'jsonl' | 'csv') => {
    const events: ShownEvent[] = []
    for await (const event of api.audit.events.each({ ...queryOf(filters), limit: 500 })) {
      events.push(event)
      if (events.length >= exportEventsMax) break
    }
    const text = format === 'csv' ? csvOf(events) : events.map((event) => `${JSON.stringify(event)}\n`).join('')
    saveFile(`audit.${format}`, text)
    say(`Saved ${events.length} events`)
  }
  return (
    <>
      <Button icon="down" act={() => save('csv')}>
        Export CSV
      </Button>
      <Button icon="down" act={() => save('jsonl')}>
        Export JSON
      </Button>
    </>
  )
}

const csvFields = [
  'created_at',
  'action',
  'actor_type',
  'actor_id',
  'resource_type',
  'resource_id',
  'ip_address',
] as const

/** A spreadsheet runs a cell that begins with one of these as a formula, so such a cell begins with an apostrophe. */
const formula = /^[=+\-@\t\r]/

export function csvOf(events: readonly ShownEvent[]): string {
  const cell = (value: string) => `"${(formula.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`
  const lines = events.map((event) =>
    [...csvFields.map((name) => event[name] ?? ''), JSON.stringify(event.details)].map(cell).join(','),
  )
  return `${[...csvFields, 'details'].join(',')}\n${lines.join('\n')}\n`
}
