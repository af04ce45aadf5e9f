import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { type KnownAgent, routerKeys } from '../asked.ts'
import {
  Button,
  CheckField,
  ChoiceField,
  Confirm,
  Form,
  List,
  Section,
  ShownOnce,
  say,
  TextField,
  Time,
  textIn,
  timeIn,
} from '../components/index.ts'
import { TryInspection } from './try-inspection.tsx'

/** What Shroud does with the requests of an agent to models, a box to try it, and the keys of tools. */
export function AgentShroud({ of }: { readonly of: KnownAgent }) {
  return (
    <div className="stack loose">
      <Settings key={of.id} of={of} />
      <Section title="Try it">
        <TryInspection />
      </Section>
      <Section title="Router keys">
        <RouterKeys agentId={of.id} />
      </Section>
    </div>
  )
}

type Config = Readonly<Record<string, unknown>>

function Settings({ of }: { readonly of: KnownAgent }) {
  const cache = useQueryClient()
  const config: Config = of.shroud_config ?? {}
  const text = (name: string) => (config[name] === undefined ? '' : String(config[name]))
  const words = (name: string) => (Array.isArray(config[name]) ? config[name].join(', ') : '')
  const save = async (data: FormData) => {
    await api.agents.update({
      agent_id: of.id,
      shroud_enabled: data.has('shroud_enabled'),
      shroud_config: configIn(data) as NonNullable<KnownAgent['shroud_config']>,
    })
    say('The settings of Shroud are stored')
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  return (
    <div className="card">
      <Form onSend={save} button="Save">
        <CheckField
          name="shroud_enabled"
          label="The agent calls models through Shroud."
          hint="Shroud keeps secrets out of prompts and inspects prompts and answers."
          defaultChecked={of.shroud_enabled}
        />
        <div className="form-row">
          <ChoiceField
            name="pii_policy"
            label="Personal data"
            defaultValue={text('pii_policy')}
            choices={[
              ['', 'Default'],
              ['block', 'Block'],
              ['redact', 'Redact'],
              ['warn', 'Warn'],
              ['allow', 'Allow'],
            ]}
          />
          <ChoiceField
            name="sanitization_mode"
            label="What is found"
            defaultValue={text('sanitization_mode')}
            choices={[
              ['', 'Default'],
              ['block', 'Block the request'],
              ['surgical', 'Take it out'],
              ['log_only', 'Only log it'],
            ]}
          />
          <TextField
            name="injection_threshold"
            label="Injection score that blocks"
            type="number"
            min={0}
            max={1}
            step={0.05}
            defaultValue={text('injection_threshold')}
            hint="From 0 to 1. Lower blocks more. Empty: the default."
          />
        </div>
        <div className="form-row">
          <TextField
            name="max_requests_per_day"
            label="Requests in a day"
            type="number"
            min={0}
            defaultValue={text('max_requests_per_day')}
            hint="Empty: any number."
          />
          <TextField
            name="daily_budget_usd"
            label="US dollars in a day"
            type="number"
            min={0}
            step={0.01}
            defaultValue={text('daily_budget_usd')}
            hint="Empty: no budget."
          />
          <TextField
            name="flagged_request_retention_days"
            label="Keep flagged requests"
            type="number"
            min={0}
            max={365}
            defaultValue={text('flagged_request_retention_days')}
            hint="Days, for review. Empty: they are not kept."
          />
        </div>
        <div className="form-row">
          <TextField
            name="allowed_providers"
            label="Providers"
            defaultValue={words('allowed_providers')}
            placeholder="openai, anthropic"
            hint="Separated by commas. Empty: any."
          />
          <TextField
            name="allowed_models"
            label="Models"
            defaultValue={words('allowed_models')}
            hint="Separated by commas. Empty: any."
          />
        </div>
      </Form>
    </div>
  )
}

/** Null removes a setting, so that its default applies. */
function configIn(data: FormData) {
  const one = (name: string) => textIn(data, name) ?? null
  const number = (name: string) => (one(name) === null ? null : Number(one(name)))
  const list = (name: string) =>
    one(name)
      ?.split(/[\s,]+/)
      .filter(Boolean) ?? null
  return {
    ...{ pii_policy: one('pii_policy'), sanitization_mode: one('sanitization_mode') },
    ...{ injection_threshold: number('injection_threshold'), daily_budget_usd: number('daily_budget_usd') },
    max_requests_per_day: number('max_requests_per_day'),
    flagged_request_retention_days: number('flagged_request_retention_days'),
    ...{ allowed_providers: list('allowed_providers'), allowed_models: list('allowed_models') },
  }
}

function RouterKeys({ agentId }: { readonly agentId: string }) {
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [revoked, revoke] = useState<{ id: string; name: string } | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['agents', agentId, 'router-keys'] })
  const create = async (data: FormData) => {
    const [provider, cap] = [textIn(data, 'provider'), textIn(data, 'spend_cap_usd')]
    const { key } = await api.shroud.createRouterKey({
      ...{ agent_id: agentId, name: textIn(data, 'name') ?? '' },
      ...(provider && { provider }),
      ...(cap && { spend_cap_usd: Number(cap) }),
      expires_at: timeIn(data, 'expires_at'),
    })
    setMade(key.reveal())
    await refresh()
  }
  const onOpen = (isOpen: boolean) => {
    setOpen(isOpen)
    setMade(null)
  }
  return (
    <>
      <List
        label="Router keys"
        of={useQuery(routerKeys(agentId))}
        keyOf={({ id }) => id}
        empty={{
          icon: 'key',
          title: 'No router key yet',
          text: 'Tools that know only a base URL and a key call models through Shroud with a router key. Each can have a limit of its own.',
        }}
        creating={{
          ...{ title: 'New router key', open, onOpen },
          form:
            made === null ? (
              <Form onSend={create} button="Create the key" onCancel={() => onOpen(false)}>
                <TextField name="name" label="Name" required placeholder="editor" />
                <div className="form-row">
                  <TextField name="provider" label="Provider" placeholder="openai" hint="Empty: any." />
                  <TextField
                    name="spend_cap_usd"
                    label="US dollars in all"
                    type="number"
                    min={0}
                    step={0.01}
                    hint="Empty: no limit."
                  />
                  <TextField name="expires_at" label="Expires" type="date" />
                </div>
              </Form>
            ) : (
              <ShownOnce value={made} what="Key" />
            ),
        }}
        columns={[
          { title: 'Name', cell: ({ name }) => <span className="wrap">{name}</span> },
          { title: 'Key', cell: ({ key_prefix }) => <code>{key_prefix}…</code> },
          { title: 'Provider', cell: ({ provider }) => provider ?? <span className="quiet">any</span> },
          {
            title: 'Spent',
            cell: ({ spent_usd, spend_cap_usd }) =>
              `$${spent_usd.toFixed(2)}${spend_cap_usd === undefined ? '' : ` of $${spend_cap_usd.toFixed(2)}`}`,
          },
          {
            title: 'Expires',
            cell: ({ expires_at }) => (expires_at ? <Time at={expires_at} /> : <span className="quiet">never</span>),
          },
          {
            title: '',
            className: 'end',
            cell: ({ id, name }) => (
              <Button look="quiet" onClick={() => revoke({ id, name })}>
                Revoke
              </Button>
            ),
          },
        ]}
      />
      <Confirm
        title={`Revoke ${revoked?.name ?? ''}`}
        open={revoked !== null}
        onClose={() => revoke(null)}
        button="Revoke the key"
        onConfirm={async () => {
          await api.shroud.revokeRouterKey({ agent_id: agentId, key_id: revoked?.id ?? '' })
          await refresh()
        }}
      >
        <p>Tools that use it get no answer from then on.</p>
      </Confirm>
    </>
  )
}
