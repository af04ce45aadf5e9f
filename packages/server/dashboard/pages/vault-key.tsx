import { PawlError } from '@pawl/core/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { secrets, vault } from '../asked.ts'
import { ClientKeyProblem, holdClientKey, holdsClientKey, newClientKey } from '../client-key.ts'
import { Button, CheckField, Confirm, Dialog, Form, Note, ShownOnce, say, TextField } from '../components/index.ts'
import { saveFile } from './save-file.ts'
import { useValues } from './values.ts'

/** Asks for the key of a vault whose values only the client can open. The key stays in this tab. */
export function KeyOfVault({ vaultId }: { readonly vaultId: string }) {
  const { data } = useQuery(vault(vaultId))
  const fingerprint = data?.cmek_enabled ? data.cmek_fingerprint : undefined
  const [isHeld, setHeld] = useState(false)
  if (fingerprint === undefined || isHeld || holdsClientKey(fingerprint)) return null
  const hold = async (form: FormData) => {
    if (!(await holdClientKey(String(form.get('client_key')), fingerprint)))
      throw new ClientKeyProblem('This is not the key of the vault.')
    setHeld(true)
  }
  return (
    <section className="card stack" aria-label="Key of the vault">
      <p>
        The values of this vault are encrypted with a key that only you have. Pawl knows its fingerprint,{' '}
        <code>{fingerprint.slice(0, 12)}…</code>. The key stays in this tab, and a reload forgets it.
      </p>
      <Form onSend={hold} button="Use the key">
        <TextField name="client_key" label="Key" type="password" required />
      </Form>
    </section>
  )
}

/** What was read of a secret before its key is replaced. */
interface Known {
  readonly path: string
  readonly value: string
  readonly version: number
}

interface NewKey {
  readonly key: string
  readonly fingerprint: string
}

/** Gives a vault a key that is made here and never sent, or stops using one. */
export function ClientKeySettings({ vaultId }: { readonly vaultId: string }) {
  const { data } = useQuery(vault(vaultId))
  const cache = useQueryClient()
  const [made, setMade] = useState<NewKey | null>(null)
  const [isStopping, setStopping] = useState(false)
  const [progress, setProgress] = useState<string | null>(null)
  const values = useValues(vaultId)
  const refresh = () => cache.invalidateQueries({ queryKey: ['vaults'] })
  /** Everything is read before anything changes, so a value that does not open stops it in time. */
  const readAll = async () => {
    const known: Known[] = []
    const all = await cache.fetchQuery(secrets(vaultId))
    for (const { path } of all) {
      setProgress(`Reads ${known.length + 1} of ${all.length}`)
      known.push({ path, ...(await values.readWithVersion(path)) })
    }
    return known
  }
  /** A secret that changed after it was read keeps its new value. Returns the paths of such secrets. */
  const storeAll = async (known: readonly Known[], fingerprint: string) => {
    const changed: string[] = []
    for (const [at, { path, value, version }] of known.entries()) {
      setProgress(`Stores ${at + 1} of ${known.length}`)
      await values.storeWith(fingerprint, { path, value, expected_version: version }).catch((error) => {
        if (!(error instanceof PawlError && error.code === 'secret_version_differs')) throw error
        changed.push(path)
      })
    }
    setProgress(null)
    await cache.invalidateQueries({ queryKey: ['secrets', vaultId] })
    return changed
  }
  const enable = async () => {
    if (!made) return
    const { key, fingerprint } = made
    const before = data?.cmek_enabled ? data.cmek_fingerprint : undefined
    const known = before === undefined ? [] : await readAll()
    await holdClientKey(key, fingerprint)
    await api.cmek.enable({ vault_id: vaultId, fingerprint, ...(before && { replaces: before }) })
    await cache.refetchQueries(vault(vaultId))
    const changed = await storeAll(known, fingerprint)
    say(
      changed.length > 0
        ? `These secrets changed meanwhile and keep their values: ${changed.join(', ')}`
        : before
          ? 'The newest values need the new key from now on'
          : 'New values are encrypted here, before they are sent',
    )
    setMade(null)
    await refresh()
  }
  if (!data) return null
  return (
    <>
      {data.cmek_enabled ? (
        <>
          <Button icon="key" onClick={() => void newClientKey().then(setMade)}>
            Replace your key
          </Button>
          <Button onClick={() => setStopping(true)}>Stop using your key</Button>
        </>
      ) : (
        <Button icon="key" onClick={() => void newClientKey().then(setMade)}>
          Use a key of your own
        </Button>
      )}
      <Dialog title="A key of your own" open={made !== null} onClose={() => setMade(null)}>
        {made && (
          <Form onSend={enable} button="Use this key" onCancel={() => setMade(null)}>
            <p>
              This browser made the key, and it is sent nowhere. New values are encrypted with it before they leave this
              browser.
            </p>
            <ShownOnce value={made.key} what="Key" />
            <div>
              <Button icon="down" onClick={() => saveFile(`${data.name} client key.txt`, `${made.key}\n`)}>
                Save it as a file
              </Button>
            </div>
            <Note tone="warn">Without the key, its values are lost. Pawl cannot recover them.</Note>
            {data.cmek_enabled && (
              <p>
                This browser reads each newest value with the key of now, and stores it again with the new one. Older
                versions still need the key of now. Keep both.
              </p>
            )}
            {progress && <p aria-live="polite">{progress}</p>}
            <CheckField name="kept" label="I keep the key outside of this vault." required />
          </Form>
        )}
      </Dialog>
      <Confirm
        title="Stop using your key"
        open={isStopping}
        onClose={() => setStopping(false)}
        button="Stop using it"
        onConfirm={async () => {
          await api.cmek.disable({ vault_id: vaultId })
          await refresh()
        }}
      >
        <p>New values are stored without it. Values that were stored with it still need it.</p>
      </Confirm>
    </>
  )
}
