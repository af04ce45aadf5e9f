import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { invitations, me, members } from '../asked.ts'
import {
  Answer,
  Button,
  ChoiceField,
  Confirm,
  Dialog,
  Form,
  NewPasswordField,
  Section,
  say,
  sayProblem,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

const roles = [
  ['member', 'Member'],
  ['admin', 'Admin'],
  ['owner', 'Owner'],
] as const

type Role = (typeof roles)[number][0]

/** The people of the organisation, and those who are invited. */
export function MemberSettings() {
  const asked = useQuery(members)
  const invited = useQuery(invitations).data ?? []
  const self = useQuery(me).data
  const mayChange = self !== undefined && self.role !== 'member'
  const cache = useQueryClient()
  const [open, setOpen] = useState<'invite' | 'add' | null>(null)
  const [removed, setRemoved] = useState<{ id: string; email: string } | null>(null)
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: ['members'] })
    await cache.invalidateQueries({ queryKey: ['invitations'] })
  }
  const setRole = async (user_id: string, role: Role) => {
    await api.orgs.setRole({ user_id, role }).then(() => say('Changed the role'), sayProblem)
    await refresh()
  }
  const invite = async (data: FormData) => {
    const { message } = await api.orgs.invite({
      email: textIn(data, 'email') ?? '',
      role: textIn(data, 'role') as Role,
    })
    say(message)
    setOpen(null)
    await refresh()
  }
  const add = async (data: FormData) => {
    await api.orgs.addMember({
      email: textIn(data, 'email') ?? '',
      role: textIn(data, 'role') as Role,
      password: String(data.get('password')),
    })
    setOpen(null)
    await refresh()
  }
  return (
    <Answer of={asked}>
      {(all) => (
        <div className="stack loose">
          <Section
            title="Members"
            actions={
              mayChange && (
                <>
                  <Button look="primary" icon="plus" onClick={() => setOpen('invite')}>
                    Invite
                  </Button>
                  <Button onClick={() => setOpen('add')}>Add with a password</Button>
                </>
              )
            }
          >
            <Table
              label="Members"
              rows={all}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'Member',
                  cell: ({ display_name, email }) => (
                    <span className="wrap">
                      {display_name || email}
                      {display_name && <span className="quiet"> {email}</span>}
                    </span>
                  ),
                },
                {
                  title: 'Role',
                  cell: ({ id, email, role }) =>
                    mayChange ? (
                      <select
                        className="input"
                        aria-label={`Role of ${email}`}
                        value={role}
                        onChange={(event) => void setRole(id, event.target.value as Role)}
                      >
                        {roles.map(([value, label]) => (
                          <option key={value} value={value}>
                            {label}
                          </option>
                        ))}
                      </select>
                    ) : (
                      <span>{role}</span>
                    ),
                },
                { title: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
                {
                  title: '',
                  className: 'end',
                  cell: ({ id, email }) =>
                    mayChange &&
                    id !== self?.id && (
                      <Button look="quiet" onClick={() => setRemoved({ id, email })}>
                        Remove
                      </Button>
                    ),
                },
              ]}
            />
          </Section>
          {invited.length > 0 && (
            <Section title="Invitations">
              <Table
                label="Invitations"
                rows={invited}
                keyOf={({ id }) => id}
                columns={[
                  { title: 'E-mail', cell: ({ email }) => email },
                  { title: 'Role', cell: ({ role }) => role },
                  { title: 'Expires', cell: ({ expires_at }) => <Time at={expires_at} /> },
                  {
                    title: '',
                    className: 'end',
                    cell: ({ id }) => (
                      <Button look="quiet" act={() => api.orgs.revokeInvitation({ invitation_id: id }).then(refresh)}>
                        Take back
                      </Button>
                    ),
                  },
                ]}
              />
            </Section>
          )}
          <Dialog title="Invite a member" open={open === 'invite'} onClose={() => setOpen(null)}>
            <Form onSend={invite} button="Send the invitation" onCancel={() => setOpen(null)}>
              <TextField name="email" label="E-mail address" type="email" required />
              <ChoiceField name="role" label="Role" choices={roles} />
            </Form>
          </Dialog>
          <Dialog title="Add a member" open={open === 'add'} onClose={() => setOpen(null)}>
            <Form onSend={add} button="Add the member" onCancel={() => setOpen(null)}>
              <TextField name="email" label="E-mail address" type="email" required />
              <NewPasswordField name="password" label="First password" />
              <ChoiceField name="role" label="Role" choices={roles} />
            </Form>
          </Dialog>
          <Confirm
            title="Remove the member"
            open={removed !== null}
            onClose={() => setRemoved(null)}
            button="Remove"
            onConfirm={async () => {
              await api.orgs.removeMember({ user_id: removed?.id ?? '' })
              await refresh()
            }}
          >
            <p>
              {removed?.email} can sign in here no longer. Their keys and policies go with them. What they created
              stays.
            </p>
          </Confirm>
        </div>
      )}
    </Answer>
  )
}
