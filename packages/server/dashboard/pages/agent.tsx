import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { agent } from '../asked.ts'
import {
  Answer,
  AreaField,
  Button,
  CheckField,
  Confirm,
  Dialog,
  Empty,
  Facts,
  Form,
  Note,
  Page,
  Section,
  ShownOnce,
  State,
  say,
  Tabs,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { AgentState } from './agents.tsx'
import { RecentEvents } from './recent-events.tsx'

type Tab = 'access' | 'activity' | 'settings'

const tabs: readonly (readonly [Tab, string])[] = [
  ['access', 'What it can read'],
  ['activity', 'Activity'],
  ['settings', 'Settings'],
]

export function AgentPage() {
  const { agentId } = useParams({ from: '/agents/$agentId' })
  const asked = useQuery(agent(agentId))
  const [tab, setTab] = useState<Tab>('access')
  return (
    <Page
      title={asked.data?.name ?? 'Agent'}
      crumbs={<Link to="/agents">Agents</Link>}
      lead={asked.data?.description || undefined}
      actions={asked.data && <Switch agentId={agentId} isActive={asked.data.is_active} />}
    >
      <Answer of={asked}>
        {(known) => (
          <>
            <div className="card">
              <Facts
                of={[
                  ['State', <AgentState key="state" of={known} />],
                  ['ID', <code key="id">{known.id}</code>],
                  ['Signs in with', known.auth_method.replaceAll('_', ' ')],
                  ['Environment', known.environment || 'none'],
                  ['Expires', known.expires_at ? <Time key="expires" at={known.expires_at} /> : 'never'],
                  ['Created', <Time key="created" at={known.created_at} />],
                ]}
              />
            </div>
            <Tabs label="Parts of the agent" tabs={tabs} chosen={tab} onChoose={setTab}>
              {tab === 'access' && <Readable agentId={agentId} />}
              {tab === 'activity' && <RecentEvents actor={agentId} />}
              {tab === 'settings' && <AgentSettings agentId={agentId} />}
            </Tabs>
          </>
        )}
      </Answer>
    </Page>
  )
}

/** Stops the agent at once, or lets it work again. */
function Switch({ agentId, isActive }: { readonly agentId: string; readonly isActive: boolean }) {
  const [open, setOpen] = useState(false)
  const cache = useQueryClient()
  const set = async (is_active: boolean) => {
    await api.agents.update({ agent_id: agentId, is_active })
    say(is_active ? 'The agent may work again' : 'The agent is stopped')
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  if (!isActive) {
    return (
      <Button look="primary" icon="check" onClick={() => void set(true)}>
        Let it work again
      </Button>
    )
  }
  return (
    <>
      <Button look="danger" icon="stop" onClick={() => setOpen(true)}>
        Stop the agent
      </Button>
      <Confirm
        title="Stop the agent"
        open={open}
        onClose={() => setOpen(false)}
        button="Stop it now"
        onConfirm={() => set(false)}
      >
        <p>Its key and all its tokens stop working at once. Nothing is deleted, and you can let it work again later.</p>
      </Confirm>
    </>
  )
}

function Readable({ agentId }: { readonly agentId: string }) {
  const asked = useQuery({
    queryKey: ['policies', 'readable', agentId],
    queryFn: () => api.policies.readable({ principal_type: 'agent', principal_id: agentId }),
  })
  return (
    <Answer of={asked}>
      {({ vaults, is_partial }) =>
        vaults.length === 0 ? (
          <div className="card">
            <Empty
              icon="policy"
              title="It can read nothing"
              action={
                <Link to="/policies" className="button">
                  Policies
                </Link>
              }
            >
              No policy of a vault that you manage names this agent. A policy says which paths it may read.
            </Empty>
          </div>
        ) : (
          <div className="stack">
            {vaults.map(({ vault_id, name, secrets, readable, paths, because }) => (
              <section key={vault_id} className="card stack" aria-label={name}>
                <div className="row spread">
                  <h2>
                    <Link
                      to="/vaults/$vaultId"
                      params={{ vaultId: vault_id }}
                      search={{ tab: 'policies' }}
                      className="link"
                    >
                      {name}
                    </Link>
                  </h2>
                  <State tone={readable === 0 ? 'plain' : 'good'}>
                    reads {readable.toLocaleString('en')} of {secrets.toLocaleString('en')}
                  </State>
                </div>
                {because && <Note tone="warn">{because}</Note>}
                {paths.length > 0 && (
                  <ul className="paths">
                    {paths.map((path) => (
                      <li key={path} className="mono wrap">
                        {path}
                      </li>
                    ))}
                    {readable > paths.length && <li className="quiet">and {readable - paths.length} more</li>}
                  </ul>
                )}
              </section>
            ))}
            {is_partial && (
              <Note tone="warn">There is more than this page shows. The page Reach shows all of a vault.</Note>
            )}
          </div>
        )
      }
    </Answer>
  )
}

function AgentSettings({ agentId }: { readonly agentId: string }) {
  const asked = useQuery(agent(agentId))
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'key' | 'delete' | null>(null)
  const [key, setKey] = useState<string | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['agents'] })
  const save = async (data: FormData) => {
    const ttl = textIn(data, 'token_ttl_seconds')
    await api.agents.update({
      agent_id: agentId,
      name: textIn(data, 'name') ?? '',
      description: textIn(data, 'description') ?? '',
      environment: textIn(data, 'environment') ?? null,
      token_ttl_seconds: ttl === undefined ? null : Number(ttl),
      link_shares_enabled: data.has('link_shares_enabled'),
      execution_intents_enabled: data.has('execution_intents_enabled'),
    })
    say('The settings are stored')
    await refresh()
  }
  const rotate = async (data: FormData) => {
    const minutes = Number(textIn(data, 'overlap') ?? 0)
    const made = await api.agents.rotateKey({ agent_id: agentId, overlap_seconds: minutes * 60 })
    setKey(made.api_key.reveal())
    await refresh()
  }
  const remove = async () => {
    await api.agents.delete({ agent_id: agentId })
    await navigate({ to: '/agents' })
    await refresh()
  }
  const close = () => {
    setOpen(null)
    setKey(null)
  }
  return (
    <Answer of={asked}>
      {(known) => (
        <div className="stack loose">
          <div className="card">
            <Form key={known.id} onSend={save} button="Save">
              <div className="form-row">
                <TextField name="name" label="Name" defaultValue={known.name} required />
                <TextField name="environment" label="Environment" defaultValue={known.environment ?? ''} />
                <TextField
                  name="token_ttl_seconds"
                  label="Lifetime of its tokens"
                  type="number"
                  min={60}
                  defaultValue={known.token_ttl_seconds ?? ''}
                  hint="Seconds. Empty: the default of the server."
                />
              </div>
              <AreaField name="description" label="Purpose" rows={2} defaultValue={known.description} />
              <CheckField
                name="link_shares_enabled"
                label="It may share secrets by link."
                hint="Every holder of the link can read the secret."
                defaultChecked={known.link_shares_enabled ?? false}
              />
              <CheckField
                name="execution_intents_enabled"
                label="It may call services through its bindings."
                hint="It never sees the credential."
                defaultChecked={known.execution_intents_enabled ?? false}
              />
            </Form>
          </div>
          <Section title="Key and end">
            <div className="row">
              <Button icon="turn" onClick={() => setOpen('key')}>
                New key
              </Button>
              <Button look="danger" icon="bin" onClick={() => setOpen('delete')}>
                Delete the agent
              </Button>
            </div>
          </Section>
          <Dialog title="New key" open={open === 'key'} onClose={close}>
            {key === null ? (
              <Form onSend={rotate} button="Make a new key" onCancel={close}>
                <TextField
                  name="overlap"
                  label="The old key works for"
                  type="number"
                  min={0}
                  defaultValue={0}
                  hint="Minutes. 0: it stops at once, with all its tokens."
                />
              </Form>
            ) : (
              <ShownOnce value={key} what="Key" />
            )}
          </Dialog>
          <Confirm
            title={`Delete ${known.name}`}
            open={open === 'delete'}
            onClose={close}
            button="Delete the agent"
            onConfirm={remove}
          >
            <p>Its keys, tokens and policies go with it. Its audit events stay. Nothing can bring it back.</p>
          </Confirm>
        </div>
      )}
    </Answer>
  )
}
