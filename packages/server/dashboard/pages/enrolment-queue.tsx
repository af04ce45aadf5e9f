import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { enrolments, ownVaults } from '../asked.ts'
import {
  Button,
  CheckField,
  ChoiceField,
  Confirm,
  Dialog,
  Facts,
  Form,
  Note,
  Section,
  ShownOnce,
  say,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

interface Asking {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly requested_from: string
  readonly is_paired: boolean
}

/** Agents that request an identity from this user. They may do nothing before the user answers. */
export function EnrolmentQueue() {
  const { data = [] } = useQuery(enrolments)
  const cache = useQueryClient()
  const [allowed, allow] = useState<Asking | null>(null)
  const [denied, deny] = useState<Asking | null>(null)
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: ['enrolments'] })
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  if (data.length === 0 && allowed === null) return null
  return (
    <Section title="Waiting for you">
      <Table
        label="Agents that ask for access"
        rows={data}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Name', cell: ({ name }) => <span className="wrap">{name}</span> },
          { title: 'Purpose', cell: ({ description }) => <span className="quiet wrap">{description}</span> },
          { title: 'From', cell: ({ requested_from }) => requested_from || 'unknown' },
          { title: 'Asked', cell: ({ requested_at }) => <Time at={requested_at} /> },
          {
            title: '',
            className: 'end',
            cell: (one) => (
              <>
                <Button icon="check" onClick={() => allow(one)}>
                  Allow
                </Button>{' '}
                <Button look="quiet" onClick={() => deny(one)}>
                  Deny
                </Button>
              </>
            ),
          },
        ]}
      />
      <Dialog title={`Allow ${allowed?.name ?? ''}`} open={allowed !== null} onClose={() => allow(null)}>
        {allowed && <Allow asking={allowed} onAllowed={refresh} onClose={() => allow(null)} />}
      </Dialog>
      <Confirm
        title={`Deny ${denied?.name ?? ''}`}
        open={denied !== null}
        onClose={() => deny(null)}
        button="Deny it"
        onConfirm={async () => {
          await api.enrolments.deny({ enrollment_id: denied?.id ?? '' })
          say('The request is denied')
          await refresh()
        }}
      >
        <p>It gets no identity. It can ask again.</p>
      </Confirm>
    </Section>
  )
}

interface AllowProps {
  readonly asking: Asking
  readonly onAllowed: () => Promise<unknown>
  readonly onClose: () => void
}

function Allow({ asking, onAllowed, onClose }: AllowProps) {
  const known = useQuery(ownVaults).data ?? []
  const [vaultId, setVault] = useState('')
  const [made, setMade] = useState<{ key: string | null; mailed: boolean } | null>(null)
  const send = async (data: FormData) => {
    const vault_id = textIn(data, 'vault_id')
    const secret_path_pattern = textIn(data, 'secret_path_pattern')
    const { api_key, mailed } = await api.enrolments.approve({
      enrollment_id: asking.id,
      mail_key: data.has('mail_key'),
      ...(asking.is_paired && { fingerprint: textIn(data, 'fingerprint') ?? '' }),
      ...(vault_id && { vault_id, secret_path_pattern }),
    })
    setMade({ key: api_key?.reveal() ?? null, mailed })
    await onAllowed()
  }
  if (made) {
    return (
      <div className="stack">
        {made.key === null ? (
          <p>The agent now collects its API key itself.</p>
        ) : (
          <ShownOnce value={made.key} what="Key" />
        )}
        {made.mailed && <p className="hint">It is also in your mailbox.</p>}
      </div>
    )
  }
  return (
    <Form onSend={send} button="Allow it" onCancel={onClose}>
      <Note tone="warn">The agent wrote its name and its purpose. Allow it only if you started it yourself.</Note>
      <Facts
        of={[
          ['Purpose', asking.description || 'none given'],
          ['Asked from', asking.requested_from || 'unknown'],
        ]}
      />
      {asking.is_paired && (
        <TextField
          name="fingerprint"
          label="Fingerprint that the agent shows"
          mono
          required
          autoComplete="off"
          hint="The first 12 characters after SHA256: are enough. If you do not see one, deny the request."
        />
      )}
      <ChoiceField
        name="vault_id"
        label="Vault"
        choices={[['', 'None yet'], ...known.map(({ id, name }) => [id, name] as const)]}
        value={vaultId}
        onChange={(event) => setVault(event.target.value)}
        hint="Without a vault it can read nothing yet."
      />
      {vaultId && (
        <TextField
          name="secret_path_pattern"
          label="What it may read"
          mono
          required
          defaultValue="**"
          hint="A path pattern. ** is all of the vault."
        />
      )}
      {!asking.is_paired && <CheckField name="mail_key" label="Send its key to my mailbox too." />}
    </Form>
  )
}
