import { useState } from 'react'
import { Button, Facts, type IconName, State, type TimelineStep } from '../components/index.ts'
import { useAmount } from './amount.ts'
import { Cause } from './event-cause.tsx'
import { type DayKind, isRefused, kindOf, type ShownEvent, textOf } from './shown-event.ts'

// How an event of the trail reads as a step of a day.

const icons: Readonly<Record<DayKind, IconName>> = {
  refusal: 'stop',
  read: 'key',
  call: 'up',
  signature: 'check',
  model: 'agent',
  other: 'audit',
}

export function stepOf(event: ShownEvent): TimelineStep {
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
    end:
      details.outcome === undefined ? null : (
        <State tone={isRefused(event) ? 'bad' : 'plain'}>{textOf(details.outcome)}</State>
      ),
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

function Subject({ of }: { readonly of: ShownEvent }) {
  const { to, chain, value_wei } = of.details
  const amount = useAmount(chain, value_wei)
  // Only the EVM family has amounts in wei.
  const isEvm = amount !== null && typeof to === 'string' && to.startsWith('0x')
  const isPayment = of.action.startsWith('transaction.') && chain !== undefined
  const what = isEvm ? amount : 'a payment'
  const whom = to === undefined ? '' : ` to ${textOf(to)}`
  return <strong className="wrap">{isPayment ? `${what}${whom} on ${textOf(chain)}` : subjectOf(of)}</strong>
}

function subjectOf({ details, resource_type, resource_id }: ShownEvent): string {
  const said = shownFirst.flatMap((name) => (details[name] === undefined ? [] : [textOf(details[name])]))
  return said.length > 0 ? said.join(' ') : `${resource_type} ${resource_id.slice(0, 8)}`
}

/** What the trail knows about a step, and the rule behind it. */
function More({ of }: { readonly of: ShownEvent }) {
  const [isOpen, setOpen] = useState(false)
  const { details, ip_address, resource_id } = of
  return (
    <div className="stack tight">
      <div>
        <Button look="quiet" icon={isOpen ? 'left' : 'right'} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Less' : isRefused(of) ? 'Why it was refused' : 'What allowed it'}
        </Button>
      </div>
      {isOpen && (
        <>
          <Cause of={of} />
          <Facts
            of={[
              ...Object.entries(details).map(([name, value]) => [name, textOf(value)] as const),
              ...(ip_address ? ([['IP address', ip_address]] as const) : []),
              ['ID of the subject', resource_id],
            ]}
          />
        </>
      )}
    </div>
  )
}
