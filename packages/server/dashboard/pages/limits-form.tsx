import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import type { KnownAgent } from '../asked.ts'
import { AreaField, CheckField, ChoiceField, Form, Note, say, TextField, textIn } from '../components/index.ts'
import { limitName } from './limit-names.ts'

/** The most common limits. The API has more: by chain, by environment and by dollars. */
export function LimitsForm({ of }: { readonly of: KnownAgent }) {
  const cache = useQueryClient()
  const [proposed, propose] = useState<Limits | null>(null)
  const save = async (data: FormData) => {
    await api.agents.update({ agent_id: of.id, ...limitsIn(data) })
    say('The limits are stored')
    propose(null)
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  return (
    <div
      className="card"
      onChange={(event) => {
        const form = (event.target as HTMLElement).closest('form')
        if (form) propose(limitsIn(new FormData(form)))
      }}
    >
      <Form onSend={save} button="Save the limits">
        <div className="form-row">
          <Amount name="tx_max_value" label="Maximum per payment" value={of.tx_max_value} />
          <Amount name="tx_daily_limit" label="Maximum in 24 hours" value={of.tx_daily_limit} />
          <Amount name="tx_approval_above" label="Approval needed above" value={of.tx_approval_above} />
          <TextField
            name="tx_max_per_day"
            label="Transactions per day"
            type="number"
            min={0}
            defaultValue={of.tx_max_per_day ?? ''}
            hint="Empty: any number."
          />
        </div>
        <div className="form-row">
          <AreaField
            name="tx_to_allowlist"
            label="Recipients"
            mono
            rows={3}
            defaultValue={(of.tx_to_allowlist ?? []).join('\n')}
            hint="One address on each line. Empty: any."
          />
          <AreaField
            name="tx_allowed_chains"
            label="Chains"
            mono
            rows={3}
            defaultValue={(of.tx_allowed_chains ?? []).join('\n')}
            hint="One name on each line. Empty: any."
          />
        </div>
        <div className="form-row">
          <ChoiceField
            name="tx_new_recipients"
            label="An address that it has not paid before"
            defaultValue={of.tx_new_recipients ?? 'allow'}
            choices={[
              ['allow', 'may be paid'],
              ['approve', 'needs a person'],
              ['deny', 'is refused'],
            ]}
          />
          <ChoiceField
            name="enforcement"
            label="Enforcement"
            defaultValue={of.enforcement ?? 'enforce'}
            choices={[
              ['enforce', 'is refused'],
              ['log', 'is signed and logged'],
            ]}
          />
        </div>
        <CheckField
          name="tx_known_tokens_only"
          label="Only known tokens."
          hint="The operator lists them."
          defaultChecked={of.tx_known_tokens_only ?? false}
        />
        <CheckField
          name="message_signing_enabled"
          label="It may sign messages."
          hint="A message can be a permission to take tokens."
          defaultChecked={of.message_signing_enabled ?? false}
        />
        {proposed && <Replayed agentId={of.id} limits={proposed} />}
      </Form>
    </div>
  )
}

function Amount({
  name,
  label,
  value,
}: {
  readonly name: string
  readonly label: string
  readonly value: string | undefined
}) {
  return (
    <TextField
      name={name}
      label={label}
      inputMode="decimal"
      defaultValue={value ?? ''}
      hint="In the currency of the chain. Empty: no limit."
    />
  )
}

type Limits = ReturnType<typeof limitsIn>

function limitsIn(data: FormData) {
  const amount = (name: string) => textIn(data, name) ?? null
  const lines = (name: string) => {
    const all = (textIn(data, name) ?? '').split(/\s+/).filter(Boolean)
    return all.length > 0 ? all : null
  }
  const count = textIn(data, 'tx_max_per_day')
  return {
    tx_max_value: amount('tx_max_value'),
    tx_daily_limit: amount('tx_daily_limit'),
    tx_approval_above: amount('tx_approval_above'),
    tx_max_per_day: count === undefined ? null : Number(count),
    tx_to_allowlist: lines('tx_to_allowlist'),
    tx_allowed_chains: lines('tx_allowed_chains'),
    tx_new_recipients: textIn(data, 'tx_new_recipients') as 'allow' | 'approve' | 'deny',
    enforcement: textIn(data, 'enforcement') as 'enforce' | 'log',
    tx_known_tokens_only: data.has('tx_known_tokens_only'),
    message_signing_enabled: data.has('message_signing_enabled'),
  }
}

/** What the proposed limits would have done to what the agent asked for, before they are stored. */
function Replayed({ agentId, limits }: { readonly agentId: string; readonly limits: Limits }) {
  const { data } = useQuery({
    queryKey: ['agents', agentId, 'replay', limits],
    queryFn: () => api.guardrails.replay({ agent_id: agentId, guardrails: limits }),
    placeholderData: keepPreviousData,
  })
  if (!data || data.decisions === 0) return null
  const { decisions, would_refuse, would_allow, refused } = data
  return (
    <Note tone={would_refuse > 0 ? 'warn' : 'plain'}>
      <div className="stack tight" aria-live="polite">
        <p>
          Of the last {decisions} decisions, these limits would refuse {would_refuse} that were signed, and let{' '}
          {would_allow} through that were refused.
        </p>
        {refused.slice(0, 3).map(({ decided_at, rule = '', reason = '' }) => (
          <p key={`${decided_at} ${rule}`} className="hint wrap">
            {limitName(rule)}: {reason}
          </p>
        ))}
      </div>
    </Note>
  )
}
