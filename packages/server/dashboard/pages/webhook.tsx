import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { webhook } from '../asked.ts'
import {
  Answer,
  Button,
  Confirm,
  Dialog,
  Empty,
  Facts,
  Form,
  Note,
  Page,
  ProblemText,
  Section,
  ShownOnce,
  State,
  say,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { EventsField, eventsIn } from './webhook-events.tsx'
import { WebhookState } from './webhooks.tsx'

export function WebhookPage() {
  const { webhookId } = useParams({ from: '/webhooks/$webhookId' })
  const asked = useQuery(webhook(webhookId))
  return (
    <Page
      title={asked.data?.url ?? 'Webhook'}
      crumbs={<Link to="/webhooks">Webhooks</Link>}
      lead={asked.data?.description || undefined}
    >
      <Answer of={asked}>
        {(known) => (
          <>
            <div className="card stack">
              <Facts
                of={[
                  ['State', <WebhookState key="state" of={known} />],
                  [
                    'Events',
                    <span key="events" className="mono wrap">
                      {known.events.join(', ')}
                    </span>,
                  ],
                  ['Created', <Time key="created" at={known.created_at} />],
                ]}
              />
              {known.disabled_reason && <Note tone="warn">{known.disabled_reason}</Note>}
              {known.unknown_events.length > 0 && (
                <Note tone="warn">This server never sends {known.unknown_events.join(', ')}.</Note>
              )}
              <Actions of={known} />
            </div>
            <Deliveries webhookId={webhookId} />
          </>
        )}
      </Answer>
    </Page>
  )
}

type Known = Awaited<ReturnType<typeof api.webhooks.get>>
type Open = 'edit' | 'secret' | 'delete' | null

function Actions({ of }: { readonly of: Known }) {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState<Open>(null)
  const webhook_id = of.id
  const close = () => setOpen(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['webhooks'] })
  const test = async () => {
    const { delivered, http_status, error, duration_ms } = await api.webhooks.test({ webhook_id })
    say(
      delivered
        ? `The receiver answered ${http_status} in ${duration_ms} ms`
        : `The delivery failed: ${error ?? http_status}`,
    )
  }
  const save = async (data: FormData) => {
    await api.webhooks.update({
      ...{ webhook_id, url: textIn(data, 'url') ?? '', events: eventsIn(data) },
      description: textIn(data, 'description') ?? '',
    })
    close()
    await refresh()
  }
  const pause = async () => {
    await api.webhooks.update({ webhook_id, is_active: !of.is_active })
    await refresh()
  }
  return (
    <div className="row">
      <Button icon="play" act={() => test()}>
        Send a test
      </Button>
      <Button icon="settings" onClick={() => setOpen('edit')}>
        Change
      </Button>
      <Button act={() => pause()}>{of.is_active ? 'Pause' : 'Resume'}</Button>
      <Button icon="turn" onClick={() => setOpen('secret')}>
        New secret
      </Button>
      <Button look="danger" icon="bin" onClick={() => setOpen('delete')}>
        Delete
      </Button>
      <Dialog title="Change the webhook" open={open === 'edit'} onClose={close}>
        <Form onSend={save} button="Save" onCancel={close}>
          <TextField name="url" label="Address" type="url" mono required defaultValue={of.url} />
          <TextField name="description" label="Purpose" defaultValue={of.description} />
          <EventsField chosen={of.events} />
        </Form>
      </Dialog>
      <Dialog title="New signing secret" open={open === 'secret'} onClose={close}>
        <NewSecret webhookId={webhook_id} onClose={close} />
      </Dialog>
      <Confirm
        title="Delete the webhook"
        open={open === 'delete'}
        onClose={close}
        button="Delete it"
        onConfirm={async () => {
          await api.webhooks.delete({ webhook_id })
          await navigate({ to: '/webhooks' })
          await refresh()
        }}
      >
        <p>Deliveries that wait are not sent.</p>
      </Confirm>
    </div>
  )
}

function NewSecret({ webhookId, onClose }: { readonly webhookId: string; readonly onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = async (data: FormData) => {
    const overlap_seconds = Number(textIn(data, 'hours') ?? 0) * 3_600
    setSecret((await api.webhooks.rotateSecret({ webhook_id: webhookId, overlap_seconds })).secret.reveal())
  }
  if (secret !== null) return <ShownOnce value={secret} what="Signing secret" />
  return (
    <Form onSend={rotate} button="Make a new secret" onCancel={onClose}>
      <TextField
        name="hours"
        label="The former secret signs too for"
        type="number"
        min={0}
        max={168}
        defaultValue={24}
        hint="Hours. Change the program in this time."
      />
    </Form>
  )
}

const pageDeliveries = 50

function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const cache = useQueryClient()
  const asked = useInfiniteQuery({
    queryKey: ['webhooks', webhookId, 'deliveries'],
    queryFn: async ({ pageParam }) =>
      (
        await api.webhooks.deliveries({
          ...{ webhook_id: webhookId, limit: pageDeliveries },
          ...(pageParam && { before: pageParam }),
        })
      ).deliveries,
    initialPageParam: '',
    getNextPageParam: (last) => (last.length < pageDeliveries ? undefined : last.at(-1)?.id),
  })
  const replay = async (delivery_id: string) => {
    await api.webhooks.replay({ webhook_id: webhookId, delivery_id })
    say('Sent the event again')
    await cache.invalidateQueries({ queryKey: ['webhooks', webhookId, 'deliveries'] })
  }
  const all = asked.data?.pages.flat() ?? []
  return (
    <Section
      title="Deliveries"
      actions={
        <Button icon="turn" busy={asked.isRefetching} onClick={() => void asked.refetch()}>
          Refresh
        </Button>
      }
    >
      {asked.error && <ProblemText error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked.data && all.length === 0 && (
        <div className="card">
          <Empty icon="hook" title="Nothing was sent yet">
            Each delivery appears here with the answer of the program, and can be sent again.
          </Empty>
        </div>
      )}
      {all.length > 0 && (
        <Table
          label="Deliveries"
          rows={all}
          keyOf={({ id }) => id}
          columns={[
            { title: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
            { title: 'Event', cell: ({ event }) => <code className="wrap">{event}</code> },
            { title: 'Result', cell: ({ status }) => <State tone={tones[status]}>{status}</State> },
            {
              title: 'Answer',
              cell: ({ http_status, error }) => <span className="quiet wrap">{error ?? http_status ?? ''}</span>,
            },
            { title: 'Tries', className: 'end', cell: ({ attempts }) => attempts },
            {
              title: '',
              className: 'end',
              cell: ({ id, status }) =>
                status !== 'pending' && (
                  <Button look="quiet" icon="turn" act={() => replay(id)}>
                    Replay
                  </Button>
                ),
            },
          ]}
        />
      )}
      {asked.hasNextPage && (
        <div>
          <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
            Older deliveries
          </Button>
        </div>
      )}
    </Section>
  )
}

const tones = { pending: 'plain', delivered: 'good', failed: 'bad' } as const
