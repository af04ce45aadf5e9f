import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { platformApps } from '../asked.ts'
import { AreaField, Form, ListPage, ShownOnce, State, TextField, Time, textIn } from '../components/index.ts'

/** The apps that the organisation runs for users of its own. */
export function PlatformPage() {
  const { create = false } = useSearch({ from: '/platform' })
  const navigate = useNavigate({ from: '/platform' })
  const onOpen = (isOpen: boolean) => void navigate({ search: isOpen ? { create: true } : {}, replace: true })
  return (
    <ListPage
      title="Platform"
      lead="Apps that make vaults and agents for users of yours."
      label="Platform apps"
      of={useQuery(platformApps)}
      keyOf={({ id }) => id}
      empty={{
        icon: 'platform',
        title: 'No app yet',
        text: 'With an app, your service gives each of its users a vault and agents. The user claims them with a link, and your service cannot read the secrets.',
      }}
      creating={{ title: 'New app', open: create, onOpen, form: <NewApp onClose={() => onOpen(false)} /> }}
      columns={[
        {
          title: 'Name',
          cell: ({ id, name }) => (
            <Link to="/platform/$appId" params={{ appId: id }} className="row-link wrap">
              {name}
            </Link>
          ),
        },
        { title: 'Slug', cell: ({ slug }) => <code>{slug}</code> },
        {
          title: 'State',
          cell: ({ is_active }) => (is_active ? <State tone="good">active</State> : <State tone="warn">paused</State>),
        },
        { title: 'Users', className: 'end', cell: ({ connected_users }) => connected_users.toLocaleString('en') },
        { title: 'Created', cell: ({ created_at }) => <Time at={created_at} /> },
      ]}
    />
  )
}

function NewApp({ onClose }: { readonly onClose: () => void }) {
  const cache = useQueryClient()
  const [key, setKey] = useState<string | null>(null)
  const send = async (data: FormData) => {
    const made = await api.platform.createApp({
      ...{ name: textIn(data, 'name') ?? '', slug: textIn(data, 'slug') ?? '' },
      description: textIn(data, 'description'),
      redirect_uris: linesIn(data, 'redirect_uris'),
    })
    setKey(made.api_key.reveal())
    await cache.invalidateQueries({ queryKey: ['platform'] })
  }
  if (key !== null) return <ShownOnce value={key} what="Key" />
  return (
    <Form onSend={send} button="Create the app" onCancel={onClose}>
      <div className="form-row">
        <TextField name="name" label="Name" required placeholder="My service" />
        <TextField name="slug" label="Slug" mono required placeholder="my-service" hint="It never changes." />
      </div>
      <AreaField name="description" label="Purpose" rows={2} hint="Users read it." />
      <AreaField
        name="redirect_uris"
        label="Redirect addresses"
        mono
        rows={2}
        placeholder="https://example.com/callback"
        hint="One on each line. Sign-in goes back only to these."
      />
    </Form>
  )
}

export function linesIn(data: FormData, name: string): string[] {
  return String(data.get(name) ?? '')
    .split(/\s+/)
    .filter(Boolean)
}
