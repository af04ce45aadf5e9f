import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, base } from '../api.ts'
import { me } from '../asked.ts'
import {
  Answer,
  Button,
  Dialog,
  Facts,
  Form,
  NewPasswordField,
  say,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

/** The identity and role of the user. */
export function AccountSettings() {
  const asked = useQuery(me)
  const cache = useQueryClient()
  const [isChanging, setChanging] = useState(false)
  const save = async (data: FormData) => {
    await api.auth.updateMe({ display_name: textIn(data, 'display_name') ?? '' })
    say('Your name is stored')
    await cache.invalidateQueries({ queryKey: ['me'] })
  }
  const changePassword = async (data: FormData) => {
    await api.auth.changePassword({
      current_password: String(data.get('current_password')),
      new_password: String(data.get('new_password')),
    })
    say('The password is changed')
    setChanging(false)
  }
  return (
    <Answer of={asked}>
      {(person) => (
        <div className="stack loose">
          <div className="card stack">
            <Facts
              of={[
                ['E-mail', person.email],
                ['Role', person.role],
                ['Second factor', person.totp_enabled ? 'authenticator app' : 'none'],
                ['Member since', <Time key="since" at={person.created_at} />],
              ]}
            />
            <div className="narrow">
              <Form onSend={save} button="Save">
                <TextField name="display_name" label="Name" defaultValue={person.display_name} autoComplete="name" />
              </Form>
            </div>
          </div>
          <div className="row">
            <Button icon="key" onClick={() => setChanging(true)}>
              Change the password
            </Button>
            <a className="button" href={`${base}account`}>
              Linked identities
            </a>
          </div>
          <Dialog title="Change the password" open={isChanging} onClose={() => setChanging(false)}>
            <Form onSend={changePassword} button="Change it" onCancel={() => setChanging(false)}>
              <TextField
                name="current_password"
                label="Current password"
                type="password"
                autoComplete="current-password"
                required
              />
              <NewPasswordField name="new_password" label="New password" />
              <p className="hint">Your other sessions end.</p>
            </Form>
          </Dialog>
        </div>
      )}
    </Answer>
  )
}
