import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { versions } from '../asked.ts'
import {
  Answer,
  Button,
  Confirm,
  Dialog,
  Facts,
  Icon,
  IconButton,
  isPast,
  ProblemText,
  SecretValue,
  Section,
  State,
  say,
  Table,
  Time,
} from '../components/index.ts'
import { Difference } from './difference.tsx'
import { EnvTable } from './env-table.tsx'
import { NewSecretDialog } from './new-secret.tsx'
import { NewShare } from './new-share.tsx'
import { useValues } from './values.ts'
import { WhoCanRead } from './who-can-read.tsx'

interface SecretPanelProps {
  readonly vaultId: string
  readonly path: string
  readonly onClose: () => void
}

type Open = 'version' | 'share' | 'rotate' | 'delete' | 'variables' | 'who' | null

/** One secret: its value on request, its versions, and the principals that can read it. */
export function SecretPanel({ vaultId, path, onClose }: SecretPanelProps) {
  const asked = useQuery(versions(vaultId, path))
  const cache = useQueryClient()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['secrets', vaultId] })
  const values = useValues(vaultId)
  const read = () => values.read(path)
  const rotate = async () => {
    const { version } = await api.secrets.rotate({ vault_id: vaultId, path, charset: 'alphanumeric', length: 32 })
    say(`Version ${version} has a new random value`)
    await refresh()
  }
  const remove = async () => {
    await api.secrets.delete({ vault_id: vaultId, path })
    say(`${path} is deleted. The tab Deleted can restore it.`)
    onClose()
    await refresh()
  }
  return (
    <section className="card stack loose" aria-label={`Secret ${path}`}>
      <div className="row spread">
        <h2 className="wrap mono">{path}</h2>
        <IconButton label="Close the secret" icon="cross" onClick={onClose} />
      </div>
      <Answer of={asked}>
        {([newest, ...older]) =>
          newest && (
            <>
              <SecretValue key={newest.version} read={read} what="Value" />
              <Facts
                of={[
                  ['Type', newest.type],
                  ['Version', newest.version],
                  ['Stored', <Time key="stored" at={newest.created_at} />],
                  ['Expires', <Expiry key="expires" at={newest.expires_at} />],
                ]}
              />
              <div className="row">
                <Button icon="plus" onClick={() => setOpen('version')}>
                  New version
                </Button>
                {newest.type === 'env_bundle' ? (
                  <Button icon="settings" onClick={() => setOpen('variables')}>
                    Edit the variables
                  </Button>
                ) : (
                  <Button icon="dice" onClick={() => setOpen('rotate')}>
                    Rotate
                  </Button>
                )}
                <Button icon="share" onClick={() => setOpen('share')}>
                  Share
                </Button>
                <Button icon="policy" onClick={() => setOpen('who')}>
                  Who can read this?
                </Button>
                <Button look="danger" icon="bin" onClick={() => setOpen('delete')}>
                  Delete
                </Button>
              </div>
              <Versions vaultId={vaultId} path={path} all={[newest, ...older]} onRestored={refresh} />
              <NewSecretDialog
                vaultId={vaultId}
                path={path}
                type={newest.type === 'generic' ? '' : newest.type}
                open={open === 'version'}
                onClose={close}
              />
            </>
          )
        }
      </Answer>
      <Dialog title="Variables" wide open={open === 'variables'} onClose={close}>
        <EnvTable vaultId={vaultId} path={path} read={read} onClose={close} />
      </Dialog>
      <Dialog title="Share the secret" open={open === 'share'} onClose={close}>
        <NewShare
          of={{ vault_id: vaultId, secret_path: path }}
          onDone={() => cache.invalidateQueries({ queryKey: ['shares'] })}
          onClose={close}
        />
      </Dialog>
      <Dialog title="Who can read this?" wide open={open === 'who'} onClose={close}>
        <WhoCanRead vaultId={vaultId} path={path} />
      </Dialog>
      <Confirm title="Rotate the value" open={open === 'rotate'} onClose={close} button="Rotate" onConfirm={rotate}>
        <p>
          The server stores 32 random letters and digits as a new version, without showing them. Programs that read the
          secret get the new value from then on. The service that checks the value must learn it too.
        </p>
      </Confirm>
      <Confirm title="Delete the secret" open={open === 'delete'} onClose={close} button="Delete" onConfirm={remove}>
        <p>
          Nothing can read <code>{path}</code> any more. The tab Deleted can restore it for a while.
        </p>
      </Confirm>
    </section>
  )
}

function Expiry({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return 'never'
  return isPast(at) ? <State tone="bad">expired</State> : <Time at={at} />
}

interface Version {
  readonly version: number
  readonly created_at: string
  readonly expires_at?: string | undefined
  readonly is_disabled?: true | undefined
}

interface VersionsProps {
  readonly vaultId: string
  readonly path: string
  readonly all: readonly Version[]
  readonly onRestored: () => Promise<unknown>
}

function Versions({ vaultId, path, all, onRestored }: VersionsProps) {
  const [compared, compare] = useState<number | null>(null)
  const [disabled, disable] = useState<number | null>(null)
  const [error, setError] = useState<unknown>(null)
  const newest = all[0]?.version ?? 0
  const values = useValues(vaultId)
  const readVersion = (version: number) => values.readVersion(path, version)
  const restore = async (version: number) => {
    setError(null)
    try {
      await values.store({ path, value: await readVersion(version), must_exist: true })
      say(`The value of version ${version} is the newest again`)
      await onRestored()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Section title="Versions">
      {error !== null && <ProblemText error={error} />}
      <Table
        label="Versions"
        rows={all}
        keyOf={({ version }) => `${version}`}
        columns={[
          {
            title: 'Version',
            cell: ({ version, is_disabled }) => (
              <span className="row">
                {version}
                {version === newest && <State tone="plain">newest</State>}
                {is_disabled && <State tone="bad">disabled</State>}
              </span>
            ),
          },
          { title: 'Stored', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: '',
            className: 'end',
            cell: ({ version, is_disabled }) =>
              !is_disabled && (
                <>
                  {version !== newest && (
                    <>
                      <Button look="quiet" onClick={() => compare(version)}>
                        Compare
                      </Button>
                      <Button look="quiet" act={() => restore(version)}>
                        Restore
                      </Button>
                    </>
                  )}
                  <Button look="quiet" onClick={() => disable(version)}>
                    Disable
                  </Button>
                </>
              ),
          },
        ]}
      />
      <Dialog
        title={`Version ${compared} and version ${newest}`}
        wide
        open={compared !== null}
        onClose={() => compare(null)}
      >
        {compared !== null && (
          <div className="stack">
            <p className="quiet row nowrap">
              <Icon name="eye" />
              <span className="wrap">Both values are shown, and both reads are in the audit trail.</span>
            </p>
            <Difference before={() => readVersion(compared)} after={() => readVersion(newest)} />
          </div>
        )}
      </Dialog>
      <Confirm
        title={`Disable version ${disabled}`}
        open={disabled !== null}
        onClose={() => disable(null)}
        button="Disable it"
        onConfirm={async () => {
          await api.secrets.disableVersion({ vault_id: vaultId, path, version: disabled ?? 0 })
          await onRestored()
        }}
      >
        <p>
          Nothing can read this version any more, and nothing can enable it again. Reads get the newest that is left.
        </p>
      </Confirm>
    </Section>
  )
}
