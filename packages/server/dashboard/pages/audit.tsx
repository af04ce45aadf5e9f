import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import { api } from '../api.ts'
import { agents, eventTypes, members, vaults } from '../asked.ts'
import {
  Button,
  CheckField,
  ChoiceField,
  Empty,
  Page,
  ProblemText,
  State,
  say,
  TextField,
  useSettled,
  Waiting,
} from '../components/index.ts'
import type { AuditFilters } from '../router.tsx'
import { browsing, type EventPage, pageOfEvents } from './browsing.ts'
import { ChainCheck } from './chain-check.tsx'
import { EventTable } from './event-table.tsx'
import { wordsOf } from './event-words.ts'
import { saveFile } from './save-file.ts'
import type { ShownEvent } from './shown-event.ts'

/** A page has at least this number of events, unless the server was asked the maximum number of times for it. */
const pageEventsMin = 50
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
  const knownVaults = useQuery(vaults).data ?? []
  const knownAgents = useQuery(agents).data ?? []
  const knownMembers = useQuery(members).data ?? []
  const knownActions = useQuery(eventTypes).data ?? []
  const list = useId()
  const set = (part: AuditFilters) => void navigate({ search: { ...filters, ...part }, replace: true })
  const field = (name: keyof AuditFilters) => ({
    name,
    value: filters[name] ?? '',
    onChange: (event: { readonly target: { readonly value: string } }) => set({ [name]: event.target.value }),
  })
  return (
    <search className="stack tight">
      <div className="form-row filters">
        <ChoiceField
          {...field('actor')}
          label="Who"
          choices={[
            ['', 'All'],
            ...knownAgents.map(({ id, name }) => [id, `${name} (agent)`] as const),
            ...knownMembers.map(({ id, email, display_name }) => [id, display_name || email] as const),
          ]}
        />
        <TextField {...field('action')} label="What" type="search" placeholder="secret" mono list={list} />
        <datalist id={list}>
          {[...new Set(knownActions.map(({ audit_action }) => audit_action))].sort().map((action) => (
            <option key={action} value={action}>
              {wordsOf(action)}
            </option>
          ))}
        </datalist>
        <ChoiceField
          {...field('vault')}
          label="Vault"
          choices={[['', 'All'], ...knownVaults.map(({ id, name }) => [id, name] as const)]}
        />
        <TextField {...field('from')} label="From" type="date" />
        <TextField {...field('to')} label="To" type="date" />
      </div>
      <div className="row spread">
        <CheckField
          name="reads"
          label="Show reads without a secret value"
          hint="Lists and pages that users open, and renewals of sessions. Reads with an API key are always shown."
          checked={filters.reads === 'all'}
          onChange={(event) => set({ reads: event.target.checked ? 'all' : '' })}
        />
        {filters.resource && (
          <Button look="quiet" icon="cross" onClick={() => set({ resource: '' })}>
            Remove the filter on {filters.resource.slice(0, 8)}
          </Button>
        )}
      </div>
    </search>
  )
}

const isWhole = (action: string) => /^\w+\.\w+$/.test(action)

/** A whole action or a pattern as it is; anything else is a part of an action. */
function patternOf(action: string): string {
  return isWhole(action) || action.includes('*') ? action : `*${action}*`
}

/** The filters as the operation takes them. A day ends when the next begins. */
function queryOf({ action, actor, resource, vault, from, to }: AuditFilters) {
  return {
    ...(action && { action: patternOf(action) }),
    ...(resource && { resource_id: resource }),
    ...(actor && { actor_id: actor }),
    ...(vault && { vault_id: vault }),
    ...(from && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(to && { to: new Date(`${to}T23:59:59.999`).toISOString() }),
  }
}

/** Whether these filters show reads without a secret value. A filter for a whole action shows its events in any case. */
const showsAll = ({ reads, action = '' }: AuditFilters) => reads === 'all' || isWhole(action)

async function pageOf(client: QueryClient, filters: AuditFilters, offset: number): Promise<EventPage> {
  const shownOf = showsAll(filters) ? (read: readonly ShownEvent[]) => read : await browsing(client)
  return pageOfEvents(queryOf(filters), { offset, wanted: pageEventsMin }, shownOf)
}

function Events({ filters }: { readonly filters: AuditFilters }) {
  const client = useQueryClient()
  const settled = useSettled(filters)
  const asked = useInfiniteQuery({
    queryKey: ['audit', settled],
    queryFn: ({ pageParam }) => pageOf(client, settled, pageParam),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
  if (asked.error) return <ProblemText error={asked.error} onRetry={() => void asked.refetch()} />
  if (!asked.data) return <Waiting />
  // While pages are read, new events move old ones to the next page.
  const events = [
    ...new Map(asked.data.pages.flatMap((page) => page.events.map((event) => [event.id, event] as const))).values(),
  ]
  const hidden = asked.data.pages.reduce((sum, page) => sum + page.hidden, 0)
  return (
    <>
      {events.length > 0 ? (
        <EventTable events={events} />
      ) : (
        <div className="card">
          <Empty icon="audit" title="No event matches">
            Remove a filter, or choose other days.
          </Empty>
        </div>
      )}
      {hidden > 0 && (
        <p className="hint">
          {hidden === 1
            ? 'One read without a secret value is hidden.'
            : `${hidden.toLocaleString('en')} reads without a secret value are hidden.`}
        </p>
      )}
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
  const client = useQueryClient()
  const looks = useQuery({ queryKey: ['audit', 'browsing'], queryFn: () => browsing(client) })
  useEffect(() => {
    const ended = new AbortController()
    const { signal } = ended
    void followEvents(signal, (fresh) =>
      setEvents((known) => [...fresh.toReversed(), ...known].slice(0, followedMax)),
    ).catch((failure) => !signal.aborted && setError(failure))
    return () => ended.abort()
  }, [])
  const fitting = events.filter((event) => fits(event, filters))
  const shown = showsAll(filters) ? fitting : (looks.data?.(fitting) ?? [])
  const problem = error ?? looks.error
  return (
    <>
      <p className="row" role="status">
        <State tone="good">following</State>
        <span className="quiet">New events appear here within two seconds.</span>
      </p>
      {problem !== null && <ProblemText error={problem} />}
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
  if (filters.action && !isLike(action, patternOf(filters.action))) return false
  if (filters.resource && resource_id !== filters.resource) return false
  if (filters.actor && actor_id !== filters.actor) return false
  return !filters.vault || resource_id === filters.vault || details.vault_id === filters.vault
}

function isLike(action: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(action)
}

/** Saves what the filters show, with reads without a secret value, as a file of JSON lines or a table. */
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
