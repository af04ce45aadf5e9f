import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { Answer, Button, Facts, type IconName, State, type TimelineStep } from '../components/index.ts'
import { useAmount } from './amount.ts'
import { useNames } from './event-table.tsx'
import { useReasons } from './reason.ts'

// How an event of the trail reads as a step of a day.

export interface TrailEvent {
  readonly id: string
  readonly action: string
  readonly actor_id: string
  readonly resource_type: string
  readonly resource_id: string
  readonly details: Readonly<Record<string, unknown>>
  readonly ip_address?: string | undefined
  readonly created_at: string
}

export type DayKind = 'refusal' | 'read' | 'call' | 'signature' | 'model' | 'other'

export const dayKinds: readonly (readonly [DayKind, string])[] = [
  ['refusal', 'refused'],
  ['read', 'reads'],
  ['call', 'calls'],
  ['signature', 'signatures'],
  ['model', 'model requests'],
  ['other', 'other'],
]

const areas: Readonly<Record<string, DayKind>> = {
  secret: 'read',
  binding: 'call',
  transaction: 'signature',
  signing_key: 'signature',
  shroud: 'model',
}

export function kindOf({ action, details }: TrailEvent): DayKind {
  if (details.outcome !== undefined) return 'refusal'
  return areas[action.split('.')[0] ?? ''] ?? 'other'
}

const icons: Readonly<Record<DayKind, IconName>> = {
  refusal: 'stop',
  read: 'key',
  call: 'up',
  signature: 'check',
  model: 'agent',
  other: 'audit',
}

export function stepOf(event: TrailEvent): TimelineStep {
  const { id, action, created_at, details } = event
  const kind = kindOf(event)
  return {
    id,
    at: created_at,
    icon: icons[kind],
    tone: kind === 'refusal' ? 'bad' : 'plain',
    title: (
      <>
        {verbs[action] ?? <code>{action}</code>} <Subject of={event} />
      </>
    ),
    end: details.outcome === undefined ? null : <State tone="bad">{textOf(details.outcome)}</State>,
    more: <More of={event} />,
  }
}

/** What the common actions are in words. */
const verbs: Readonly<Record<string, string>> = {
  'secret.read': 'Read',
  'secret.write': 'Stored',
  'secret.rotate': 'Rotated',
  'secret.delete': 'Deleted',
  'secret.list': 'Listed the secrets of',
  'binding.execute': 'Asked for a call of',
  'binding.settle': 'Called',
  'transaction.submit': 'Asked to send',
  'transaction.sign': 'Signed',
  'transaction.sign_only': 'Signed without sending',
  'transaction.broadcast': 'Sent',
  'transaction.explain': 'Asked about limits',
  'signing_key.use': 'Asked to sign with',
  'shroud.request': 'Asked a model',
  'approval.request': 'Asked a person',
  'auth.agent_token': 'Signed in as',
}

const shownFirst = [
  'path',
  'binding',
  'method',
  'host',
  'chain',
  'to',
  'provider',
  'model',
  'approval_action',
  'name',
] as const

function Subject({ of }: { readonly of: TrailEvent }) {
  const { to, chain, value_wei } = of.details
  const amount = useAmount(chain, value_wei)
  // Only the EVM family has amounts in wei.
  const isEvm = amount !== null && typeof to === 'string' && to.startsWith('0x')
  const isPayment = of.action.startsWith('transaction.') && chain !== undefined
  const what = isEvm ? amount : 'a payment'
  const whom = to === undefined ? '' : ` to ${textOf(to)}`
  return <strong className="wrap">{isPayment ? `${what}${whom} on ${textOf(chain)}` : subjectOf(of)}</strong>
}

function subjectOf({ details, resource_type, resource_id }: TrailEvent): string {
  const said = shownFirst.flatMap((name) => (details[name] === undefined ? [] : [textOf(details[name])]))
  return said.length > 0 ? said.join(' ') : `${resource_type} ${resource_id.slice(0, 8)}`
}

/** What the trail knows about a step, and the rule behind it. */
function More({ of }: { readonly of: TrailEvent }) {
  const [isOpen, setOpen] = useState(false)
  const { details, ip_address, resource_id } = of
  return (
    <div className="stack tight">
      <div>
        <Button look="quiet" icon={isOpen ? 'left' : 'right'} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Less' : details.outcome === undefined ? 'What allowed it' : 'Why it was refused'}
        </Button>
      </div>
      {isOpen && (
        <>
          <Cause of={of} />
          <Facts
            of={[
              ...Object.entries(details).map(([name, value]) => [name, textOf(value)] as const),
              ...(ip_address ? ([['address', ip_address]] as const) : []),
              ['id', resource_id],
            ]}
          />
        </>
      )}
    </div>
  )
}

/** The permission that an action on a secret needs. */
const permissions: Readonly<Record<string, 'read' | 'write' | 'delete' | 'rotate'>> = {
  'secret.read': 'read',
  'secret.write': 'write',
  'secret.delete': 'delete',
  'secret.rotate': 'rotate',
}

const causes: Readonly<Record<string, string>> = {
  call: 'A binding of the agent allows the service, and its limits were kept. The agent never saw the credential.',
  signature: 'The agent may ask for this. The step that signs says what the limits decided.',
  model: 'Shroud is on for this agent, and its settings let the request pass.',
  other: 'The agent was signed in, and the operation is open to it.',
}

function Cause({ of }: { readonly of: TrailEvent }) {
  const { action, details } = of
  const permission = permissions[action]
  const { vault_id, path } = details
  if (permission && typeof vault_id === 'string' && typeof path === 'string')
    return <Rule of={of} permission={permission} vaultId={vault_id} path={path} />
  if (details.outcome !== undefined) return <p>{refusalOf(details)}</p>
  if (signatures.includes(action)) return <Signature details={details} />
  return <p>{causes[kindOf(of)] ?? causes.other}</p>
}

type Details = TrailEvent['details']

function refusalOf({ reason, rule, limit, attempted }: Details): string {
  if (typeof rule !== 'string') return `It was refused${reason ? `: ${textOf(reason)}` : '.'}`
  return `The rule ${rule} refused it${numbersOf({ limit, attempted })}.`
}

function numbersOf({ limit, attempted }: Details): string {
  const said = Object.entries({ attempted, limit }).filter(([, value]) => value !== undefined)
  return said.map(([name, value], at) => `${at === 0 ? ': ' : ', '}${name} ${textOf(value)}`).join('')
}

const signatures: readonly string[] = ['transaction.sign', 'signing_key.use']

/** Why a signature was made: who approved it, and which limit was only logged. */
function Signature({ details }: { readonly details: Details }) {
  const nameOf = useNames()
  const { enforcement, rule, approved_by } = details
  const isLogged = enforcement === 'log' && typeof rule === 'string'
  const people = Array.isArray(approved_by) ? approved_by.map((id) => nameOf(textOf(id))) : []
  return (
    <p>
      {isLogged
        ? `The agent may sign. The rule ${rule} would refuse it${numbersOf(details)}. The limits of the agent were only logged.`
        : 'The agent may sign, and no rule refused it. The tab Limits shows the rules.'}
      {people.length > 0 && ` ${people.join(', ')} approved it.`}
    </p>
  )
}

interface RuleProps {
  readonly of: TrailEvent
  readonly permission: 'read' | 'write' | 'delete' | 'rotate'
  readonly vaultId: string
  readonly path: string
}

/** The current policies, decided at the time of the step. */
function Rule({ of: { actor_id, created_at, ip_address }, permission, vaultId, path }: RuleProps) {
  const reasonOf = useReasons(vaultId)
  const asked = useQuery({
    queryKey: ['policies', vaultId, 'explain', path, actor_id, permission, created_at],
    queryFn: async () => {
      const { answers } = await api.policies.explain({
        ...{ vault_id: vaultId, path, permission, principal_type: 'agent', principal_id: actor_id, at: created_at },
        ...(ip_address && { ip: ip_address }),
      })
      return answers[0] ?? null
    },
  })
  return (
    <Answer of={asked}>
      {(answer) => (
        <p>
          {answer ? reasonOf(answer.because) : 'No policy applies.'}{' '}
          <span className="quiet">Current policies, evaluated at the time of the step.</span>
        </p>
      )}
    </Answer>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
