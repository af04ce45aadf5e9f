import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import { Answer } from '../components/index.ts'
import { useNames } from './names.ts'
import { useReasons } from './reason.ts'
import { isRefused, kindOf, type ShownEvent, textOf } from './shown-event.ts'

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

/** What allowed or refused an event: the rule behind it, if the event is about the path of a secret. */
export function Cause({ of }: { readonly of: ShownEvent }) {
  const { action, details } = of
  const permission = permissions[action]
  const { vault_id, path } = details
  const isPrincipal = of.actor_type === 'agent' || of.actor_type === 'user'
  if (permission && isPrincipal && typeof vault_id === 'string' && typeof path === 'string')
    return <Rule of={of} permission={permission} vaultId={vault_id} path={path} />
  if (isRefused(of)) return <p>{refusalOf(details)}</p>
  const told = outcomes[String(details.outcome)]
  if (told !== undefined) return <p>{told}</p>
  if (signatures.includes(action)) return <Signature details={details} />
  if (of.actor_type === 'user') return <p>The role or the key of the user allows this.</p>
  if (of.actor_type !== 'agent') return <p>The server or an app did this.</p>
  return <p>{causes[kindOf(of)] ?? causes.other}</p>
}

/** What the outcomes mean that are no refusal. */
const outcomes: Readonly<Record<string, string>> = {
  already_exists: 'An equal policy existed, so nothing was stored.',
  repeated: 'The call repeats an earlier call with the same Idempotency-Key. Nothing changed.',
  unknown: 'The server does not know how the call ended.',
}

type Details = ShownEvent['details']

function refusalOf({ reason, rule, limit, attempted }: Details): string {
  if (typeof rule !== 'string') return `It was refused${reason ? `: ${textOf(reason)}` : '.'}`
  return `The rule ${rule} refused it${numbersOf({ limit, attempted })}.`
}

function numbersOf({ limit, attempted }: Partial<Details>): string {
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
  readonly of: ShownEvent
  readonly permission: 'read' | 'write' | 'delete' | 'rotate'
  readonly vaultId: string
  readonly path: string
}

/** The current policies, decided at the time of the event. */
function Rule({ of, permission, vaultId, path }: RuleProps) {
  const { actor_id, created_at, ip_address } = of
  const principal_type = of.actor_type === 'agent' ? 'agent' : 'user'
  const reasonOf = useReasons(vaultId)
  const asked = useQuery({
    queryKey: ['policies', vaultId, 'explain', path, actor_id, permission, created_at],
    queryFn: async () => {
      const { answers } = await api.policies.explain({
        ...{ vault_id: vaultId, path, permission, principal_type, principal_id: actor_id, at: created_at },
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
          <span className="quiet">Current policies, evaluated at the time of the event.</span>
        </p>
      )}
    </Answer>
  )
}
