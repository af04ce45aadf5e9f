import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { policies, unusedGrants } from '../asked.ts'
import { Answer, Button, Confirm, Note, Section, State, say, Table, Time } from '../components/index.ts'
import { useNames } from './names.ts'
import { EffectOf } from './policy-editor.tsx'

interface Grant {
  readonly policy_id: string
  readonly principal_id: string
  readonly secret_path_pattern: string
  readonly unused: readonly string[]
  readonly last_used_at?: string | undefined
}

/** What agents may do and did not do for a month, with a button that takes it away. */
export function UnusedGrants({ vaultId }: { readonly vaultId: string }) {
  const [taken, take] = useState<Grant | null>(null)
  const found = useQuery(unusedGrants(vaultId))
  return (
    <Section title="Unused for a month">
      <div className="row">
        <Button busy={found.isFetching} onClick={() => void found.refetch()}>
          Find unused grants
        </Button>
        <span className="quiet">You can remove permissions that no agent used for a month.</span>
      </div>
      {(found.data || found.error) && (
        <Answer of={found}>
          {({ grants, is_partial }) => (
            <>
              {grants.length === 0 ? (
                <p className="quiet">Agents used every permission that is older than a month.</p>
              ) : (
                <Grants grants={grants} onTake={take} />
              )}
              {is_partial && (
                <Note tone="warn">
                  Some agents have more events than one answer reads. Nothing is said about them here. The page Audit
                  shows their events.
                </Note>
              )}
            </>
          )}
        </Answer>
      )}
      {taken && <TakeAway vaultId={vaultId} grant={taken} onClose={() => take(null)} />}
    </Section>
  )
}

/** A part of its own: names are read only when there is something to name. */
function Grants({ grants, onTake }: { readonly grants: readonly Grant[]; readonly onTake: (grant: Grant) => void }) {
  const nameOf = useNames()
  return (
    <Table
      label="Unused grants"
      rows={grants}
      keyOf={({ policy_id }) => policy_id}
      columns={[
        { title: 'Agent', cell: ({ principal_id }) => nameOf(principal_id) },
        { title: 'Paths', cell: ({ secret_path_pattern }) => <code>{secret_path_pattern}</code> },
        { title: 'Unused', cell: ({ unused }) => <State tone="warn">{unused.join(', ')}</State> },
        {
          title: 'Rest last used',
          cell: ({ last_used_at }) => (last_used_at ? <Time at={last_used_at} /> : 'never'),
        },
        {
          title: '',
          className: 'end',
          cell: (grant) => (
            <Button look="quiet" onClick={() => onTake(grant)}>
              Take away
            </Button>
          ),
        },
      ]}
    />
  )
}

interface TakeAwayProps {
  readonly vaultId: string
  readonly grant: Grant
  readonly onClose: () => void
}

/** Shows what the agent loses, and then changes or deletes the policy. */
function TakeAway({ vaultId, grant, onClose }: TakeAwayProps) {
  const cache = useQueryClient()
  const nameOf = useNames()
  const { policy_id, principal_id, secret_path_pattern, unused } = grant
  const known = useQuery(policies(vaultId))
  const policy = known.data?.find(({ id }) => id === policy_id)
  const kept = policy?.permissions.filter((one) => !unused.includes(one))
  const takeAway = async () => {
    // Without the policy, nothing says which permissions stay.
    if (!kept) return
    const place = { vault_id: vaultId, policy_id }
    await (kept.length > 0 ? api.policies.update({ ...place, permissions: kept }) : api.policies.delete(place))
    say(`${nameOf(principal_id)} has less access`)
    cache.setQueryData(unusedGrants(vaultId).queryKey, (found) => found && without(found, policy_id))
    await cache.invalidateQueries({ queryKey: ['policies'] })
  }
  return (
    <Confirm
      title="Take the permission away"
      open
      onClose={onClose}
      button="Take it away"
      disabled={kept === undefined}
      onConfirm={takeAway}
    >
      <p>
        {nameOf(principal_id)} may no longer {unused.join(', ')} <code>{secret_path_pattern}</code>.{' '}
        {kept && (kept.length > 0 ? `The policy still allows ${kept.join(', ')}.` : 'The policy is deleted.')}
      </p>
      <Answer of={known}>{() => (policy ? null : <Note tone="warn">The policy does not exist any more.</Note>)}</Answer>
      {kept && <EffectOf vaultId={vaultId} change={{ policy_id, ...(kept.length > 0 && { permissions: kept }) }} />}
    </Confirm>
  )
}

function without<T extends { readonly grants: readonly Grant[] }>(found: T, policyId: string): T {
  return { ...found, grants: found.grants.filter(({ policy_id }) => policy_id !== policyId) }
}
