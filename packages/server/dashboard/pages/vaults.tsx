import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '../api.ts'
import { isSystemVault, keyStores, vaults } from '../asked.ts'
import { AreaField, ChoiceField, Form, ListPage, State, TextField, Time, textIn } from '../components/index.ts'

export function VaultsPage() {
  const asked = useQuery(vaults)
  const { create = false } = useSearch({ from: '/vaults' })
  const navigate = useNavigate({ from: '/vaults' })
  const onOpen = (isOpen: boolean) => void navigate({ search: isOpen ? { create: true } : {}, replace: true })
  // A server without a vault of a person has nothing to show, even if it keeps one of its own.
  const data = asked.data?.every(isSystemVault) ? [] : asked.data
  return (
    <ListPage
      title="Vaults"
      label="Vaults"
      of={{ ...asked, data }}
      keyOf={({ id }) => id}
      searchIn={({ name, description }) => `${name} ${description}`}
      empty={{
        icon: 'vault',
        title: 'No vault yet',
        text: 'A vault holds secrets that belong together, such as those of one environment. Each has a key of its own, and policies say who may read what.',
      }}
      creating={{
        ...{ title: 'New vault', open: create, onOpen },
        form: <NewVaultForm onCancel={() => onOpen(false)} />,
      }}
      columns={[
        {
          title: 'Name',
          cell: ({ id, name }) => (
            <span className="row">
              <Link to="/vaults/$vaultId" params={{ vaultId: id }} className="row-link wrap">
                {name}
              </Link>
              {isSystemVault({ name }) && <State tone="plain">kept by Pawl</State>}
            </span>
          ),
        },
        { title: 'Purpose', cell: ({ description }) => <span className="quiet wrap">{description}</span> },
        {
          title: 'Key store',
          cell: ({ cmek_enabled, mpc_custody, key_store }) => (
            <span className="row">
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
