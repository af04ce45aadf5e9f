import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '../api.ts'
import { isSystemVault, keyStores, vaults } from '../asked.ts'
import {
  Answer,
  AreaField,
  Button,
  ChoiceField,
  Dialog,
  Empty,
  Form,
  Page,
  State,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

export function VaultsPage() {
  const asked = useQuery(vaults)
  const { create = false } = useSearch({ from: '/vaults' })
  const navigate = useNavigate({ from: '/vaults' })
  const open = (isOpen: boolean) => void navigate({ search: isOpen ? { create: true } : {}, replace: true })
  const button = (
    <Button look="primary" icon="plus" onClick={() => open(true)}>
      New vault
    </Button>
  )
  return (
    <Page title="Vaults" actions={asked.data && asked.data.length > 0 && button}>
      <Answer of={asked}>
        {(known) =>
          known.every(isSystemVault) ? (
            <div className="card">
              <Empty icon="vault" title="No vault yet" action={button}>
                A vault holds secrets that belong together, such as those of one environment. Each has a key of its own,
                and policies say who may read what.
              </Empty>
            </div>
          ) : (
            <Table
              label="Vaults"
              rows={known}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'Name',
                  cell: ({ id, name }) => (
                    <Link to="/vaults/$vaultId" params={{ vaultId: id }} className="row-link wrap">
                      {name}
                    </Link>
                  ),
                },
                { title: 'Purpose', cell: ({ description }) => <span className="quiet wrap">{description}</span> },
                {
                  title: 'Key',
                  cell: ({ name, cmek_enabled, mpc_custody, key_store }) => (
                    <span className="row">
                      {isSystemVault({ name }) && <State tone="plain">of the server</State>}
                      {cmek_enabled && <State tone="plain">client key</State>}
                      {mpc_custody && <State tone="plain">{mpc_custody} custody</State>}
                      {!cmek_enabled && !mpc_custody && <span className="quiet">{key_store ?? 'server'}</span>}
                    </span>
                  ),
                },
                { title: 'Created', cell: ({ created_at }) => <Time at={created_at} /> },
              ]}
            />
          )
        }
      </Answer>
      <Dialog title="New vault" open={create} onClose={() => open(false)}>
        <NewVaultForm onCancel={() => open(false)} />
      </Dialog>
    </Page>
  )
}

function NewVaultForm({ onCancel }: { readonly onCancel: () => void }) {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const stores = useQuery(keyStores).data ?? []
  const send = async (data: FormData) => {
    const { id } = await api.vaults.create({
      name: textIn(data, 'name') ?? '',
      description: textIn(data, 'description'),
      key_store: textIn(data, 'key_store'),
    })
    await cache.invalidateQueries({ queryKey: ['vaults'] })
    await navigate({ to: '/vaults/$vaultId', params: { vaultId: id } })
  }
  return (
    <Form onSend={send} button="Create the vault" onCancel={onCancel}>
      <TextField name="name" label="Name" required placeholder="production" />
      <AreaField name="description" label="Purpose" rows={2} hint="Optional. It helps others find the right vault." />
      {stores.length > 1 && (
        <ChoiceField
          name="key_store"
          label="Key store"
          hint="Where the key of the vault is."
          choices={[['', 'Default'], ...stores.map(({ name }) => [name, name] as const)]}
        />
      )}
    </Form>
  )
}
