import { Facts, Note, Table } from '../components/index.ts'
import type { Approval } from './approval-card.tsx'
import { limitName } from './limit-names.ts'
import { plainDirection } from './plain-direction.ts'

const titles: Readonly<Record<string, string>> = {
  'transaction.sign': 'Sign a transaction',
  policy_change: 'Allow an agent more',
}

export function titleOf({ action }: Pick<Approval, 'action'>): string {
  return titles[action] ?? plainDirection(action)
}

/** What would happen. What the server wrote is decoded, and what an agent wrote is shown as its own words. */
export function ApprovalRequest({ of: asked }: { readonly of: Approval }) {
  const of = plainDirection(asked)
  // Only the server writes a payload, and it carries out nothing else.
  if (of.payload === undefined) return <WrittenByAgent of={of} />
  if (of.action === 'policy_change') return <Change of={of} />
  return <Decoded of={of} />
}

const labels: Readonly<Record<string, string>> = {
  transfers: 'Sends',
  approvals: 'Gives rights',
  calls: 'Calls',
  may_act_for_the_signer: 'May act for it later',
  new_token_accounts_of: 'Creates token accounts of',
  fees_at_most: 'Fees at most',
  unreadable: 'Not decoded',
  chain: 'Chain',
  from: 'From',
  to: 'To',
  rule: 'Limit',
  because: 'Because',
}

const order = Object.keys(labels)

function Decoded({ of: { summary, payload_hash, reason } }: { readonly of: Approval }) {
  const known = Object.entries(summary).filter(([, value]) => !isEmpty(value))
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return (
    <Facts
      of={[
        ...known
          .sort(([one], [other]) => rank(one) - rank(other))
          .map(([name, value]) => [labels[name] ?? name, <Value key={name} name={name} of={value} />] as const),
        ...(reason ? ([['Reason given', reason]] as const) : []),
        ...(payload_hash
          ? ([['Fingerprint of the request', <code key="hash">{payload_hash.slice(0, 16)}…</code>]] as const)
          : []),
      ]}
    />
  )
}

function Value({ name, of }: { readonly name: string; readonly of: unknown }) {
  const lines = (Array.isArray(of) ? of : [of]).map((one) => (name === 'rule' ? limitName(textOf(one)) : textOf(one)))
  if (name === 'unreadable') return <strong>{lines.join(' ')} Approve it only if you know what it does.</strong>
  const isMoney = name === 'transfers' || name === 'approvals'
  return (
    <ul className="stack tight">
      {lines.map((line) => (
        <li key={line} className={isMoney ? 'wrap strong' : 'wrap'}>
          {line}
        </li>
      ))}
    </ul>
  )
}

interface Changed {
  readonly before: unknown
  readonly after: unknown
}

function Change({ of: { summary, payload } }: { readonly of: Approval }) {
  const changes = Object.entries((payload ?? {}) as unknown as Readonly<Record<string, Changed>>)
  const widened = new Set(Array.isArray(summary.allows_more) ? summary.allows_more.map(textOf) : [])
  return (
    <div className="stack tight">
      <p>
        For the agent <strong className="wrap">{textOf(summary.agent)}</strong>:
      </p>
      <Table
        label="Changes of limits"
        rows={changes}
        keyOf={([name]) => name}
        columns={[
          { title: 'Limit', cell: ([name]) => limitName(name) },
          { title: 'Now', cell: ([, { before }]) => <span className="wrap">{shown(before)}</span> },
          { title: 'Then', cell: ([, { after }]) => <span className="wrap">{shown(after)}</span> },
          { title: 'Effect', cell: ([name]) => (widened.has(name) ? 'allows more' : 'allows less or the same') },
        ]}
      />
    </div>
  )
}

function WrittenByAgent({ of: { summary, target_type, target_id, reason } }: { readonly of: Approval }) {
  return (
    <>
      <Note tone="warn">
        The agent wrote this text, and the server carries out nothing from it. Decide about what you know.
      </Note>
      <Facts
        of={[
          ['About', `${target_type} ${target_id}`],
          ...Object.entries(summary).map(([name, value]) => [name, textOf(value)] as const),
          ...(reason ? ([['Reason given', reason]] as const) : []),
        ]}
      />
    </>
  )
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || (Array.isArray(value) && value.length === 0)
}

function shown(value: unknown): string {
  return value === null || value === undefined ? 'no limit set' : textOf(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
