import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { chains, type KnownAgent, signingKeys } from '../asked.ts'
import {
  Answer,
  AreaField,
  Button,
  ChoiceField,
  Dialog,
  Form,
  Meter,
  Note,
  ProblemText,
  ProofFields,
  proofFrom,
  Section,
  State,
  say,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { limitName } from './limit-names.ts'
import { LimitsForm } from './limits-form.tsx'
import { useNames } from './names.ts'

/** What an agent may sign: what is left of its budgets, what the rules say of a payment, the limits, and the freeze. */
export function AgentLimits({ of }: { readonly of: KnownAgent }) {
  return (
    <div className="stack loose">
      <Signing of={of} />
      {of.intents_api_enabled && <Budgets agentId={of.id} />}
      <Section title="Limits">
        <LimitsForm key={of.id} of={of} />
      </Section>
      <Revisions agentId={of.id} />
    </div>
  )
}

/** Whether it signs at all, and the switch that stops all signing at once. */
function Signing({ of }: { readonly of: KnownAgent }) {
  const cache = useQueryClient()
  const [open, setOpen] = useState<'freeze' | 'unfreeze' | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['agents'] })
  const freeze = async (data: FormData) => {
    const reason = textIn(data, 'reason')
    await api.guardrails.freeze({ agent_id: of.id, ...(reason && { reason }) })
    say('The agent signs nothing any more')
    setOpen(null)
    await refresh()
  }
  const unfreeze = async (data: FormData) => {
    await api.guardrails.unfreeze({ agent_id: of.id, auth_confirm: await proofFrom(data, 'agent.unfreeze') })
    say('The agent may sign again')
    setOpen(null)
    await refresh()
  }
  const allow = async () => {
    await api.agents.update({ agent_id: of.id, intents_api_enabled: true })
    await refresh()
  }
  if (!of.intents_api_enabled) {
    return (
      <Note>
        <div className="row spread">
          <span>This agent may not sign. Its limits hold from the moment when it may.</span>
          <Button act={() => allow()}>Allow signing</Button>
        </div>
      </Note>
    )
  }
  return (
    <div className="row spread card">
      <span className="row">
        Signing
        {of.signing_frozen ? <State tone="bad">frozen</State> : <State tone="good">within its limits</State>}
        {of.enforcement === 'log' && <State tone="warn">limits are only logged</State>}
      </span>
      {of.signing_frozen ? (
        <Button icon="check" onClick={() => setOpen('unfreeze')}>
          End the freeze
        </Button>
      ) : (
        <Button look="danger" icon="stop" onClick={() => setOpen('freeze')}>
          Freeze signing
        </Button>
      )}
      <Dialog title="Freeze signing" open={open === 'freeze'} onClose={() => setOpen(null)}>
        <Form onSend={freeze} button="Freeze it now" look="danger" onCancel={() => setOpen(null)}>
          <p>It signs nothing from now on, on every server. It can still read what its policies allow.</p>
          <AreaField name="reason" label="Why" rows={2} hint="Optional. Others see it." />
        </Form>
      </Dialog>
      <Dialog title="End the freeze" open={open === 'unfreeze'} onClose={() => setOpen(null)}>
        <Form onSend={unfreeze} button="End the freeze" onCancel={() => setOpen(null)}>
          <ProofFields purpose="agent.unfreeze" />
        </Form>
      </Dialog>
    </div>
  )
}

interface Tried {
  readonly chain: string
  readonly to: string
  readonly value: string
}

/** What is left, and what every rule would say of a payment. Nothing is signed. */
function Budgets({ agentId }: { readonly agentId: string }) {
  const keys = useQuery(signingKeys(agentId)).data?.filter(({ is_active }) => is_active) ?? []
  const known = useQuery(chains).data ?? []
  const usable = known.filter(({ name, chain_id }) =>
    keys.some(({ chain }) => chain === (chain_id > 0 ? 'ethereum' : name)),
  )
  const [chain, setChain] = useState('')
  const [tried, tryOut] = useState<Omit<Tried, 'chain'>>({ to: '', value: '' })
  const chosen = usable.find(({ name }) => name === chain) ?? usable[0]
  const own = keys.find((one) => chosen && one.chain === (chosen.chain_id > 0 ? 'ethereum' : chosen.name))
  if (!chosen || !own) {
    return (
      <Section title="Budgets">
        <p className="quiet">The budgets appear once the agent has a signing key.</p>
      </Section>
    )
  }
  const asked = { chain: chosen.name, to: tried.to || own.address, value: tried.value || '0' }
  return (
    <Section title="Budgets and a payment to try">
      <div className="card stack">
        <div className="form-row">
          <ChoiceField
            name="chain"
            label="Chain"
            value={chosen.name}
            onChange={(event) => setChain(event.target.value)}
            choices={usable.map(({ name, display_name }) => [name, display_name] as const)}
          />
          <TextField
            name="to"
            label="Recipient"
            mono
            placeholder={own.address}
            value={tried.to}
            onChange={(event) => tryOut({ ...tried, to: event.target.value.trim() })}
          />
          <TextField
            name="value"
            label={`Amount in ${chosen.native_currency}`}
            inputMode="decimal"
            placeholder="0.1"
            value={tried.value}
            onChange={(event) => tryOut({ ...tried, value: event.target.value.trim() })}
          />
        </div>
        <Explained agentId={agentId} tried={asked} isTyped={tried.value !== ''} currency={chosen.native_currency} />
      </div>
    </Section>
  )
}

interface ExplainedProps {
  readonly agentId: string
  readonly tried: Tried
  /** Without an amount, only the budgets are shown. */
  readonly isTyped: boolean
  readonly currency: string
}

const outcomes = {
  allowed: ['good', 'It would be signed.'],
  logged: ['warn', 'A rule refuses it, and limits are only logged.'],
  refused: ['bad', 'It would be refused.'],
  needs_approval: ['warn', 'A person would be asked first.'],
} as const

function Explained({ agentId, tried, isTyped, currency }: ExplainedProps) {
  const asked = useQuery({
    queryKey: ['agents', agentId, 'explain', tried],
    queryFn: () => api.intents.explain({ agent_id: agentId, ...tried }),
    placeholderData: keepPreviousData,
  })
  if (asked.error) return <ProblemText error={asked.error} />
  return (
    <Answer of={asked}>
      {({ outcome, verdicts, budgets }) => (
        <>
          <div aria-live="polite">
            {isTyped ? (
              <State tone={outcomes[outcome][0]}>{outcomes[outcome][1]}</State>
            ) : (
              <p className="quiet">Enter an amount to see what the limits say.</p>
            )}
          </div>
          {budgets.length > 0 && (
            <div className="stack tight">
              {budgets.map((one) => (
                <Budget key={`${one.rule} ${one.within}`} of={one} currency={currency} />
              ))}
            </div>
          )}
          {verdicts.length === 0 ? (
            <p className="quiet">No limit has anything to check. The agent may sign any amount to any address.</p>
          ) : (
            isTyped && (
              <ul className="stack tight">
                {verdicts.map(({ rule, allowed, reason }) => (
                  <li key={`${rule} ${reason}`} className="row">
                    <State tone={allowed ? 'good' : 'bad'}>{allowed ? 'kept' : 'broken'}</State>
                    <span>{limitName(rule)}</span>
                    <span className="quiet grow wrap">{reason}</span>
                  </li>
                ))}
              </ul>
            )
          )}
        </>
      )}
    </Answer>
  )
}

interface BudgetOf {
  readonly rule: string
  readonly within: string
  readonly limit: string | number
  readonly used: string | number
  readonly left: string | number
}

function Budget({
  of: { rule, within, limit, used, left },
  currency,
}: {
  readonly of: BudgetOf
  readonly currency: string
}) {
  const unit = typeof limit === 'number' ? '' : rule === 'tx_daily_limit_usd' ? ' USD' : ` ${currency}`
  return (
    <Meter label={within ? `${limitName(rule)}, ${within}` : limitName(rule)} used={Number(used)} limit={Number(limit)}>
      {left} of {limit}
      {unit} left
    </Meter>
  )
}

function Revisions({ agentId }: { readonly agentId: string }) {
  const nameOf = useNames()
  const { data } = useQuery({
    queryKey: ['agents', agentId, 'revisions'],
    queryFn: async () => (await api.guardrails.revisions({ agent_id: agentId, limit: 50 })).revisions,
  })
  if (!data || data.length === 0) return null
  return (
    <Section title="Changes of limits">
      <Table
        label="Changes of limits"
        rows={data}
        keyOf={({ id }) => id}
        columns={[
          { title: 'When', cell: ({ changed_at }) => <Time at={changed_at} /> },
          { title: 'Who', cell: ({ changed_by }) => nameOf(changed_by) },
          { title: 'Agreed', cell: ({ approved_by }) => (approved_by ? nameOf(approved_by) : '') },
          {
            title: 'What',
            cell: ({ changes }) => <span className="wrap">{Object.keys(changes).map(limitName).join(', ')}</span>,
          },
        ]}
      />
    </Section>
  )
}
