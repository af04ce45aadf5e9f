import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { mfa, passkeys, security } from '../asked.ts'
import {
  Answer,
  Button,
  Dialog,
  Form,
  List,
  ProofFields,
  proofFrom,
  Section,
  ShownOnce,
  State,
  say,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { makePasskey } from '../passkey.ts'

/** How the person signs in, and proves again who they are. */
export function SecuritySettings() {
  return (
    <div className="stack loose">
      <Section title="Passkeys">
        <Passkeys />
      </Section>
      <Section title="Authenticator app">
        <AuthenticatorApp />
      </Section>
      <Section title="Sign-in with a passkey">
        <PasskeyRule rule="require_passkey_for_mfa" />
      </Section>
      <Section title="Values">
        <PasskeyRule rule="require_passkey_for_vaults" />
      </Section>
    </div>
  )
}

function Passkeys() {
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [removed, remove] = useState<{ id: string; name: string } | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['me'] })
  const add = async (data: FormData) => {
    // The proof first: the browser asks the person only for what the server then takes.
    const auth_confirm = await proofFrom(data, 'security.passkey.register')
    await api.factors.addPasskey({ ...(await makePasskey()), name: textIn(data, 'name'), auth_confirm })
    say('The passkey signs you in from now on')
    setOpen(false)
    await refresh()
  }
  const send = async (data: FormData) => {
    const auth_confirm = await proofFrom(data, 'security.passkey.delete')
    await api.factors.removePasskey({ passkey_id: removed?.id ?? '', auth_confirm })
    remove(null)
    await refresh()
  }
  return (
    <>
      <List
        label="Passkeys"
        of={useQuery(passkeys)}
        keyOf={({ id }) => id}
        empty={{
          icon: 'person',
          title: 'No passkey yet',
          text: 'A passkey signs you in with the lock of your device. It cannot be guessed, and it works on no other site. It counts as two factors.',
        }}
        creating={{
          ...{ title: 'New passkey', open, onOpen: setOpen },
          form: (
            <Form onSend={add} button="Make the passkey" onCancel={() => setOpen(false)}>
              <TextField name="name" label="Name" placeholder="laptop" hint="So that you know it again." />
              <ProofFields purpose="security.passkey.register" />
            </Form>
          ),
        }}
        columns={[
          { title: 'Name', cell: ({ name }) => <span className="wrap">{name || 'passkey'}</span> },
          {
            title: 'Last used',
            cell: ({ last_used_at }) =>
              last_used_at ? <Time at={last_used_at} /> : <span className="quiet">never</span>,
          },
          { title: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: '',
            className: 'end',
            cell: ({ id, name }) => (
              <Button look="quiet" onClick={() => remove({ id, name })}>
                Remove
              </Button>
            ),
          },
        ]}
      />
      <Dialog title={`Remove ${removed?.name ?? ''}`} open={removed !== null} onClose={() => remove(null)}>
        <Form onSend={send} button="Remove the passkey" look="danger" onCancel={() => remove(null)}>
          <p>It signs you in no longer. The device keeps it until you remove it there.</p>
          <ProofFields purpose="security.passkey.delete" />
        </Form>
      </Dialog>
    </>
  )
}

interface Enrolment {
  readonly secret: string
  readonly uri: string
}

function AuthenticatorApp() {
  const asked = useQuery(mfa)
  const cache = useQueryClient()
  const [open, setOpen] = useState<'off' | Enrolment | null>(null)
  const [codes, setCodes] = useState<string | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['me'] })
  const close = () => {
    setOpen(null)
    setCodes(null)
  }
  const begin = async () => {
    const { secret, otpauth_uri } = await api.factors.setUpMfa()
    setOpen({ secret: secret.reveal(), uri: otpauth_uri.reveal() })
  }
  const confirm = async (data: FormData) => {
    const auth_confirm = await proofFrom(data, 'security.mfa.enable')
    const { recovery_codes } = await api.factors.confirmMfa({ code: textIn(data, 'app_code') ?? '', auth_confirm })
    setCodes(recovery_codes.map((code) => code.reveal()).join('\n'))
    await refresh()
  }
  const disable = async (data: FormData) => {
    await api.factors.disableMfa({ auth_confirm: await proofFrom(data, 'security.mfa.disable') })
    say('Sign-in asks for no code any more')
    close()
    await refresh()
  }
  return (
    <Answer of={asked}>
      {({ enabled, recovery_codes_left }) => (
        <div className="card row spread">
          <span className="row">
            {enabled ? <State tone="good">on</State> : <State tone="plain">off</State>}
            <span className="quiet">
              {enabled
                ? `Sign-in asks for a code. ${recovery_codes_left} recovery codes are left.`
                : 'A code of your phone, beside the password.'}
            </span>
          </span>
          {enabled ? (
            <Button onClick={() => setOpen('off')}>Turn it off</Button>
          ) : (
            <Button icon="plus" act={() => begin()}>
              Set it up
            </Button>
          )}
          <Dialog title="Authenticator app" open={open !== null} onClose={close}>
            {open === 'off' ? (
              <Form onSend={disable} button="Turn it off" look="danger" onCancel={close}>
                <p>From then on, the password alone signs you in.</p>
                <ProofFields purpose="security.mfa.disable" />
              </Form>
            ) : codes !== null ? (
              <div className="stack">
                <p>Each of these signs you in once, when the phone is lost. Keep them on paper.</p>
                <ShownOnce value={codes} what="Recovery codes" />
              </div>
            ) : (
              open && (
                <Form onSend={confirm} button="Turn it on" onCancel={close}>
                  <p>Enter this key in the app, or open the link on the phone. Then type the code that it shows.</p>
                  <ShownOnce value={open.secret} what="Key" isInUse={false} />
                  <a className="link" href={open.uri}>
                    Open in an app on this device
                  </a>
                  <TextField
                    name="app_code"
                    label="Code that the app shows"
                    inputMode="numeric"
                    autoComplete="one-time-code"
                    required
                  />
                  <ProofFields purpose="security.mfa.enable" />
                </Form>
              )
            )}
          </Dialog>
        </div>
      )}
    </Answer>
  )
}

type Rule = 'require_passkey_for_vaults' | 'require_passkey_for_mfa'

const rules = {
  require_passkey_for_vaults: {
    means: 'Values are shown to you only after your passkey.',
    done: 'Values need your passkey from now on',
    off: 'Show values without a passkey',
    purpose: 'security.vault_passkey.disable',
  },
  require_passkey_for_mfa: {
    means: 'After your password, a code by mail or another account, the sign-in asks for your passkey.',
    done: 'Your sign-in needs a passkey from now on',
    off: 'Sign in without a passkey',
    purpose: 'security.mfa_passkey.disable',
  },
} as const satisfies Record<Rule, object>

/** A rule of the user about their own passkeys, and its switch. */
function PasskeyRule({ rule }: { readonly rule: Rule }) {
  const { means, done, off, purpose } = rules[rule]
  const asked = useQuery(security)
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const refresh = () => cache.invalidateQueries({ queryKey: ['me'] })
  const turnOff = async (data: FormData) => {
    const auth_confirm = await proofFrom(data, purpose)
    await api.factors.updateSecuritySettings({ [rule]: false, auth_confirm })
    setOpen(false)
    await refresh()
  }
  const turnOn = async () => {
    await api.factors.updateSecuritySettings({ [rule]: true })
    say(done)
    await refresh()
  }
  return (
    <Answer of={asked}>
      {({ [rule]: isOn, passkey_count }) => (
        <>
          <div className="card row spread">
            <span className="row">
              {isOn ? <State tone="good">on</State> : <State tone="plain">off</State>}
              <span className="quiet">{means}</span>
            </span>
            {isOn ? (
              <Button onClick={() => setOpen(true)}>Turn it off</Button>
            ) : (
              <span className="row">
                {passkey_count === 0 && <span className="hint">Make a passkey first.</span>}
                <Button disabled={passkey_count === 0} act={() => turnOn()}>
                  Turn it on
                </Button>
              </span>
            )}
          </div>
          <Dialog title={off} open={open} onClose={() => setOpen(false)}>
            <Form onSend={turnOff} button="Turn it off" look="danger" onCancel={() => setOpen(false)}>
              <ProofFields purpose={purpose} />
            </Form>
          </Dialog>
        </>
      )}
    </Answer>
  )
}
