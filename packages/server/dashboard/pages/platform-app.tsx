import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { platformApp } from '../asked.ts'
import {
  Answer,
  AreaField,
  Button,
  CheckField,
  ChoiceField,
  Dialog,
  Facts,
  Form,
  List,
  Page,
  ShownOnce,
  State,
  say,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { KeyAndEnd } from './key-and-end.tsx'
import { PageTabs } from './page-tabs.tsx'
import { linesIn } from './platform.tsx'
import { Templates } from './platform-templates.tsx'

const tabs = [
  ['details', 'Details'],
  ['templates', 'Templates'],
  ['users', 'Users'],
  ['audit', 'Audit'],
] as const

export function PlatformAppPage() {
  const { appId } = useParams({ from: '/platform/$appId' })
  const { tab = 'details' } = useSearch({ from: '/platform/$appId' })
  const asked = useQuery(platformApp(appId))
  return (
    <Page
      title={asked.data?.name ?? 'App'}
      crumbs={<Link to="/platform">Platform</Link>}
      lead={asked.data?.description || undefined}
    >
      <Answer of={asked}>
        {(app) => (
          <PageTabs label="Parts of the app" tabs={tabs} chosen={tab}>
            {tab === 'details' && <Details of={app} />}
            {tab === 'templates' && <Templates appId={appId} />}
            {tab === 'users' && <Users appId={appId} />}
            {tab === 'audit' && <Events appId={appId} />}
          </PageTabs>
        )}
      </Answer>
    </Page>
  )
}

type App = Awaited<ReturnType<typeof api.platform.getApp>>

function Details({ of }: { readonly of: App }) {
  return (
    <div className="stack loose">
      <div className="card">
        <Facts
          wide
          of={[
            [
              'State',
              of.is_active ? (
                <State key="on" tone="good">
                  active
                </State>
              ) : (
                <State key="off" tone="warn">
                  paused
                </State>
              ),
            ],
            ['Slug', <code key="slug">{of.slug}</code>],
            ['Key', <code key="key">{of.api_key_prefix}…</code>],
            ['Key expires', of.api_key_expires_at ? <Time key="expires" at={of.api_key_expires_at} /> : 'never'],
            ['Users', of.connected_users],
            ['Webhook', of.webhook_url ?? 'none'],
          ]}
        />
      </div>
      <Settings key={of.id} of={of} />
      {of.webhook_id !== null && <AppWebhook appId={of.id} webhookId={of.webhook_id} />}
      <AppKeyAndEnd of={of} />
    </div>
  )
}

function Settings({ of }: { readonly of: App }) {
  const cache = useQueryClient()
  const save = async (data: FormData) => {
    const users = textIn(data, 'max_connected_users')
    await api.platform.updateApp({
      ...{ app_id: of.id, name: textIn(data, 'name') ?? '', description: textIn(data, 'description') ?? '' },
      redirect_uris: linesIn(data, 'redirect_uris'),
      webhook_url: textIn(data, 'webhook_url') ?? null,
      auth_mode: textIn(data, 'auth_mode') as App['auth_mode'],
      max_connected_users: users === undefined ? null : Number(users),
      is_active: data.has('is_active'),
    })
    say('The app is stored')
    await cache.invalidateQueries({ queryKey: ['platform'] })
  }
  return (
    <div className="card">
      <Form onSend={save} button="Save">
        <div className="form-row">
          <TextField name="name" label="Name" required defaultValue={of.name} />
          <TextField
            name="max_connected_users"
            label="Users at most"
            type="number"
            min={0}
            defaultValue={of.max_connected_users ?? ''}
            hint="Empty: any number."
          />
          <ChoiceField
            name="auth_mode"
            label="A claim"
            defaultValue={of.auth_mode}
            choices={[
              ['silent', 'needs only the link'],
              ['user_signin', 'needs a sign-in'],
              ['configurable', 'is as the call says'],
            ]}
          />
        </div>
        <AreaField name="description" label="Purpose" rows={2} defaultValue={of.description} />
        <AreaField
          name="redirect_uris"
          label="Redirect addresses"
          mono
          rows={3}
          defaultValue={of.redirect_uris.join('\n')}
          hint="One on each line. Sign-in goes back only to these."
        />
        <TextField name="webhook_url" label="Webhook" mono defaultValue={of.webhook_url ?? ''} />
        <CheckField
          name="is_active"
          label="The app works."
          hint="Off: its key and its tokens stop at once."
          defaultChecked={of.is_active}
        />
      </Form>
    </div>
  )
}

function AppWebhook({ appId, webhookId }: { readonly appId: string; readonly webhookId: string }) {
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = async () =>
    setSecret((await api.platform.rotateWebhookSecret({ app_id: appId })).webhook_secret.reveal())
  return (
    <div className="card row">
      <Link to="/webhooks/$webhookId" params={{ webhookId }}>
        Deliveries of the webhook
      </Link>
      <Button act={() => rotate()}>New signing secret</Button>
      <Dialog title="Signing secret" open={secret !== null} onClose={() => setSecret(null)}>
        {secret !== null && (
          <div className="stack">
            <p>Your service verifies each event with it. The secret before stopped working.</p>
            <ShownOnce value={secret} what="Secret" />
          </div>
        )}
      </Dialog>
    </div>
  )
}

function AppKeyAndEnd({ of }: { readonly of: App }) {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const refresh = () => cache.invalidateQueries({ queryKey: ['platform'] })
  const rotate = async (overlap_seconds: number) => {
    const { api_key } = await api.platform.rotateAppKey({ app_id: of.id, overlap_seconds })
    // The key is shown once, so it waits for nothing.
    void refresh()
    return api_key.reveal()
  }
  const remove = async () => {
    await api.platform.deleteApp({ app_id: of.id })
    await navigate({ to: '/platform' })
    await refresh()
  }
  return (
    <KeyAndEnd what="app" name={of.name} rotate={rotate} remove={remove}>
      <p>Its keys, templates and connections go with it. What it made for users stays theirs.</p>
    </KeyAndEnd>
  )
}

const tones = { claimed: 'good', active: 'warn', pending: 'plain', disconnected: 'plain' } as const

function Users({ appId }: { readonly appId: string }) {
  const cache = useQueryClient()
  const [link, setLink] = useState<string | null>(null)
  const asked = useQuery({
    queryKey: ['platform', appId, 'users'],
    queryFn: async () => (await api.platform.listUsers({ app_id: appId })).users,
  })
  const stats = useQuery({
    queryKey: ['platform', appId, 'stats'],
    queryFn: () => api.platform.appStats({ app_id: appId }),
  }).data
  const claim = async (connection_id: string) => {
    setLink((await api.platform.reissueClaim({ connection_id })).claim_url.reveal())
    await cache.invalidateQueries({ queryKey: ['platform', appId, 'users'] })
  }
  return (
    <div className="stack">
      {stats && (
        <p className="quiet">
          {stats.total_connections} users, {stats.claimed_connections} of them claimed, {stats.total_grants} grants
        </p>
      )}
      <List
        label="Users"
        of={asked}
        keyOf={({ connection_id }) => connection_id}
        empty={{
          icon: 'person',
          title: 'No user yet',
          text: 'Your service adds a user with its key, and makes a vault and agents from a template.',
        }}
        columns={[
          {
            title: 'User',
            cell: ({ email, external_subject, user_id }) => (
              <span className="wrap">{email || external_subject || user_id.slice(0, 8)}</span>
            ),
          },
          { title: 'State', cell: ({ status }) => <State tone={tones[status]}>{status}</State> },
          { title: 'Vaults', className: 'end', cell: ({ vault_ids }) => vault_ids.length },
          { title: 'Agents', className: 'end', cell: ({ agent_ids }) => agent_ids.length },
          { title: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: '',
            className: 'end',
            cell: ({ connection_id, status }) =>
              status === 'active' && (
                <Button look="quiet" act={() => claim(connection_id)}>
                  New claim link
                </Button>
              ),
          },
        ]}
      />
      <Dialog title="Claim link" open={link !== null} onClose={() => setLink(null)}>
        {link !== null && (
          <div className="stack">
            <p>Give it to the user. It works once, for ten minutes. The link before stopped working.</p>
            <ShownOnce value={link} what="Link" hint="Send it to the user." />
          </div>
        )}
      </Dialog>
    </div>
  )
}

function Events({ appId }: { readonly appId: string }) {
  const asked = useQuery({
    queryKey: ['platform', appId, 'events'],
    queryFn: async () => (await api.platform.listEvents({ app_id: appId, limit: 100 })).events,
  })
  return (
    <Answer of={asked}>
      {(events) => (
        <Table
          label="Events of the app"
          rows={events}
          keyOf={({ id }) => id}
          columns={[
            { title: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
            { title: 'What', cell: ({ action }) => <code>{action}</code> },
            { title: 'Who', cell: ({ actor_type, actor_id }) => `${actor_type} ${actor_id.slice(0, 8)}` },
            { title: 'On', cell: (one) => `${one.resource_type} ${one.resource_id.slice(0, 8)}` },
          ]}
        />
      )}
    </Answer>
  )
}
