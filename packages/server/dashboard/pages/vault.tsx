import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { deletedSecrets, firstSecrets, me, secrets, vault } from '../asked.ts'
import { Answer, Button, Confirm, Empty, Facts, Page, say, Table, TextField, Time, Tree } from '../components/index.ts'
import { ImportDialog } from './import-secrets.tsx'
import { NewSecretDialog } from './new-secret.tsx'
import { PageTabs } from './page-tabs.tsx'
import { PolicyList } from './policy-list.tsx'
import { ReachTable } from './reach-table.tsx'
import { SecretPanel } from './secret-panel.tsx'
import { ServerRotation } from './server-rotation.tsx'
import { ClientKeySettings, KeyOfVault } from './vault-key.tsx'

const tabs = [
  ['secrets', 'Secrets'],
  ['policies', 'Policies'],
  ['reach', 'Reach'],
  ['deleted', 'Deleted'],
  ['settings', 'Settings'],
] as const

/** The tabs that answer only to the owner of the vault. The server decides; a link to one of them says so. */
const tabsOfOwner: readonly string[] = ['policies', 'reach', 'settings']

export function VaultPage() {
  const { vaultId } = useParams({ from: '/vaults/$vaultId' })
  const { tab = 'secrets', secret } = useSearch({ from: '/vaults/$vaultId' })
  const asked = useQuery(vault(vaultId))
  const self = useQuery(me).data
  const mayGovern = self?.role !== 'member' || asked.data?.created_by === self.id
  const shown = tabs.filter(([name]) => mayGovern || name === tab || !tabsOfOwner.includes(name))
  return (
    <Page
      title={asked.data?.name ?? 'Vault'}
      crumbs={<Link to="/vaults">Vaults</Link>}
      lead={asked.data?.description || undefined}
    >
      <Answer of={asked}>
        {() => (
          <PageTabs label="Parts of the vault" tabs={shown} chosen={tab}>
            {tab === 'secrets' && <Secrets vaultId={vaultId} chosen={secret ?? null} />}
            {tab === 'policies' && <PolicyList vaultId={vaultId} />}
            {tab === 'reach' && <ReachTable vaultId={vaultId} />}
            {tab === 'deleted' && <Deleted vaultId={vaultId} />}
            {tab === 'settings' && <VaultSettings vaultId={vaultId} />}
          </PageTabs>
        )}
      </Answer>
    </Page>
  )
}

function Secrets({ vaultId, chosen }: { readonly vaultId: string; readonly chosen: string | null }) {
  const navigate = useNavigate({ from: '/vaults/$vaultId' })
  const first = useQuery(firstSecrets(vaultId))
  const self = useQuery(me).data
  const isOwner = useQuery(vault(vaultId)).data?.created_by === self?.id
  // One after the other, so that the first are not behind the others in the queue of the server.
  const asked = useQuery({ ...secrets(vaultId), placeholderData: first.data, enabled: !first.isPending })
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<'new' | 'import' | null>(null)
  const choose = (path: string | null) => void navigate({ search: path === null ? {} : { secret: path } })
  const actions = (
    <div className="row">
      <Button look="primary" icon="plus" onClick={() => setOpen('new')}>
        New secret
      </Button>
      <Button icon="up" onClick={() => setOpen('import')}>
        Import
      </Button>
    </div>
  )
  return (
    <Answer of={asked}>
      {(all) => (
        <div className="stack" data-focus="[role=treeitem]">
          <KeyOfVault vaultId={vaultId} />
          {all.length === 0 ? (
            <div className="card">
              <Empty
                icon="key"
                title={isOwner ? 'No secret here yet' : 'No secret here yet, or none that you may read'}
                action={actions}
              >
                A secret has a path, such as <code>db/password</code>, and keeps its earlier versions. An{' '}
                <code>.env</code> file can be imported as it is.
              </Empty>
            </div>
          ) : (
            <div className={chosen === null ? 'split' : 'split chosen'}>
              <div className="stack">
                {actions}
                <TextField
                  name="search"
                  label={
                    asked.isPlaceholderData
                      ? 'Search secrets'
                      : `Search ${all.length.toLocaleString('en')} ${all.length === 1 ? 'secret' : 'secrets'}`
                  }
                  type="search"
                  value={search}
                  placeholder="Part of a path"
                  onChange={(event) => setSearch(event.target.value)}
                />
                <Tree
                  label="Secrets"
                  items={all}
                  search={search}
                  chosen={chosen}
                  onChoose={choose}
                  end={({ version }) => <span className="hint">v{version}</span>}
                />
              </div>
              {chosen === null ? (
                <div className="card">
                  <Empty icon="key" title="Choose a secret">
                    Its value, its versions and who can read it are shown here. Arrow keys move in the tree.
                  </Empty>
                </div>
              ) : (
                <SecretPanel key={chosen} vaultId={vaultId} path={chosen} onClose={() => choose(null)} />
              )}
            </div>
          )}
          <NewSecretDialog
            vaultId={vaultId}
            open={open === 'new'}
            onClose={() => setOpen(null)}
            onStored={(path) => choose(path)}
          />
          <ImportDialog vaultId={vaultId} known={all} open={open === 'import'} onClose={() => setOpen(null)} />
        </div>
      )}
    </Answer>
  )
}

function Deleted({ vaultId }: { readonly vaultId: string }) {
  const asked = useQuery(deletedSecrets(vaultId))
  const cache = useQueryClient()
  const [purging, setPurging] = useState<string | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['secrets', vaultId] })
  const restore = async (path: string) => {
    await api.secrets.restore({ vault_id: vaultId, path })
    say(`${path} is back`)
    await refresh()
  }
  const purge = async () => {
    await api.secrets.purge({ vault_id: vaultId, path: purging ?? '' })
    await refresh()
  }
  return (
    <Answer of={asked}>
      {(all) =>
        all.length === 0 ? (
          <div className="card">
            <Empty icon="bin" title="Nothing was deleted">
              A deleted secret stays here for a while and can be restored with all its versions.
            </Empty>
          </div>
        ) : (
          <>
            <Table
              label="Deleted secrets"
              rows={all}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Path', cell: ({ path }) => <span className="wrap mono">{path}</span> },
                { title: 'Deleted', cell: ({ deleted_at }) => <Time at={deleted_at} /> },
                { title: 'Destroyed', cell: ({ purged_at }) => <Time at={purged_at} /> },
                {
                  title: '',
                  className: 'end',
                  cell: ({ path }) => (
                    <>
                      <Button icon="turn" act={() => restore(path)}>
                        Restore
                      </Button>{' '}
                      <Button look="danger" icon="bin" onClick={() => setPurging(path)}>
                        Destroy
                      </Button>
                    </>
                  ),
                },
              ]}
            />
            <Confirm
              title="Destroy the secret"
              open={purging !== null}
              onClose={() => setPurging(null)}
              button="Destroy it now"
              onConfirm={purge}
            >
              <p>
                <code>{purging}</code> and all its versions are destroyed. Nothing can restore them afterwards.
              </p>
            </Confirm>
          </>
        )
      }
    </Answer>
  )
}

function VaultSettings({ vaultId }: { readonly vaultId: string }) {
  const { data } = useQuery(vault(vaultId))
  const { data: self } = useQuery(me)
  const cache = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'rotate' | 'delete' | null>(null)
  const rotate = async () => {
    const { key_number } = await api.vaults.rotateKey({ vault_id: vaultId })
    say(`The vault has key number ${key_number} now`)
  }
  const remove = async () => {
    await api.vaults.delete({ vault_id: vaultId })
    await cache.invalidateQueries({ queryKey: ['vaults'] })
    await navigate({ to: '/vaults' })
  }
  if (!data) return null
  return (
    <div className="stack loose">
      <div className="card">
        <Facts
          of={[
            ['ID', <code key="id">{data.id}</code>],
            ['Created', <Time key="at" at={data.created_at} />],
            ['Key store', data.key_store ?? 'default'],
            ['Key of a client', data.cmek_enabled ? (data.cmek_fingerprint ?? 'yes') : 'no'],
            ['Custody', data.mpc_custody ?? 'one key'],
          ]}
        />
      </div>
      <div className="row">
        <Button icon="turn" onClick={() => setOpen('rotate')}>
          Rotate the key
        </Button>
        <ClientKeySettings vaultId={vaultId} />
        <Button look="danger" icon="bin" onClick={() => setOpen('delete')}>
          Delete the vault
        </Button>
      </div>
      {data.created_by === self?.id && <ServerRotation vaultId={vaultId} />}
      <Confirm
        title="Rotate the key"
        open={open === 'rotate'}
        onClose={() => setOpen(null)}
        button="Rotate the key"
        onConfirm={rotate}
      >
        <p>The vault gets a new key at once. The server encrypts the stored values again in the background.</p>
      </Confirm>
      <Confirm
        title={`Delete ${data.name}`}
        open={open === 'delete'}
        onClose={() => setOpen(null)}
        button="Delete the vault"
        onConfirm={remove}
      >
        <p>All secrets, versions and policies of the vault go with it. Nothing can restore them.</p>
      </Confirm>
    </div>
  )
}
