import { PawlError } from '@pawl/core/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, FieldProblem } from '../api.ts'
import { secrets, vault } from '../asked.ts'
import { holdClientKey, holdsClientKey, newClientKey, shortFingerprint } from '../client-key.ts'
import { Button, CheckField, Confirm, Dialog, Form, Note, ShownOnce, say, TextField } from '../components/index.ts'
import { saveFile } from './save-file.ts'
import { useValues } from './values.ts'

/** Asks for the key of a vault whose values only the client can open. The key stays in this tab. */
export function KeyOfVault({ vaultId }: { readonly vaultId: string }) {
  const { data } = useQuery(vault(vaultId))
  const [isAsking, ask] = useState(false)
  const fingerprint = data?.cmek_enabled ? data.cmek_fingerprint : undefined
  const [isHeld, setHeld] = useState(false)
  if (fingerprint === undefined) return null
  if (isHeld || holdsClientKey(fingerprint)) {
    return (
      <>
        <div>
          <Button look="quiet" icon="key" onClick={() => ask(true)}>
            Use an older key
          </Button>
        </div>
        <Dialog title="An older key" open={isAsking} onClose={() => ask(false)}>
          <OlderKey onDone={() => ask(false)} />
        </Dialog>
      </>
    )
  }
  const hold = async (form: FormData) => {
    await holdKeyOf(form, 'client_key', fingerprint)
    setHeld(true)
  }
  return (
    <section className="card stack" aria-label="Key of the vault">
      <p>
        The values of this vault are encrypted with a key that only you have. Pawl knows its fingerprint,{' '}
        <code>{shortFingerprint(fingerprint)}</code>. The key stays in this tab, and a reload forgets it.
      </p>
      <Form onSend={hold} button="Use the key">
        <TextField name="client_key" label="Key" type="password" required />
      </Form>
    </section>
  )
}

/** Asks for an earlier key. Versions from before a key replacement need the key with which they were stored. */
function OlderKey({ onDone }: { readonly onDone: () => void }) {
  const hold = async (form: FormData) => {
    say(`This tab has the key ${shortFingerprint(await holdKeyOf(form, 'older_key'))}`)
    onDone()
  }
  return (
    <Form onSend={hold} button="Use the key" onCancel={onDone}>
      <p>Versions from before a key replacement need the earlier key. The key stays in this tab.</p>
      <TextField name="older_key" label="Older key" type="password" required />
    </Form>
  )
}

/** Keeps the key in a field of a form. Throws if the text is not a key, or not the expected key. */
export async function holdKeyOf(form: FormData, field: string, expected?: string): Promise<string> {
  const fingerprint = await holdClientKey(String(form.get(field)))
  if (fingerprint === null) throw new FieldProblem(field, 'must be a key of 44 characters')
  if (expected !== undefined && fingerprint !== expected) {
    throw new FieldProblem(field, `must be the key with the fingerprint ${shortFingerprint(expected)}`)
  }
  return fingerprint
}

/** What was read of a secret before its key is replaced. */
interface Known {
  readonly path: string
  readonly value: string
  readonly version: number
}

/**
 * Encrypts the newest values of a vault again with another key. Until all values are stored, this browser remembers the fingerprint
 * of the previous key. So a person can continue after a reload.
 */
function useReplacement(vaultId: string) {
  const cache = useQueryClient()
  const values = useValues(vaultId)
  const [progress, setProgress] = useState<string | null>(null)
  const mark = `pawl-replaces-${vaultId}`
  /** Everything is read before anything changes, so a value that does not open stops it in time. */
  const readAll = async (fingerprint: string) => {
    const known: Known[] = []
    const all = await cache.fetchQuery(secrets(vaultId))
    for (const [at, { path }] of all.entries()) {
      setProgress(`Reads ${at + 1} of ${all.length}`)
      const read = await values.readUnlessUnder(fingerprint, path)
      if (read) known.push(read)
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
    localStorage.removeItem(mark)
    await cache.invalidateQueries({ queryKey: ['secrets', vaultId] })
    return changed
  }
  return {
    progress,
    stoppedFrom: localStorage.getItem(mark),
    /** Starts or continues the replacement. `change` sets the new key of the vault after all values are read. */
    run: async (before: string | null, fingerprint: string, change: () => Promise<unknown>) => {
      try {
        const known = before === null ? [] : await readAll(fingerprint)
        if (before !== null) localStorage.setItem(mark, before)
        await change()
        const changed = await storeAll(known, fingerprint)
        if (changed.length > 0)
          say(`These secrets changed during the replacement and keep their new values: ${changed.join(', ')}`)
        return changed.length === 0
      } finally {
        setProgress(null)
      }
    },
  }
}

interface NewKey {
  readonly key: string
  readonly fingerprint: string
}

const replaced = 'The newest values now need the new key'

/** Sets a client key of a vault, or stops its use. The browser makes the key and never sends it. */
export function ClientKeySettings({ vaultId }: { readonly vaultId: string }) {
  const { data } = useQuery(vault(vaultId))
  const cache = useQueryClient()
  const [made, setMade] = useState<NewKey | null>(null)
  const [open, setOpen] = useState<'stop' | 'continue' | null>(null)
  const { progress, stoppedFrom, run } = useReplacement(vaultId)
  const refresh = () => cache.invalidateQueries({ queryKey: ['vaults'] })
  const current = data?.cmek_enabled ? data.cmek_fingerprint : undefined
  const enable = async () => {
    if (!made) return
    const { key, fingerprint } = made
    const isDone = await run(current ?? null, fingerprint, async () => {
      await holdClientKey(key)
      await api.cmek.enable({ vault_id: vaultId, fingerprint, ...(current && { replaces: current }) })
      await cache.refetchQueries(vault(vaultId))
    })
    if (isDone) say(current ? replaced : 'The browser now encrypts new values before it sends them')
    setMade(null)
    await refresh()
  }
  const resume = async (form: FormData) => {
    if (current === undefined) return
    await holdKeyOf(form, 'client_key', current)
    const before = await holdKeyOf(form, 'older_key', stoppedFrom ?? undefined)
    if (await run(before, current, async () => {})) say(replaced)
    setOpen(null)
  }
  if (!data) return null
  return (
    <>
      {data.cmek_enabled ? (
        <>
          <Button icon="key" onClick={() => void newClientKey().then(setMade)}>
            Replace your key
          </Button>
          <Button onClick={() => setOpen('continue')}>Continue a replacement</Button>
          <Button onClick={() => setOpen('stop')}>Stop using your key</Button>
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
            <ShownOnce value={made.key} what="Key" isInUse={false} />
            <div>
              <Button icon="down" onClick={() => saveFile(`${data.name} client key.txt`, `${made.key}\n`)}>
                Save it as a file
              </Button>
            </div>
            <Note tone="warn">Without the key, its values are lost. Pawl cannot recover them.</Note>
            {data.cmek_enabled && (
              <p>
                This browser reads each newest value with the current key, and stores it again with the new key. Older
                versions still need the current key. Keep both keys.
              </p>
            )}
            {progress && <p aria-live="polite">{progress}</p>}
            <CheckField name="kept" label="I keep the key outside of this vault." required />
          </Form>
        )}
      </Dialog>
      {stoppedFrom !== null && current !== undefined && (
        <Note tone="warn">
          The key replacement stopped before it was complete. Some values still need the key{' '}
          <code>{shortFingerprint(stoppedFrom)}</code>. To continue, enter both keys.
        </Note>
      )}
      <Dialog title="Continue a replacement" open={open === 'continue'} onClose={() => setOpen(null)}>
        <Form onSend={resume} button="Continue" onCancel={() => setOpen(null)}>
          <p>
            Some values still need the previous key. This browser reads them and stores them again with the current key.
            It sends no key.
          </p>
          <TextField name="older_key" label="Previous key" type="password" required />
          <TextField name="client_key" label="Current key" type="password" required />
          {progress && <p aria-live="polite">{progress}</p>}
        </Form>
      </Dialog>
      <Confirm
        title="Stop using your key"
        open={open === 'stop'}
        onClose={() => setOpen(null)}
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
