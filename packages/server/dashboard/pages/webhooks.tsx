import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { webhooks } from '../asked.ts'
import { Form, ListPage, ShownOnce, State, TextField, Time, textIn } from '../components/index.ts'
import { EventsField, eventsIn } from './webhook-events.tsx'

export function WebhooksPage() {
  const { create = false } = useSearch({ from: '/webhooks' })
  const navigate = useNavigate({ from: '/webhooks' })
  const onOpen = (isOpen: boolean) => void navigate({ search: isOpen ? { create: true } : {}, replace: true })
  return (
    <ListPage
      title="Webhooks"
      lead="Events of the trail, sent to programs of yours, signed, in order and at least once."
      label="Webhooks"
      of={useQuery(webhooks)}
      keyOf={({ id }) => id}
      empty={{
        icon: 'hook',
        title: 'No webhook yet',
        text: 'A webhook tells a program of yours what happens here, such as a refusal or an approval that waits.',
      }}
      creating={{ title: 'New webhook', open: create, onOpen, form: <NewWebhook onClose={() => onOpen(false)} /> }}
      columns={[
        {
          title: 'Address',
          cell: ({ id, url }) => (
            <Link to="/webhooks/$webhookId" params={{ webhookId: id }} className="row-link wrap">
              {url}
            </Link>
          ),
        },
        { title: 'Purpose', cell: ({ description }) => <span className="quiet wrap">{description}</span> },
        { title: 'Events', cell: ({ events }) => <span className="quiet wrap">{wordsOf(events)}</span> },
        { title: 'State', cell: (webhook) => <WebhookState of={webhook} /> },
        { title: 'Created', cell: ({ created_at }) => <Time at={created_at} /> },
      ]}
    />
  )
}

function wordsOf(events: readonly string[]): string {
  const [first = '', ...others] = events
  if (first === '*') return 'all'
  return others.length === 0 ? first : `${first} and ${others.length} more`
}

export function WebhookState({ of }: { readonly of: { is_active: boolean; disabled_reason?: string | undefined } }) {
  if (of.is_active) return <State tone="good">active</State>
  return <State tone={of.disabled_reason ? 'bad' : 'warn'}>{of.disabled_reason ? 'turned off' : 'paused'}</State>
}

function NewWebhook({ onClose }: { readonly onClose: () => void }) {
  const cache = useQueryClient()
  const [secret, setSecret] = useState<string | null>(null)
  const send = async (data: FormData) => {
    const made = await api.webhooks.create({
      url: textIn(data, 'url') ?? '',
      events: eventsIn(data),
      description: textIn(data, 'description'),
    })
    setSecret(made.secret.reveal())
    await cache.invalidateQueries({ queryKey: ['webhooks'] })
  }
  if (secret !== null) {
    return (
      <div className="stack">
        <p>The program verifies each message with this secret.</p>
        <ShownOnce value={secret} what="Signing secret" />
      </div>
    )
  }
  return (
    <Form onSend={send} button="Create the webhook" onCancel={onClose}>
      <TextField name="url" label="Address" type="url" mono required placeholder="https://example.com/pawl" />
      <TextField name="description" label="Purpose" />
      <EventsField chosen={['*']} />
    </Form>
  )
}
