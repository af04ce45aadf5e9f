import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { agent, bindings, executions } from '../asked.ts'
import {
  Button,
  ChoiceField,
  Confirm,
  Form,
  List,
  Note,
  Section,
  State,
  say,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

/** Services that an agent calls with a credential that it never sees, and its last calls. */
export function AgentBindings({ agentId }: { readonly agentId: string }) {
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [removed, remove] = useState<{ id: string; name: string } | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['agents', agentId] })
  const { data: known } = useQuery(agent(agentId))
  const allow = async () => {
    await api.agents.update({ agent_id: agentId, execution_intents_enabled: true })
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  const change = async (binding_id: string, is_active: boolean) => {
    await api.bindings.update({ agent_id: agentId, binding_id, is_active })
    await refresh()
  }
  return (
    <div className="stack loose">
      {known && !known.execution_intents_enabled && (
        <Note>
          <div className="row spread">
            <span>This agent may not call services. Its bindings wait.</span>
            <Button act={() => allow()}>Allow calls</Button>
          </div>
        </Note>
      )}
      <List
        label="Bindings"
        of={useQuery(bindings(agentId))}
        keyOf={({ id }) => id}
        empty={{
          icon: 'link',
          title: 'No binding yet',
          text: 'With a binding the agent calls one service. Pawl adds the credential and takes it out of the answer, so the agent never has it.',
        }}
        creating={{
          ...{ title: 'New binding', open, onOpen: setOpen },
          form: <NewBinding agentId={agentId} onDone={refresh} onClose={() => setOpen(false)} />,
        }}
        columns={[
          { title: 'Name', cell: ({ name }) => <span className="wrap">{name}</span> },
          { title: 'Service', cell: ({ config }) => <code className="wrap">{String(config.base_url ?? '')}</code> },
          {
            title: 'Credential',
            cell: ({ credential_path, credential_set }) =>
              credential_path ? <code className="wrap">{credential_path}</code> : credential_set ? 'its own' : 'none',
          },
          {
            title: 'State',
            cell: ({ is_active }) =>
              is_active ? <State tone="good">active</State> : <State tone="warn">paused</State>,
          },
          {
            title: '',
            className: 'end',
            cell: ({ id, name, is_active }) => (
              <>
                <TestButton agentId={agentId} bindingId={id} />
                <Button look="quiet" act={() => change(id, !is_active)}>
                  {is_active ? 'Pause' : 'Resume'}
                </Button>
                <Button look="quiet" onClick={() => remove({ id, name })}>
                  Delete
                </Button>
              </>
            ),
          },
        ]}
      />
      <Calls agentId={agentId} />
      <Confirm
        title={`Delete ${removed?.name ?? ''}`}
        open={removed !== null}
        onClose={() => remove(null)}
        button="Delete the binding"
        onConfirm={async () => {
          await api.bindings.delete({ agent_id: agentId, binding_id: removed?.id ?? '' })
          await refresh()
        }}
      >
        <p>The agent can call the service no longer. A credential that only the binding has goes with it.</p>
      </Confirm>
    </div>
  )
}

/** Asks the service whether it accepts the credential. The message says how it answered. */
function TestButton({ agentId, bindingId }: { readonly agentId: string; readonly bindingId: string }) {
  const test = async () => {
    const { success, latency_ms, error } = await api.bindings.test({ agent_id: agentId, binding_id: bindingId })
    say(success ? `The service answered in ${latency_ms} ms` : (error ?? 'The service refuses the credential.'))
  }
  return (
    <Button look="quiet" act={test}>
      Test
    </Button>
  )
}

interface NewBindingProps {
  readonly agentId: string
  readonly onDone: () => Promise<unknown>
  readonly onClose: () => void
}

function NewBinding({ agentId, onDone, onClose }: NewBindingProps) {
  const [auth, setAuth] = useState<'bearer' | 'basic' | 'header' | 'query'>('bearer')
  const create = async (data: FormData) => {
    const named = textIn(data, 'auth_name')
    const username = textIn(data, 'username')
    const methods = textIn(data, 'methods') === 'read' ? (['GET', 'HEAD'] as const) : undefined
    await api.bindings.create({
      ...{ agent_id: agentId, name: textIn(data, 'name') ?? '' },
      binding_type: textIn(data, 'binding_type') as 'http' | 'graphql',
      config: {
        ...{ base_url: textIn(data, 'base_url') ?? '', auth_type: auth },
        ...(named && { auth_name: named }),
        ...(username && { username }),
        ...(methods && { allowed_methods: methods }),
      },
      credential: String(data.get('credential')),
    })
    onClose()
    await onDone()
  }
  return (
    <Form onSend={create} button="Create the binding" onCancel={onClose}>
      <div className="form-row">
        <TextField name="name" label="Name" required placeholder="payments" hint="The agent calls it by this name." />
        <ChoiceField
          name="binding_type"
          label="Kind"
          choices={[
            ['http', 'HTTP'],
            ['graphql', 'GraphQL'],
          ]}
        />
      </div>
      <TextField name="base_url" label="Address" mono required placeholder="https://api.example.com/v1" />
      <div className="form-row">
        <ChoiceField
          name="auth_type"
          label="The credential goes"
          value={auth}
          onChange={(event) => setAuth(event.target.value as typeof auth)}
          choices={[
            ['bearer', 'as a bearer token'],
            ['basic', 'as a password'],
            ['header', 'in a header'],
            ['query', 'in the address'],
          ]}
        />
        {auth === 'basic' && <TextField name="username" label="User name" />}
        {(auth === 'header' || auth === 'query') && <TextField name="auth_name" label="Its name there" required />}
        <ChoiceField
          name="methods"
          label="It may"
          choices={[
            ['all', 'read and change'],
            ['read', 'only read'],
          ]}
        />
      </div>
      <TextField name="credential" label="Credential" type="password" autoComplete="off" required />
    </Form>
  )
}

function Calls({ agentId }: { readonly agentId: string }) {
  const { data = [] } = useQuery(executions(agentId))
  const { data: known = [] } = useQuery(bindings(agentId))
  if (data.length === 0) return null
  return (
    <Section title="Last calls">
      <Table
        label="Last calls"
        rows={data}
        keyOf={({ id }) => id}
        columns={[
          { title: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
          { title: 'Binding', cell: ({ binding_id }) => known.find(({ id }) => id === binding_id)?.name ?? 'deleted' },
          {
            title: 'Request',
            cell: ({ request_summary: { method, host, path } }) => (
              <code className="wrap">{[method, host, path].filter(Boolean).map(String).join(' ')}</code>
            ),
          },
          {
            title: 'Result',
            cell: ({ status, error_message }) => (
              <span title={error_message}>
                <State tone={status === 'success' ? 'good' : 'bad'}>{status}</State>
              </span>
            ),
          },
          { title: 'Took', cell: ({ duration_ms }) => `${duration_ms} ms` },
        ]}
      />
    </Section>
  )
}
