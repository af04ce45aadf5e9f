import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { vault } from '../asked.ts'
import { ClientKeyProblem, holdClientKey, holdsClientKey, newClientKey } from '../client-key.ts'
import { Button, CheckField, Confirm, Dialog, Form, Note, ShownOnce, say, TextField } from '../components/index.ts'
import { saveFile } from './save-file.ts'

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
  const refresh = () => cache.invalidateQueries({ queryKey: ['vaults'] })
  const enable = async () => {
    if (!made) return
    await holdClientKey(made.key, made.fingerprint)
    await api.cmek.enable({ vault_id: vaultId, fingerprint: made.fingerprint })
    say('New values are encrypted here, before they are sent')
    setMade(null)
    await refresh()
  }
  if (!data) return null
  return (
    <>
      {data.cmek_enabled ? (
        <Button onClick={() => setStopping(true)}>Stop using your key</Button>
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
