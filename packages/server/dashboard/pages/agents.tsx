import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { agents, ownVaults } from '../asked.ts'
import {
  AreaField,
  ChoiceField,
  Form,
  isPast,
  ListPage,
  ShownOnce,
  Snippets,
  State,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { EnrolmentQueue } from './enrolment-queue.tsx'
import { snippetsOf } from './first-run.tsx'
import { makeAgent, readsIn } from './make-agent.ts'

export function AgentsPage() {
  const { create = false } = useSearch({ from: '/agents' })
  const navigate = useNavigate({ from: '/agents' })
  const onOpen = (isOpen: boolean) => void navigate({ search: isOpen ? { create: true } : {}, replace: true })
  return (
    <ListPage
      title="Agents"
      label="Agents"
      of={useQuery(agents)}
      keyOf={({ id }) => id}
      searchIn={({ name, description, environment }) => `${name} ${description} ${environment}`}
      empty={{
        icon: 'agent',
        title: 'No agent yet',
        text: 'An agent is a program with an identity of its own. It reads what policies allow, every read is in the audit trail, and one switch stops it.',
      }}
      creating={{ title: 'New agent', open: create, onOpen, form: <NewAgent onClose={() => onOpen(false)} /> }}
      columns={[
        {
          title: 'Name',
          cell: ({ id, name }) => (
            <Link to="/agents/$agentId" params={{ agentId: id }} className="row-link wrap">
              {name}
            </Link>
          ),
        },
        { title: 'State', cell: (agent) => <AgentState of={agent} /> },
        { title: 'Environment', cell: ({ environment }) => <span className="quiet">{environment}</span> },
        { title: 'Purpose', cell: ({ description }) => <span className="quiet wrap">{description}</span> },
        {
          title: 'Last active',
          cell: ({ last_active_at }) =>
            last_active_at ? <Time at={last_active_at} /> : <span className="quiet">never</span>,
        },
      ]}
    >
      <EnrolmentQueue />
    </ListPage>
  )
}

/** The state of an agent in one word. */
export function AgentState({ of }: { readonly of: { is_active: boolean; expires_at?: string | undefined } }) {
  if (!of.is_active) return <State tone="bad">stopped</State>
  if (isPast(of.expires_at)) return <State tone="warn">expired</State>
  return <State tone="good">active</State>
}

function NewAgent({ onClose }: { readonly onClose: () => void }) {
  const cache = useQueryClient()
  const known = useQuery(ownVaults).data ?? []
  const [made, setMade] = useState<{ id: string; key: string | undefined; vaultId: string } | null>(null)
  const send = async (data: FormData) => {
    const vaultId = textIn(data, 'vault_id')
    const fields = {
      name: textIn(data, 'name') ?? '',
      description: textIn(data, 'description'),
      environment: textIn(data, 'environment'),
      ...(vaultId && { vault_ids: [vaultId] }),
    }
    const { agent, api_key } = await makeAgent(fields, readsIn(vaultId, textIn(data, 'secret_path_pattern')))
    await cache.invalidateQueries({ queryKey: ['agents'] })
    await cache.invalidateQueries({ queryKey: ['policies'] })
    setMade({ id: agent.id, key: api_key?.reveal(), vaultId: vaultId ?? known[0]?.id ?? '' })
  }
  if (made?.key) {
    return (
      <div className="stack">
        <ShownOnce value={made.key} what="Key" />
        <Snippets of={snippetsOf({ vaultId: made.vaultId, path: 'path/of/a/secret', key: made.key })} />
      </div>
    )
  }
  return (
    <Form onSend={send} button="Create the agent" onCancel={onClose}>
      <TextField name="name" label="Name" required placeholder="deploy-bot" />
      <AreaField name="description" label="Purpose" rows={2} hint="Optional. Others see it." />
      <div className="form-row">
        <TextField name="environment" label="Environment" placeholder="production" />
        <ChoiceField
          name="vault_id"
          label="Vault"
          choices={[['', 'None yet'], ...known.map(({ id, name }) => [id, name] as const)]}
          hint="The agent is limited to it."
        />
      </div>
      <TextField
        name="secret_path_pattern"
        label="What it may read"
        mono
        placeholder="api-keys/**"
        hint="A path pattern. ** is all of the vault. Without a pattern it can read nothing yet."
      />
    </Form>
  )
}
