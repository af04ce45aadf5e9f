import { useQuery } from '@tanstack/react-query'
import { Link, useMatch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { vaults } from '../asked.ts'
import { Facts } from '../components/index.ts'
import type { AuditFilters } from '../router.tsx'
import { Cause } from './event-cause.tsx'
import { wordsOf } from './event-words.ts'
import { useNames } from './names.ts'
import { type ShownEvent, textOf } from './shown-event.ts'

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' })

/** Every field of an event, the rule behind it, links to what it names, and filters for more of the same. */
export function EventDetails({ of }: { readonly of: ShownEvent }) {
  const { id, action, actor_type, actor_id, resource_type, resource_id, details, ip_address, created_at } = of
  const vaultId = resource_type === 'vault' ? resource_id : detailText(details, 'vault_id')
  return (
    <Facts
      of={[
        ['When', <time key="at" dateTime={created_at}>{`${exact.format(new Date(created_at))} (${created_at})`}</time>],
        ['What', <Filtered key="what" by={{ action }} text={<What action={action} />} />],
        ['Who', <Filtered key="who" by={{ actor: actor_id }} text={<Who type={actor_type} id={actor_id} />} />],
        ['On', <Filtered key="on" by={{ resource: resource_id }} text={<Subject of={of} vaultId={vaultId} />} />],
        ...(vaultId && resource_type !== 'vault'
          ? ([['Vault', <Filtered key="vault" by={{ vault: vaultId }} text={<VaultLink id={vaultId} />} />]] as const)
          : []),
        ['Address', ip_address ?? <span className="quiet">not known</span>],
        ['Why', <Cause key="why" of={of} />],
        ...Object.entries(details).map(([name, value]) => [name, <Value key={name} of={value} />] as const),
        ['Event ID', <code key="id">{id}</code>],
      ]}
    />
  )
}

function detailText(details: ShownEvent['details'], name: string): string | undefined {
  const value = details[name]
  return typeof value === 'string' ? value : undefined
}

interface FilteredProps {
  readonly by: AuditFilters
  readonly text: ReactNode
}

/** A field with the link to all events that have the same value. On the page of the trail, its other filters stay. */
function Filtered({ by, text }: FilteredProps) {
  const before = useMatch({ from: '/audit', shouldThrow: false })?.search
  const [value] = Object.values(by)
  return (
    <span className="row">
      <span className="wrap">{text}</span>
      {value && (
        <Link to="/audit" search={{ ...before, ...by }} className="filter-by">
          Filter by this
        </Link>
      )}
    </span>
  )
}

function What({ action }: { readonly action: string }) {
  const words = wordsOf(action)
  return (
    <>
      <code>{action}</code>
      {words && ` ${words}`}
    </>
  )
}

interface WhoProps {
  readonly type: string
  readonly id: string
}

function Who({ type, id }: WhoProps) {
  const nameOf = useNames()
  if (id === '') return type
  return (
    <>
      {type === 'agent' ? <AgentLink id={id} /> : nameOf(id)}{' '}
      <span className="quiet">
        {type} <code>{id}</code>
      </span>
    </>
  )
}

function Subject({ of, vaultId }: { readonly of: ShownEvent; readonly vaultId: string | undefined }) {
  const { resource_type: type, resource_id: id, details } = of
  return (
    <>
      <SubjectLink type={type} id={id} path={detailText(details, 'path')} vaultId={vaultId} />{' '}
      <span className="quiet">{id && <code>{id}</code>}</span>
    </>
  )
}

interface SubjectLinkProps {
  readonly type: string
  readonly id: string
  readonly path: string | undefined
  readonly vaultId: string | undefined
}

/** The page of what an event is about, if it has one. The page says when the thing is gone. */
function SubjectLink({ type, id, path, vaultId }: SubjectLinkProps) {
  const nameOf = useNames()
  if (path && vaultId) {
    return (
      <Link to="/vaults/$vaultId" params={{ vaultId }} search={{ secret: path }}>
        <code>{path}</code>
      </Link>
    )
  }
  if (id === '') return type.replaceAll('_', ' ')
  if (type === 'vault') return <VaultLink id={id} />
  if (type === 'agent') return <AgentLink id={id} />
  if (type === 'webhook') {
    return (
      <Link to="/webhooks/$webhookId" params={{ webhookId: id }}>
        webhook
      </Link>
    )
  }
  if (type === 'treasury') {
    return (
      <Link to="/treasury/$treasuryId" params={{ treasuryId: id }}>
        treasury
      </Link>
    )
  }
  return type === 'user' ? nameOf(id) : type.replaceAll('_', ' ')
}

function AgentLink({ id }: { readonly id: string }) {
  const nameOf = useNames()
  return (
    <Link to="/agents/$agentId" params={{ agentId: id }}>
      {nameOf(id)}
    </Link>
  )
}

function VaultLink({ id }: { readonly id: string }) {
  const { data = [] } = useQuery(vaults)
  return (
    <Link to="/vaults/$vaultId" params={{ vaultId: id }}>
      {data.find((one) => one.id === id)?.name ?? `vault ${id.slice(0, 8)}`}
    </Link>
  )
}

function Value({ of }: { readonly of: unknown }) {
  return <span className="mono wrap">{textOf(of)}</span>
}
