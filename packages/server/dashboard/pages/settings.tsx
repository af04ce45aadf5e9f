import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, base, problemOf } from '../api.ts'
import { apiKeys, health, hsmHealth, invitations, ipRules, keyStores, me, members } from '../asked.ts'
import {
  Answer,
  Button,
  ChoiceField,
  Confirm,
  Dialog,
  Empty,
  Facts,
  Form,
  isPast,
  Note,
  Page,
  Section,
  ShownOnce,
  State,
  say,
  Table,
  Tabs,
  TextField,
  Time,
  textIn,
  timeIn,
} from '../components/index.ts'

type Tab = 'account' | 'keys' | 'members' | 'addresses' | 'health'

const tabs: readonly (readonly [Tab, string])[] = [
  ['account', 'Account'],
  ['keys', 'API keys'],
  ['members', 'Members'],
  ['addresses', 'IP rules'],
  ['health', 'Health'],
]

export function SettingsPage() {
  const [tab, setTab] = useState<Tab>('account')
  return (
    <Page title="Settings">
      <Tabs label="Settings" tabs={tabs} chosen={tab} onChoose={setTab}>
        {tab === 'account' && <Account />}
        {tab === 'keys' && <ApiKeys />}
        {tab === 'members' && <Members />}
        {tab === 'addresses' && <IpRules />}
        {tab === 'health' && <Health />}
      </Tabs>
    </Page>
  )
}

function Account() {
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
            <Form onSend={save} button="Save">
              <TextField name="display_name" label="Name" defaultValue={person.display_name} autoComplete="name" />
            </Form>
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
              <TextField
                name="new_password"
                label="New password"
                type="password"
                autoComplete="new-password"
                required
                hint="At least 12 characters, with an upper-case letter, a lower-case letter, a digit and a symbol."
              />
              <p className="hint">Your other sessions end.</p>
            </Form>
          </Dialog>
        </div>
      )}
    </Answer>
  )
}

function ApiKeys() {
  const asked = useQuery(apiKeys)
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [revoked, setRevoked] = useState<{ id: string; name: string } | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['api-keys'] })
  const create = async (data: FormData) => {
    const scope = textIn(data, 'scope')
    const { api_key } = await api.auth.createApiKey({
      name: textIn(data, 'name') ?? '',
      expires_at: timeIn(data, 'expires_at'),
      current_password: String(data.get('current_password')),
      ...(scope && { scopes: scope.split(' ') }),
    })
    setMade(api_key.reveal())
    await refresh()
  }
  const close = () => {
    setOpen(false)
    setMade(null)
  }
  const button = (
    <Button look="primary" icon="plus" onClick={() => setOpen(true)}>
      New API key
    </Button>
  )
  return (
    <Answer of={asked}>
      {(keys) => (
        <div className="stack">
          {keys.length === 0 ? (
            <div className="card">
              <Empty icon="key" title="No API key yet" action={button}>
                An API key lets a program act as you, within its scopes. For an agent, create an agent instead: it has
                its own identity and its own policies.
              </Empty>
            </div>
          ) : (
            <>
              <div className="row">{button}</div>
              <Table
                label="API keys"
                rows={keys}
                keyOf={({ id }) => id}
                columns={[
                  { title: 'Name', cell: ({ name }) => <span className="wrap">{name}</span> },
                  { title: 'Key', cell: ({ key_prefix }) => <code>{key_prefix}…</code> },
                  {
                    title: 'Scopes',
                    cell: ({ scopes }) => scopes.join(', ') || <span className="quiet">all of yours</span>,
                  },
                  {
                    title: 'State',
                    cell: ({ is_active, expires_at }) =>
                      !is_active ? (
                        <State tone="bad">revoked</State>
                      ) : isPast(expires_at) ? (
                        <State tone="warn">expired</State>
                      ) : (
                        <State tone="good">active</State>
                      ),
                  },
                  {
                    title: 'Last used',
                    cell: ({ last_used_at }) =>
                      last_used_at ? <Time at={last_used_at} /> : <span className="quiet">never</span>,
                  },
                  {
                    title: '',
                    className: 'end',
                    cell: ({ id, name, is_active }) =>
                      is_active && (
                        <Button look="quiet" onClick={() => setRevoked({ id, name })}>
                          Revoke
                        </Button>
                      ),
                  },
                ]}
              />
            </>
          )}
          <Dialog title="New API key" open={open} onClose={close}>
            {made === null ? (
              <Form onSend={create} button="Create the key" onCancel={close}>
                <TextField name="name" label="Name" required placeholder="ci" />
                <div className="form-row">
                  <ChoiceField
                    name="scope"
                    label="Scopes"
                    choices={[
                      ['', 'All that you may do'],
                      ['secrets:read', 'Read secrets'],
                      ['secrets:read secrets:write', 'Read and write secrets'],
                    ]}
                  />
                  <TextField name="expires_at" label="Expires" type="date" />
                </div>
                <TextField
                  name="current_password"
                  label="Your password"
                  type="password"
                  autoComplete="current-password"
                  required
                  hint="A key outlives your session, so Pawl asks again."
                />
              </Form>
            ) : (
              <ShownOnce value={made} what="Key" />
            )}
          </Dialog>
          <Confirm
            title={`Revoke ${revoked?.name ?? ''}`}
            open={revoked !== null}
            onClose={() => setRevoked(null)}
            button="Revoke the key"
            onConfirm={async () => {
              await api.auth.revokeApiKey({ key_id: revoked?.id ?? '' })
              await refresh()
            }}
          >
            <p>Programs that use the key get no answer from then on. Nothing can bring it back.</p>
          </Confirm>
        </div>
      )}
    </Answer>
  )
}

const roles = [
  ['member', 'Member'],
  ['admin', 'Admin'],
  ['owner', 'Owner'],
] as const

type Role = (typeof roles)[number][0]

function Members() {
  const asked = useQuery(members)
  const invited = useQuery(invitations).data ?? []
  const self = useQuery(me).data
  const cache = useQueryClient()
  const [open, setOpen] = useState<'invite' | 'add' | null>(null)
  const [removed, setRemoved] = useState<{ id: string; email: string } | null>(null)
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: ['members'] })
    await cache.invalidateQueries({ queryKey: ['invitations'] })
  }
  const setRole = async (user_id: string, role: Role) => {
    await api.orgs.setRole({ user_id, role }).then(
      () => say('The role is changed'),
      (error) => say(problemOf(error).text),
    )
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
              <>
                <Button look="primary" icon="plus" onClick={() => setOpen('invite')}>
                  Invite
                </Button>
                <Button onClick={() => setOpen('add')}>Add with a password</Button>
              </>
            }
          >
            <Table
              label="Members"
              rows={all}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'Name',
                  cell: ({ display_name, email }) => <span className="wrap">{display_name || email}</span>,
                },
                { title: 'E-mail', cell: ({ email }) => <span className="quiet wrap">{email}</span> },
                {
                  title: 'Role',
                  cell: ({ id, email, role }) => (
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
                  ),
                },
                { title: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
                {
                  title: '',
                  className: 'end',
                  cell: ({ id, email }) =>
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
                      <Button
                        look="quiet"
                        onClick={() => void api.orgs.revokeInvitation({ invitation_id: id }).then(refresh)}
                      >
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
              <TextField
                name="password"
                label="First password"
                type="password"
                autoComplete="new-password"
                required
                hint="At least 12 characters, with an upper-case letter, a lower-case letter, a digit and a symbol."
              />
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

function IpRules() {
  const asked = useQuery(ipRules)
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const refresh = () => cache.invalidateQueries({ queryKey: ['ip-rules'] })
  const create = async (data: FormData) => {
    await api.security.createIpRule({
      rule_type: textIn(data, 'rule_type') as 'allow' | 'deny',
      cidr: textIn(data, 'cidr') ?? '',
      label: textIn(data, 'label'),
      applies_to: textIn(data, 'applies_to') as 'all' | 'users' | 'agents',
    })
    setOpen(false)
    await refresh()
  }
  const remove = async (rule_id: string) => {
    await api.security.deleteIpRule({ rule_id }).catch((error) => say(problemOf(error).text))
    await refresh()
  }
  const button = (
    <Button look="primary" icon="plus" onClick={() => setOpen(true)}>
      New rule
    </Button>
  )
  return (
    <Answer of={asked}>
      {(rules) => (
        <div className="stack">
          {rules.length === 0 ? (
            <div className="card">
              <Empty icon="policy" title="Any address may call" action={button}>
                Once there is an allow rule, only its addresses may call. A deny rule keeps an address out in any case.
              </Empty>
            </div>
          ) : (
            <>
              <div className="row">{button}</div>
              <Table
                label="IP rules"
                rows={rules}
                keyOf={({ id }) => id}
                columns={[
                  {
                    title: 'Rule',
                    cell: ({ rule_type }) => <State tone={rule_type === 'allow' ? 'good' : 'bad'}>{rule_type}</State>,
                  },
                  { title: 'Addresses', cell: ({ cidr }) => <code>{cidr}</code> },
                  { title: 'For', cell: ({ applies_to }) => applies_to },
                  { title: 'Label', cell: ({ label }) => <span className="quiet wrap">{label}</span> },
                  { title: 'Created', cell: ({ created_at }) => <Time at={created_at} /> },
                  {
                    title: '',
                    className: 'end',
                    cell: ({ id }) => (
                      <Button look="quiet" onClick={() => void remove(id)}>
                        Delete
                      </Button>
                    ),
                  },
                ]}
              />
            </>
          )}
          <Dialog title="New IP rule" open={open} onClose={() => setOpen(false)}>
            <Form onSend={create} button="Create the rule" onCancel={() => setOpen(false)}>
              <div className="form-row">
                <ChoiceField
                  name="rule_type"
                  label="Rule"
                  choices={[
                    ['allow', 'Allow'],
                    ['deny', 'Deny'],
                  ]}
                />
                <ChoiceField
                  name="applies_to"
                  label="For"
                  choices={[
                    ['all', 'People and agents'],
                    ['users', 'People'],
                    ['agents', 'Agents'],
                  ]}
                />
              </div>
              <TextField name="cidr" label="Address or range" mono required placeholder="203.0.113.0/24" />
              <TextField name="label" label="Label" placeholder="Office" />
            </Form>
          </Dialog>
        </div>
      )}
    </Answer>
  )
}

function Health() {
  const server = useQuery(health)
  const hsm = useQuery(hsmHealth)
  const stores = useQuery(keyStores)
  return (
    <div className="stack loose">
      <Answer of={server}>
        {({ status, version, audit_sync, key_stores_unavailable }) => (
          <div className="card stack">
            <Facts
              of={[
                ['Server', <HealthState key="server" status={status} />],
                ['Version', version],
                [
                  'Audit trail',
                  audit_sync === 'os' ? 'written when the system writes it' : 'written to the disk at once',
                ],
                ['Key stores', key_stores_unavailable ? `${key_stores_unavailable} do not answer` : 'all answer'],
              ]}
            />
          </div>
        )}
      </Answer>
      <Section title="Keys">
        <Answer of={hsm}>
          {({ status, hsm_provider }) => (
            <div className="card">
              <Facts
                of={[
                  ['Key store of the server', <HealthState key="hsm" status={status} />],
                  ['Kind', hsm_provider],
                  ...(stores.data ?? []).map(
                    ({ name, status }) => [name, <HealthState key={name} status={status} />] as const,
                  ),
                ]}
              />
            </div>
          )}
        </Answer>
      </Section>
      <Note>
        The data and the keys are in one folder. <code>npx pawl backup create</code> makes a copy that the key of the
        operator opens. Keep it on another machine.
      </Note>
    </div>
  )
}

function HealthState({ status }: { readonly status: string }) {
  const isGood = status === 'healthy' || status === 'ok'
  return <State tone={isGood ? 'good' : 'bad'}>{status}</State>
}
