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
  ProofFields,
  proofFrom,
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

const purpose = 'member.promote'

/** The proof of a form that makes somebody an admin or owner. A member needs none. */
async function proofFor(role: Role, data: FormData) {
  return role === 'member' ? {} : { auth_confirm: await proofFrom(data, purpose) }
}

function isHigher(role: Role, than: Role): boolean {
  const rank = (one: Role) => roles.findIndex(([value]) => value === one)
  return rank(role) > rank(than)
}

interface Promotion {
  readonly id: string
  readonly email: string
  readonly role: Role
}

/** The people of the organisation, and those who are invited. */
export function MemberSettings() {
  const asked = useQuery(members)
  const invited = useQuery(invitations).data ?? []
  const self = useQuery(me).data
  const mayChange = self !== undefined && self.role !== 'member'
  const cache = useQueryClient()
  const [open, setOpen] = useState<'invite' | 'add' | null>(null)
  const [removed, setRemoved] = useState<{ id: string; email: string } | null>(null)
  const [promoted, setPromoted] = useState<Promotion | null>(null)
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: ['members'] })
    await cache.invalidateQueries({ queryKey: ['invitations'] })
  }
  const setRole = async (user_id: string, role: Role) => {
    await api.orgs.setRole({ user_id, role }).then(() => say('Changed the role'), sayProblem)
    await refresh()
  }
  const choose = (to: Promotion, from: Role) =>
    isHigher(to.role, from) ? setPromoted(to) : void setRole(to.id, to.role)
  const promote = async (data: FormData) => {
    if (!promoted) return
    const { id: user_id, role } = promoted
    await api.orgs.setRole({ user_id, role, auth_confirm: await proofFrom(data, purpose) })
    say('Changed the role')
    setPromoted(null)
    await refresh()
  }
  const invite = async (data: FormData) => {
    const role = textIn(data, 'role') as Role
    const { message } = await api.orgs.invite({
      email: textIn(data, 'email') ?? '',
      role,
      ...(await proofFor(role, data)),
    })
    say(message)
    setOpen(null)
    await refresh()
  }
  const add = async (data: FormData) => {
    const role = textIn(data, 'role') as Role
    await api.orgs.addMember({
      email: textIn(data, 'email') ?? '',
      role,
      password: String(data.get('password')),
      ...(await proofFor(role, data)),
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
                        onChange={(event) => choose({ id, email, role: event.target.value as Role }, role)}
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
              <RoleFields />
            </Form>
          </Dialog>
          <Dialog title="Add a member" open={open === 'add'} onClose={() => setOpen(null)}>
            <Form onSend={add} button="Add the member" onCancel={() => setOpen(null)}>
              <TextField name="email" label="E-mail address" type="email" required />
              <NewPasswordField name="password" label="First password" />
              <RoleFields />
            </Form>
          </Dialog>
          <Dialog title="Give a higher role" open={promoted !== null} onClose={() => setPromoted(null)}>
            <Form onSend={promote} button="Change the role" onCancel={() => setPromoted(null)}>
              <p>
                {promoted?.email} becomes {promoted?.role}.
              </p>
              <ProofFields purpose={purpose} isFirst />
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

/** The role of a new member, and the proof that a higher one needs. */
function RoleFields() {
  const [role, setRole] = useState<Role>('member')
  return (
    <>
      <ChoiceField
        name="role"
        label="Role"
        value={role}
        onChange={(event) => setRole(event.target.value as Role)}
        choices={roles}
      />
      {role !== 'member' && <ProofFields purpose={purpose} />}
    </>
  )
}
