import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { serverUrl } from '../api.ts'
import { inboundShares, members } from '../asked.ts'
import { ButtonLink, Code, Empty, Note, Section, Table } from '../components/index.ts'
import { useNames } from './names.ts'

interface Shared {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly created_by: string
}

/** What a member may do who has no vault of their own: the vaults of others, how to connect, and whom to ask. */
export function MemberStart({ shared }: { readonly shared: readonly Shared[] }) {
  const nameOf = useNames()
  return (
    <>
      <WaitingShares />
      <Section title="Vaults that are shared with you">
        {shared.length > 0 ? (
          <Table
            label="Vaults that are shared with you"
            rows={shared}
            keyOf={({ id }) => id}
            columns={[
              {
                title: 'Name',
                cell: ({ id, name }) => (
                  <Link to="/vaults/$vaultId" params={{ vaultId: id }} className="row-link wrap">
                    {name}
                  </Link>
                ),
              },
              { title: 'Purpose', cell: ({ description }) => <span className="quiet wrap">{description}</span> },
              { title: 'Owner', cell: ({ created_by }) => <span className="wrap">{nameOf(created_by)}</span> },
            ]}
          />
        ) : (
          <div className="card">
            <Empty icon="vault" title="No vault is shared with you yet">
              The owner of a vault shares it with a policy for you. It then appears here.
            </Empty>
          </div>
        )}
      </Section>
      <Section title="Whom to ask">
        <Administrators />
      </Section>
      <Section title="Connect from your computer">
        <p className="quiet">The first line opens a page of this server, where you allow the sign-in.</p>
        <Code
          what="Lines for the shell"
          text={[`npx -y @pawl/server login --api-url ${serverUrl}`, 'npx -y @pawl/server vault list'].join('\n')}
        />
        <p className="quiet">
          For a program that acts as you, create an API key. For an agent, create an agent: it has its own policies.
        </p>
        <div className="row">
          <ButtonLink to="/settings" search={{ tab: 'keys' }} icon="key">
            API keys
          </ButtonLink>
          <ButtonLink to="/vaults" search={{ create: true }} icon="plus">
            Create a vault of your own
          </ButtonLink>
        </div>
      </Section>
    </>
  )
}

function WaitingShares() {
  const waiting = useQuery(inboundShares).data?.filter(({ is_accepted }) => !is_accepted) ?? []
  if (waiting.length === 0) return null
  return (
    <Note tone="warn">
      <div className="row spread">
        <span>
          {waiting.length === 1
            ? 'A colleague shares one secret with you.'
            : `Colleagues share ${waiting.length} secrets with you.`}
        </span>
        <ButtonLink to="/shares">Accept or decline</ButtonLink>
      </div>
    </Note>
  )
}

/** The people who can give access. */
function Administrators() {
  const { data = [] } = useQuery(members)
  const people = data.filter(({ role }) => role !== 'member')
  if (people.length === 0) return <p className="quiet">Ask an owner of the organisation.</p>
  return (
    <ul className="stack tight">
      {people.map(({ id, email, display_name, role }) => (
        <li key={id} className="wrap">
          {display_name && `${display_name}, `}
          <a href={`mailto:${email}`}>{email}</a> <span className="quiet">{role}</span>
        </li>
      ))}
    </ul>
  )
}
