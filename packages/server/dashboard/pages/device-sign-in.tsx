import { useState } from 'react'
import { api } from '../api.ts'
import { Button, Facts, Form, Note, ProblemText, say, TextField, Time, textIn } from '../components/index.ts'

type Asking = Awaited<ReturnType<typeof api.logins.status>>

/**
 * Lets a device sign in with the code that it shows. The user must type the code, so a link from an attacker signs no device
 * in.
 */
export function DeviceSignIn() {
  const [asking, setAsking] = useState<Asking | null>(null)
  const [error, setError] = useState<unknown>(null)
  const find = async (data: FormData) =>
    setAsking(await api.logins.status({ user_code: textIn(data, 'user_code') ?? '' }))
  const decide = async (isAllowed: boolean) => {
    const code = { user_code: asking?.user_code ?? '' }
    setError(null)
    await (isAllowed ? api.logins.allow(code) : api.logins.deny(code)).then(() => {
      say(isAllowed ? 'The device is signed in' : 'The device is refused')
      setAsking(null)
    }, setError)
  }
  return (
    <div className="card stack">
      <p className="quiet">A command line or a device without a keyboard shows a code. Type it here.</p>
      <Form onSend={find} button="Look at it">
        <div className="narrow">
          <TextField name="user_code" label="Code" mono required autoComplete="off" />
        </div>
      </Form>
      {error !== null && <ProblemText error={error} />}
      {asking && asking.status !== 'pending' && <Note tone="warn">This request is {asking.status} already.</Note>}
      {asking?.status === 'pending' && (
        <section className="stack" aria-label="The device">
          <Facts
            of={[
              ['Program', asking.client_id ?? 'unknown'],
              ['Address', asking.requested_from ?? 'unknown'],
              ['Asked', asking.requested_at ? <Time key="at" at={asking.requested_at} /> : 'unknown'],
            ]}
          />
          <Note tone="warn">
            Allow it only if you started this sign-in yourself, a moment ago. The device can then do everything that you
            can do, for one day.
          </Note>
          <div className="row">
            <Button look="primary" icon="check" act={() => decide(true)}>
              Allow
            </Button>
            <Button icon="cross" act={() => decide(false)}>
              Deny
            </Button>
          </div>
        </section>
      )}
    </div>
  )
}
