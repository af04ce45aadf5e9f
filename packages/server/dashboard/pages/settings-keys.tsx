import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { apiKeys } from '../asked.ts'
import {
  Button,
  ChoiceField,
  Confirm,
  Form,
  isPast,
  List,
  ProofFields,
  proofFrom,
  ShownOnce,
  State,
  TextField,
  Time,
  textIn,
  timeIn,
} from '../components/index.ts'

/** API keys with which programs act as this user. */
export function ApiKeySettings() {
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [revoked, setRevoked] = useState<{ id: string; name: string } | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['api-keys'] })
  const create = async (data: FormData) => {
    const scope = textIn(data, 'scope')
    const { api_key } = await api.auth.createApiKey({
      name: textIn(data, 'name') ?? '',
      expires_at: timeIn(data, 'expires_at'),
      auth_confirm: await proofFrom(data, 'api_key.create'),
      ...(scope && { scopes: scope.split(' ') }),
    })
    setMade(api_key.reveal())
    await refresh()
  }
  const onOpen = (isOpen: boolean) => {
    setOpen(isOpen)
    setMade(null)
  }
  return (
    <>
      <List
        label="API keys"
        of={useQuery(apiKeys)}
        keyOf={({ id }) => id}
        empty={{
          icon: 'key',
          title: 'No API key yet',
          text: 'An API key lets a program act as you, within its scopes. For an agent, create an agent instead: it has its own identity and its own policies.',
        }}
        creating={{
          ...{ title: 'New API key', open, onOpen },
          form:
            made === null ? (
              <KeyForm onSend={create} onCancel={() => onOpen(false)} />
            ) : (
              <ShownOnce value={made} what="Key" />
            ),
        }}
        columns={[
          { title: 'Name', cell: ({ name }) => <span className="wrap">{name}</span> },
          { title: 'Key', cell: ({ key_prefix }) => <code>{key_prefix}…</code> },
          { title: 'Scopes', cell: ({ scopes }) => scopes.join(', ') || <span className="quiet">all of yours</span> },
          { title: 'State', cell: (key) => <KeyState of={key} /> },
          {
            title: 'Last used',
            cell: ({ last_used_at }) =>
              last_used_at ? <Time at={last_used_at} /> : <span className="quiet">never</span>,
          },
          {
            title: '',
            className: 'end',
            cell: ({ id, name, is_active }) =>
              is_active && (
                <Button look="quiet" onClick={() => setRevoked({ id, name })}>
                  Revoke
                </Button>
              ),
          },
        ]}
      />
      <Confirm
        title={`Revoke ${revoked?.name ?? ''}`}
        open={revoked !== null}
        onClose={() => setRevoked(null)}
        button="Revoke the key"
        onConfirm={async () => {
          await api.auth.revokeApiKey({ key_id: revoked?.id ?? '' })
          await refresh()
        }}
      >
        <p>Programs that use the key get no answer from then on. Nothing can bring it back.</p>
      </Confirm>
    </>
  )
}

function KeyState({ of }: { readonly of: { is_active: boolean; expires_at?: string | undefined } }) {
  if (!of.is_active) return <State tone="bad">revoked</State>
  return isPast(of.expires_at) ? <State tone="warn">expired</State> : <State tone="good">active</State>
}

interface KeyFormProps {
  readonly onSend: (data: FormData) => Promise<void>
  readonly onCancel: () => void
}

function KeyForm({ onSend, onCancel }: KeyFormProps) {
  return (
    <Form onSend={onSend} button="Create the key" onCancel={onCancel}>
      <TextField name="name" label="Name" required placeholder="ci" />
      <div className="form-row">
        <ChoiceField
          name="scope"
          label="Scopes"
          choices={[
            ['', 'All that you may do'],
            ['secrets:read', 'Read secrets'],
            ['secrets:read secrets:write', 'Read and write secrets'],
          ]}
        />
        <TextField name="expires_at" label="Expires" type="date" />
      </div>
      <ProofFields purpose="api_key.create" />
    </Form>
  )
}
