import type { Policy, PolicyConditions, PolicyPermission, PreviewPolicyInput } from '@pawl/core/client'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { api } from '../api.ts'
import { agents, members } from '../asked.ts'
import {
  CheckField,
  ChoiceField,
  Form,
  Icon,
  Note,
  ProblemText,
  State,
  say,
  TextField,
  timeIn,
} from '../components/index.ts'

const permissions: readonly PolicyPermission[] = ['read', 'write', 'delete', 'rotate']

interface PolicyEditorProps {
  readonly vaultId: string
  /** The policy to change. Null: a new one. */
  readonly policy: Policy | null
  readonly onClose: () => void
}

interface Draft {
  readonly pattern: string
  readonly principal: string
  readonly permissions: readonly PolicyPermission[]
  readonly effect: 'allow' | 'deny'
  readonly priority: number
  /** Lists, with commas between their entries. */
  readonly addresses: string
  readonly environments: string
}

/** A policy, with what its pattern matches and what the change gives and takes away while it is typed. */
export function PolicyEditor({ vaultId, policy, onClose }: PolicyEditorProps) {
  const cache = useQueryClient()
  const [draft, setDraft] = useState<Draft>({
    pattern: policy?.secret_path_pattern ?? '**',
    principal: policy ? `${policy.principal_type} ${policy.principal_id}` : '',
    permissions: policy?.permissions ?? ['read'],
    effect: policy?.effect ?? 'allow',
    priority: policy?.priority ?? 0,
    addresses: policy?.conditions.ip_allowlist?.join(', ') ?? '',
    environments: [policy?.conditions.environment_in ?? []].flat().join(', '),
  })
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const [principal_type, principal_id] = draft.principal.split(' ') as ['user' | 'agent', string | undefined]
  const { permissions: chosen, effect, priority } = draft
  const rule = { permissions: chosen, effect, priority, conditions: conditionsOf(policy, draft) }
  const principal = principal_id ? { principal_type, principal_id } : {}
  const preview: Change = policy
    ? { policy_id: policy.id, ...rule }
    : { secret_path_pattern: draft.pattern, ...principal, ...rule }
  const send = async (data: FormData) => {
    const given = { ...rule, expires_at: timeIn(data, 'expires_at') ?? null }
    if (policy) {
      await api.policies.update({ vault_id: vaultId, policy_id: policy.id, ...given })
    } else {
      await api.policies.create({
        vault_id: vaultId,
        secret_path_pattern: draft.pattern,
        principal_type,
        principal_id: principal_id ?? '',
        ...given,
      })
    }
    say(policy ? 'The policy is changed' : 'The policy is stored')
    await cache.invalidateQueries({ queryKey: ['policies'] })
    onClose()
  }
  return (
    <Form onSend={send} button={policy ? 'Save' : 'Create the policy'} onCancel={onClose}>
      <div className="form-row">
        {policy ? (
          <p className="quiet">
            The paths <code>{policy.secret_path_pattern}</code> and the principal cannot change. Another pattern is
            another policy.
          </p>
        ) : (
          <>
            <PrincipalField value={draft.principal} onChange={(next) => change({ principal: next })} />
            <TextField
              name="secret_path_pattern"
              label="Paths"
              mono
              required
              value={draft.pattern}
              onChange={(event) => change({ pattern: event.target.value })}
              hint="* is one segment, ** any number."
            />
          </>
        )}
      </div>
      <fieldset className="permissions">
        <legend className="label">May</legend>
        <div className="row">
          {permissions.map((name) => (
            <CheckField
              key={name}
              name={name}
              label={name}
              checked={draft.permissions.includes(name)}
              onChange={({ target: { checked } }) =>
                change({
                  permissions: permissions.filter((one) => (one === name ? checked : draft.permissions.includes(one))),
                })
              }
            />
          ))}
        </div>
        <p className="hint">Write includes delete and rotate.</p>
      </fieldset>
      <div className="form-row">
        <ChoiceField
          name="effect"
          label="Effect"
          value={draft.effect}
          onChange={(event) => change({ effect: event.target.value === 'deny' ? 'deny' : 'allow' })}
          choices={[
            ['allow', 'Allow'],
            ['deny', 'Deny'],
          ]}
        />
        <TextField
          name="priority"
          label="Priority"
          type="number"
          min={0}
          value={draft.priority}
          onChange={(event) => change({ priority: Number(event.target.value) })}
          hint="The highest decides."
        />
        <TextField name="expires_at" label="Expires" type="date" defaultValue={policy?.expires_at?.slice(0, 10)} />
      </div>
      <div className="form-row">
        <TextField
          name="ip_allowlist"
          label="Only from addresses"
          mono
          placeholder="10.0.0.0/8, 2001:db8::/32"
          value={draft.addresses}
          onChange={(event) => change({ addresses: event.target.value })}
        />
        <TextField
          name="environment_in"
          label="Only in environments"
          placeholder="production, staging"
          value={draft.environments}
          onChange={(event) => change({ environments: event.target.value })}
        />
      </div>
      <EffectOf vaultId={vaultId} change={preview} />
    </Form>
  )
}

/** The conditions of the form. Those that it does not show stay as they are. */
function conditionsOf(policy: Policy | null, { addresses, environments }: Draft): PolicyConditions {
  const { ip_allowlist: _, environment_in: __, ...others } = policy?.conditions ?? {}
  const [from, within] = [entriesIn(addresses), entriesIn(environments)]
  return {
    ...others,
    ...(from.length > 0 && { ip_allowlist: from }),
    ...(within.length > 0 && { environment_in: within }),
  }
}

function entriesIn(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}

function PrincipalField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const knownAgents = useQuery(agents).data ?? []
  const knownMembers = useQuery(members).data ?? []
  return (
    <ChoiceField
      name="principal_id"
      label="Who"
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
      choices={[
        ['', 'Choose an agent or a member'],
        ...knownAgents.map(({ id, name }) => [`agent ${id}`, `${name} (agent)`] as const),
        ...knownMembers.map(({ id, email, display_name }) => [`user ${id}`, display_name || email] as const),
      ]}
    />
  )
}

type Change = Omit<PreviewPolicyInput, 'vault_id'>

/** What a change of policy matches, gives and takes away, before it is stored. */
export function EffectOf({ vaultId, change }: { readonly vaultId: string; readonly change: Change }) {
  const asked = useDeferredValue(JSON.stringify(change))
  const { data, error } = useQuery({
    queryKey: ['policies', vaultId, 'preview', asked],
    queryFn: ({ signal }) => api.policies.preview({ vault_id: vaultId, ...(JSON.parse(asked) as Change) }, { signal }),
    placeholderData: keepPreviousData,
    enabled: change.permissions === undefined || (change.permissions?.length ?? 0) > 0,
  })
  if (change.permissions?.length === 0) return <Note tone="warn">Choose at least one permission.</Note>
  if (error) return <ProblemText error={error} />
  if (!data) return null
  const { matches, secrets, paths, gained, lost, is_partial } = data
  const isSame = gained.length + lost.length === 0
  const isForNobody = !change.policy_id && !change.principal_id
  return (
    <section className="note stack tight" aria-label="Effect" aria-live="polite">
      <p>
        The pattern matches <strong>{matches.toLocaleString('en')}</strong> of {secrets.toLocaleString('en')} secrets
        {paths.length > 0 && (
          <span className="quiet wrap">
            : {paths.slice(0, 5).join(', ')}
            {matches > 5 && ' …'}
          </span>
        )}
      </p>
      <ul className="stack tight">
        {gained.map(({ permission, count, paths }) => (
          <EffectLine
            key={`+${permission}`}
            sign="plus"
            tone="good"
            what={`gains ${permission}`}
            {...{ count, paths }}
          />
        ))}
        {lost.map(({ permission, count, paths }) => (
          <EffectLine
            key={`-${permission}`}
            sign="cross"
            tone="bad"
            what={`loses ${permission}`}
            {...{ count, paths }}
          />
        ))}
      </ul>
      {isSame && (
        <p className="quiet">
          {isForNobody
            ? 'Choose an agent or a member to see the effect.'
            : 'This does not change any current permission.'}
        </p>
      )}
      {is_partial && <p className="quiet">The vault has more secrets than were looked at.</p>}
    </section>
  )
}

interface EffectLineProps {
  readonly sign: 'plus' | 'cross'
  readonly tone: 'good' | 'bad'
  readonly what: string
  readonly count: number
  readonly paths: readonly string[]
}

function EffectLine({ sign, tone, what, count, paths }: EffectLineProps) {
  return (
    <li className="row">
      <Icon name={sign} />
      <State tone={tone}>{what}</State>
      <span className="grow wrap">
        {count.toLocaleString('en')} {count === 1 ? 'secret' : 'secrets'}:{' '}
        <span className="quiet">{paths.slice(0, 4).join(', ')}</span>
      </span>
    </li>
  )
}
