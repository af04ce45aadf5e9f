import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { agent } from '../asked.ts'
import { Answer, Button, Confirm, Facts, Page, State, say, Time } from '../components/index.ts'
import { AgentAccess } from './agent-access.tsx'
import { AgentBindings } from './agent-bindings.tsx'
import { AgentDay } from './agent-day.tsx'
import { AgentKeys } from './agent-keys.tsx'
import { AgentLimits } from './agent-limits.tsx'
import { AgentSettings } from './agent-settings.tsx'
import { AgentShroud } from './agent-shroud.tsx'
import { AgentState } from './agents.tsx'
import { PageTabs } from './page-tabs.tsx'

const tabs = [
  ['access', 'What it can read'],
  ['day', 'Its day'],
  ['limits', 'Limits'],
  ['keys', 'Signing keys'],
  ['bindings', 'Bindings'],
  ['shroud', 'Shroud'],
  ['settings', 'Settings'],
] as const

const signIns = {
  api_key: 'API key',
  mtls: 'client certificate',
  oidc_client_credentials: 'OIDC client credentials',
} as const

export function AgentPage() {
  const { agentId } = useParams({ from: '/agents/$agentId' })
  const { tab = 'access' } = useSearch({ from: '/agents/$agentId' })
  const asked = useQuery(agent(agentId))
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
            <div className={tab === 'access' ? 'card' : 'card wide-only'}>
              <Facts
                wide
                of={[
                  [
                    'State',
                    <span key="state" className="row">
                      <AgentState of={known} />
                      {known.signing_frozen && <State tone="bad">signing is frozen</State>}
                    </span>,
                  ],
                  ['ID', <code key="id">{known.id}</code>],
                  ['Signs in with', signIns[known.auth_method]],
                  ['Environment', known.environment || 'none'],
                  ['Expires', known.expires_at ? <Time key="expires" at={known.expires_at} /> : 'never'],
                  ['Created', <Time key="created" at={known.created_at} />],
                ]}
              />
            </div>
            <PageTabs label="Parts of the agent" tabs={tabs} chosen={tab}>
              {tab === 'access' && <AgentAccess agentId={agentId} />}
              {tab === 'day' && <AgentDay agentId={agentId} name={known.name} />}
              {tab === 'limits' && <AgentLimits of={known} />}
              {tab === 'keys' && <AgentKeys agentId={agentId} />}
              {tab === 'bindings' && <AgentBindings agentId={agentId} />}
              {tab === 'shroud' && <AgentShroud of={known} />}
              {tab === 'settings' && <AgentSettings agentId={agentId} />}
            </PageTabs>
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
      <Button look="primary" icon="check" act={() => set(true)}>
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
