import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { honeytokens, ownVaults, riskEvents, riskVerdicts } from '../asked.ts'
import {
  Button,
  ChoiceField,
  Confirm,
  Form,
  List,
  Page,
  State,
  say,
  TextField,
  Time,
  type Tone,
  textIn,
} from '../components/index.ts'
import { useNames } from './names.ts'
import { PageTabs } from './page-tabs.tsx'

const tabs = [
  ['verdicts', 'Suspects'],
  ['honeytokens', 'Honeytokens'],
  ['events', 'Events'],
] as const

/** Users and agents with unusual behaviour, and honeytokens, which only a thief reads. */
export function RiskPage() {
  const { tab = 'verdicts' } = useSearch({ from: '/risk' })
  return (
    <Page title="Risk" lead="What is unusual about users and agents, and secrets that nothing but an intruder reads.">
      <PageTabs label="Risk" tabs={tabs} chosen={tab}>
        {tab === 'verdicts' && <Verdicts />}
        {tab === 'honeytokens' && <Honeytokens />}
        {tab === 'events' && <Events />}
      </PageTabs>
    </Page>
  )
}

const tones: Readonly<Record<string, Tone>> = { low: 'plain', medium: 'warn', high: 'bad', critical: 'bad' }

function Severity({ of }: { readonly of: string | null }) {
  return of === null ? null : <State tone={tones[of] ?? 'plain'}>{of}</State>
}

interface Suspect {
  readonly principal_type: 'user' | 'agent'
  readonly principal_id: string
}

function Verdicts() {
  const nameOf = useNames()
  const cache = useQueryClient()
  const [cleared, clear] = useState<Suspect | null>(null)
  return (
    <>
      <List
        label="Suspects"
        of={useQuery(riskVerdicts)}
        keyOf={({ principal_id }) => principal_id}
        empty={{
          icon: 'check',
          title: 'No suspect',
          text: 'A user or an agent that reads a honeytoken, or acts as it never did, appears here. From high on, it cannot sign in until you clear it.',
        }}
        columns={[
          { title: 'Who', cell: ({ principal_id }) => <span className="wrap">{nameOf(principal_id)}</span> },
          { title: 'How bad', cell: ({ severity }) => <Severity of={severity} /> },
          {
            title: 'Why',
            cell: ({ reasons }) => (
              <span className="quiet wrap">{reasons.map(({ description }) => description).join(' ')}</span>
            ),
          },
          { title: 'Since', cell: ({ computed_at }) => <Time at={computed_at} /> },
          {
            title: '',
            className: 'end',
            cell: (suspect) => (
              <Button look="quiet" onClick={() => clear(suspect)}>
                Clear
              </Button>
            ),
          },
        ]}
      />
      <Confirm
        title={`Clear ${cleared ? nameOf(cleared.principal_id) : ''}`}
        open={cleared !== null}
        onClose={() => clear(null)}
        button="Clear the suspicion"
        onConfirm={async () => {
          if (!cleared) return
          const { principal_type, principal_id } = cleared
          await api.risk.clearVerdict({ principal_type, principal_id })
          say('It may sign in again')
          await cache.invalidateQueries({ queryKey: ['risk'] })
        }}
      >
        <p>It may sign in again. Give it a new key first if the old one may be known to others.</p>
      </Confirm>
    </>
  )
}

function Honeytokens() {
  const cache = useQueryClient()
  const known = useQuery(ownVaults).data ?? []
  const [open, setOpen] = useState(false)
  const [removed, remove] = useState<{ id: string; secret_path: string } | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['risk'] })
  const create = async (data: FormData) => {
    const notes = textIn(data, 'notes')
    await api.risk.createHoneytoken({
      ...{ vault_id: textIn(data, 'vault_id') ?? '', secret_path: textIn(data, 'secret_path') ?? '' },
      ...(notes && { notes }),
    })
    setOpen(false)
    await refresh()
  }
  return (
    <>
      <List
        label="Honeytokens"
        of={useQuery(honeytokens)}
        keyOf={({ id }) => id}
        empty={{
          icon: 'key',
          title: 'No honeytoken yet',
          text: 'A honeytoken is a secret with an attractive path that nothing of yours needs. A read of it gives an intruder away, and ends their tokens at once.',
        }}
        creating={{
          ...{ title: 'New honeytoken', open, onOpen: setOpen },
          form: (
            <Form onSend={create} button="Create the honeytoken" onCancel={() => setOpen(false)}>
              <ChoiceField name="vault_id" label="Vault" choices={known.map(({ id, name }) => [id, name] as const)} />
              <TextField
                name="secret_path"
                label="Path"
                mono
                required
                placeholder="aws/root-access-key"
                hint="Store a secret there whose value looks real, and make sure that no program of yours reads it."
              />
              <TextField name="notes" label="Note" hint="Only owners and admins see it." />
            </Form>
          ),
        }}
        columns={[
          { title: 'Path', cell: ({ secret_path }) => <span className="wrap mono">{secret_path}</span> },
          {
            title: 'Vault',
            cell: ({ vault_id }) => <span className="wrap">{known.find(({ id }) => id === vault_id)?.name}</span>,
          },
          {
            title: 'Reads',
            cell: ({ triggered_count }) =>
              triggered_count > 0 ? (
                <State tone="bad">{triggered_count} reads</State>
              ) : (
                <span className="quiet">none</span>
              ),
          },
          {
            title: 'Last read',
            cell: ({ last_triggered_at }) => (last_triggered_at ? <Time at={last_triggered_at} /> : ''),
          },
          { title: 'Note', cell: ({ notes }) => <span className="quiet wrap">{notes}</span> },
          {
            title: '',
            className: 'end',
            cell: (one) => (
              <Button look="quiet" onClick={() => remove(one)}>
                Delete
              </Button>
            ),
          },
        ]}
      />
      <Confirm
        title="Delete the honeytoken"
        open={removed !== null}
        onClose={() => remove(null)}
        button="Delete it"
        onConfirm={async () => {
          await api.risk.deleteHoneytoken({ honeytoken_id: removed?.id ?? '' })
          await refresh()
        }}
      >
        <p>
          A read of <code>{removed?.secret_path}</code> raises no alarm any more.
        </p>
      </Confirm>
    </>
  )
}

function Events() {
  const nameOf = useNames()
  return (
    <List
      label="Risk events"
      of={useQuery(riskEvents)}
      keyOf={({ id }) => id}
      empty={{ icon: 'audit', title: 'No event', text: 'What the detectors find stays here for 90 days.' }}
      columns={[
        { title: 'When', cell: ({ occurred_at }) => <Time at={occurred_at} /> },
        { title: 'Who', cell: ({ principal_id }) => <span className="wrap">{nameOf(principal_id)}</span> },
        { title: 'What', cell: ({ event_type }) => event_type.replaceAll('_', ' ') },
        { title: 'How bad', cell: ({ severity }) => <Severity of={severity} /> },
        {
          title: 'From',
          cell: ({ ip, country_code }) => <span className="quiet">{[ip, country_code].filter(Boolean).join(' ')}</span>,
        },
      ]}
    />
  )
}
