import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { treasuryAccess } from '../asked.ts'
import {
  Button,
  CheckField,
  ChoiceField,
  Confirm,
  Dialog,
  Form,
  ProblemText,
  Section,
  State,
  say,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { useNames } from './names.ts'

type Request = Awaited<ReturnType<typeof api.treasury.listAccessRequests>>['requests'][number]

const tones = { pending: 'warn', approved: 'good', denied: 'bad' } as const
const modes = [
  ['delegated', 'propose'],
  ['owner', 'propose and vote as an owner of the contract'],
  ['both', 'do both'],
] as const
const words = { pending: 'waits', approved: 'allowed', denied: 'denied' } as const

/** Agents that asked to propose payments of a treasury. Shown while there are any. */
export function TreasuryAccess({ treasuryId }: { readonly treasuryId: string }) {
  const cache = useQueryClient()
  const nameOf = useNames()
  const asked = useQuery(treasuryAccess(treasuryId))
  const [on, act] = useState<{ readonly what: 'allow' | 'deny'; readonly request: Request } | null>(null)
  const done = () => act(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['treasury', treasuryId] })
  if (asked.error) return <ProblemText error={asked.error} onRetry={() => asked.refetch()} />
  const requests = asked.data ?? []
  if (requests.length === 0) return null
  return (
    <Section title="Agents">
      <Table
        label="Agents"
        rows={requests}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Agent', cell: ({ agent_id }) => <span className="wrap">{nameOf(agent_id)}</span> },
          { title: 'State', cell: ({ status }) => <State tone={tones[status]}>{words[status]}</State> },
          { title: 'Reason given', cell: ({ reason }) => <span className="wrap">{reason}</span> },
          { title: 'Within', cell: ({ delegation }) => delegation && <Limits of={delegation} /> },
          { title: 'Asked', cell: ({ requested_at }) => <Time at={requested_at} /> },
          {
            title: '',
            className: 'end',
            cell: (request) =>
              request.status === 'pending' && (
                <>
                  <Button icon="check" onClick={() => act({ what: 'allow', request })}>
                    Allow
                  </Button>{' '}
                  <Button look="quiet" onClick={() => act({ what: 'deny', request })}>
                    Deny
                  </Button>
                </>
              ),
          },
        ]}
      />
      <Dialog title="Allow the agent to propose" open={on?.what === 'allow'} onClose={done}>
        {on && <Allow treasuryId={treasuryId} request={on.request} onDone={refresh} onClose={done} />}
      </Dialog>
      <Confirm
        title="Deny the request"
        open={on?.what === 'deny'}
        onClose={done}
        button="Deny it"
        onConfirm={async () => {
          await api.treasury.denyAccess({ treasury_id: treasuryId, request_id: on?.request.id ?? '' })
          say('The request is denied')
          await refresh()
        }}
      >
        <p>The agent proposes no payment of this treasury. It can ask again.</p>
      </Confirm>
    </Section>
  )
}

function Limits({ of }: { readonly of: NonNullable<Request['delegation']> }) {
  const { mode, max_value_eth, to_allowlist } = of
  const limits = [
    mode,
    max_value_eth && `at most ${max_value_eth}`,
    to_allowlist && `to ${to_allowlist.length} recipients`,
  ]
  return <span className="quiet">{limits.filter(Boolean).join(', ')}</span>
}

interface AllowProps {
  readonly treasuryId: string
  readonly request: Request
  readonly onDone: () => Promise<unknown>
  readonly onClose: () => void
}

function Allow({ treasuryId, request, onDone, onClose }: AllowProps) {
  const send = async (data: FormData) => {
    const recipients = (textIn(data, 'to_allowlist') ?? '').split(/[\s,]+/).filter(Boolean)
    const max_value_eth = textIn(data, 'max_value_eth')
    await api.treasury.approveAccess({
      ...{ treasury_id: treasuryId, request_id: request.id },
      delegation_mode: textIn(data, 'delegation_mode') as (typeof modes)[number][0],
      guardrails: {
        ...(max_value_eth && { max_value_eth }),
        ...(recipients.length > 0 && { to_allowlist: recipients }),
      },
      ...(data.get('auto_add_signer') && { auto_add_signer: true }),
    })
    say('The agent can propose from now on')
    await onDone()
    onClose()
  }
  return (
    <Form onSend={send} button="Allow it" onCancel={onClose}>
      <ChoiceField name="delegation_mode" label="It may" choices={modes} />
      <TextField name="max_value_eth" label="Most in one proposal" inputMode="decimal" hint="Empty: any amount." />
      <TextField name="to_allowlist" label="Recipients" mono hint="Separated by commas. Empty: any." />
      <CheckField name="auto_add_signer" label="Add the address of the agent to the owners" />
    </Form>
  )
}
