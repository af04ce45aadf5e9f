import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { serverRotation, vault } from '../asked.ts'
import { keyAsBase64, shortFingerprint } from '../client-key.ts'
import { Button, Dialog, Form, Meter, ProblemText, Section, State, TextField, Time } from '../components/index.ts'
import { holdKeyOf } from './vault-key.tsx'

type Rotation = NonNullable<Awaited<ReturnType<typeof api.cmek.getRotation>>>

const states = {
  running: ['plain', 'running'],
  completed: ['good', 'complete'],
  failed: ['bad', 'stopped'],
} as const

/**
 * The last replacement of a client key by the server. A client sent both keys to the server for it. Only the owner of the vault
 * can see it.
 */
export function ServerRotation({ vaultId }: { readonly vaultId: string }) {
  const asked = useQuery({
    ...serverRotation(vaultId),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 1_000 : false),
  })
  const [isContinuing, setContinuing] = useState(false)
  if (asked.error) return <ProblemText error={asked.error} onRetry={() => void asked.refetch()} />
  const rotation = asked.data
  if (!rotation) return null
  const { status, error, old_fingerprint, new_fingerprint, started_at, completed_at } = rotation
  const [tone, word] = states[status]
  const isPartial = status === 'completed' && error !== undefined
  return (
    <Section title="Key replacement by the server">
      <section className="card stack" aria-label="Key replacement by the server" aria-live="polite">
        <div className="row spread">
          <span className="row">
            <State tone={isPartial ? 'warn' : tone}>{isPartial ? 'partly complete' : word}</State>
            <span className="quiet">
              <code>{shortFingerprint(old_fingerprint)}</code> to <code>{shortFingerprint(new_fingerprint)}</code>,{' '}
              {completed_at ? 'ended' : 'started'} <Time at={completed_at ?? started_at} />
            </span>
          </span>
          {status === 'failed' && (
            <Button look="primary" onClick={() => setContinuing(true)}>
              Continue
            </Button>
          )}
        </div>
        <Progress of={rotation} />
        {error && <p>{error}</p>}
      </section>
      <Dialog title="Continue the key replacement" open={isContinuing} onClose={() => setContinuing(false)}>
        <Continue of={rotation} onDone={() => setContinuing(false)} />
      </Dialog>
    </Section>
  )
}

function Progress({ of: { processed, total_secrets } }: { readonly of: Rotation }) {
  const [done, all] = [processed, total_secrets].map((count) => count.toLocaleString('en'))
  return (
    <Meter label="Values with the new key" used={processed} limit={total_secrets} grows>
      {total_secrets === 0 ? 'The server counts the values.' : `${done} of ${all}`}
    </Meter>
  )
}

/** The server forgets both keys when it stops, so the person enters them again. */
function Continue({ of, onDone }: { readonly of: Rotation; readonly onDone: () => void }) {
  const { vault_id, old_fingerprint, new_fingerprint } = of
  const cache = useQueryClient()
  const send = async (form: FormData) => {
    await holdKeyOf(form, 'older_key', old_fingerprint)
    await holdKeyOf(form, 'client_key', new_fingerprint)
    const [old_key, new_key] = ['older_key', 'client_key'].map((name) => keyAsBase64(String(form.get(name))))
    await api.cmek.rotate({ vault_id, old_key: old_key ?? '', new_key: new_key ?? '', new_fingerprint })
    onDone()
    await cache.invalidateQueries(serverRotation(vault_id))
    await cache.invalidateQueries(vault(vault_id))
  }
  return (
    <Form onSend={send} button="Continue" onCancel={onDone}>
      <p>
        The server keeps both keys only in memory. This browser sends them to the server again. The server skips the
        values that have the new key.
      </p>
      <TextField name="older_key" label="Previous key" type="password" required />
      <TextField name="client_key" label="New key" type="password" required />
    </Form>
  )
}
