import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
import { connectedApps, grants, ownVaults } from '../asked.ts'
import {
  Answer,
  Button,
  CheckField,
  ChoiceField,
  Form,
  Section,
  say,
  Table,
  TextField,
  Time,
  textIn,
  timeIn,
} from '../components/index.ts'

interface AppAccessProps {
  readonly connectionId: string
  readonly onClose: () => void
}

/** The resources of this user that an app may use, and the actions that it may take for the user. */
export function AppAccess({ connectionId, onClose }: AppAccessProps) {
  return (
    <div className="stack loose">
      <Section title="Grants">
        <Grants connectionId={connectionId} />
      </Section>
      <Section title="Acts for you">
        <Delegation connectionId={connectionId} onClose={onClose} />
      </Section>
      <Log connectionId={connectionId} />
    </div>
  )
}

const permissions = ['read', 'write', 'rotate', 'delete'] as const

function Grants({ connectionId }: { readonly connectionId: string }) {
  const cache = useQueryClient()
  const asked = useQuery(grants(connectionId))
  const known = useQuery(ownVaults).data ?? []
  const nameOf = (id: string) => known.find((one) => one.id === id)?.name ?? id.slice(0, 8)
  const refresh = () => cache.invalidateQueries({ queryKey: ['apps', connectionId] })
  const revoke = async (grant_id: string) => {
    await api.platform.revokeGrant({ connection_id: connectionId, grant_id })
    say('The grant is taken back')
    await refresh()
  }
  const send = async (data: FormData) => {
    await api.platform.grant({
      connection_id: connectionId,
      vault_ids: [textIn(data, 'vault_id') ?? ''],
      allowed_paths: [textIn(data, 'path') ?? '**'],
      permissions: permissions.filter((name) => data.has(name)),
      expires_at: timeIn(data, 'expires_at'),
    })
    say('The app may use it now')
    await refresh()
  }
  return (
    <Answer of={asked}>
      {(all) => (
        <>
          {all.length === 0 ? (
            <p className="quiet">The app may use nothing of yours.</p>
          ) : (
            <Table
              label="Grants"
              rows={all}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Vault', cell: ({ vault_id }) => <span className="wrap">{nameOf(vault_id)}</span> },
                { title: 'Paths', cell: ({ allowed_paths }) => <code>{allowed_paths.join(', ')}</code> },
                { title: 'May', cell: (grant) => grant.permissions.join(', ') },
                { title: 'Expires', cell: ({ expires_at }) => (expires_at ? <Time at={expires_at} /> : 'never') },
                {
                  title: '',
                  className: 'end',
                  cell: ({ id }) => (
                    <Button look="quiet" act={() => revoke(id)}>
                      Take back
                    </Button>
                  ),
                },
              ]}
            />
          )}
          <Form onSend={send} button="Grant it">
            <div className="form-row">
              <ChoiceField name="vault_id" label="Vault" choices={known.map(({ id, name }) => [id, name] as const)} />
              <TextField name="path" label="Paths" mono placeholder="**" />
              <TextField name="expires_at" label="Expires" type="date" />
            </div>
            <fieldset className="permissions">
              <legend className="label">It may</legend>
              <div className="row">
                {permissions.map((name) => (
                  <CheckField key={name} name={name} label={name} defaultChecked={name === 'read'} />
                ))}
              </div>
            </fieldset>
          </Form>
        </>
      )}
    </Answer>
  )
}

const scopes = ['vaults:read', 'vaults:write', 'agents:read', 'agents:write', 'secrets:read', 'secrets:write'] as const

function Delegation({ connectionId, onClose }: AppAccessProps) {
  const cache = useQueryClient()
  const app = useQuery(connectedApps).data?.find(({ connection_id }) => connection_id === connectionId)
  const save = async (data: FormData) => {
    const chosen = scopes.filter((name) => data.has(name))
    await api.platform.updateDelegation({
      ...{ connection_id: connectionId, delegation_enabled: chosen.length > 0, delegation_scopes: chosen },
    })
    say(chosen.length > 0 ? 'The app may act for you' : 'The app acts for you no longer')
    onClose()
    await cache.invalidateQueries({ queryKey: ['apps'] })
  }
  if (!app) return null
  return (
    <Form onSend={save} button="Save">
      <fieldset className="permissions">
        <legend className="label">In your place it may</legend>
        <div className="row">
          {scopes.map((name) => (
            <CheckField
              key={name}
              name={name}
              label={name}
              defaultChecked={app.delegation_enabled && app.delegation_scopes.includes(name)}
            />
          ))}
        </div>
      </fieldset>
    </Form>
  )
}

function Log({ connectionId }: { readonly connectionId: string }) {
  const { data = [] } = useQuery({
    queryKey: ['apps', connectionId, 'log'],
    queryFn: async () => (await api.platform.delegationLog({ connection_id: connectionId, limit: 20 })).entries,
  })
  if (data.length === 0) return null
  return (
    <Section title="What it did for you">
      <Table
        label="What it did for you"
        rows={data}
        keyOf={({ id }) => id}
        columns={[
          { title: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
          { title: 'What', cell: ({ action }) => <code>{action}</code> },
          { title: 'Result', cell: ({ success, error }) => (success ? 'done' : (error ?? 'refused')) },
        ]}
      />
    </Section>
  )
}
