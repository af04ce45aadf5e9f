import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { policies } from '../asked.ts'
import {
  Answer,
  Button,
  Confirm,
  Dialog,
  Empty,
  Icon,
  isPast,
  SearchedTable,
  State,
  Time,
} from '../components/index.ts'
import { useNames } from './names.ts'
import { EffectOf, PolicyEditor } from './policy-editor.tsx'
import { Toolbar } from './toolbar.tsx'

/** The policies of a vault, and what changing or deleting one does. */
export function PolicyList({ vaultId }: { readonly vaultId: string }) {
  const asked = useQuery(policies(vaultId))
  const cache = useQueryClient()
  const nameOf = useNames()
  const [edited, edit] = useState<string | 'new' | null>(null)
  const [deleted, setDeleted] = useState<string | null>(null)
  const gone = asked.data?.find(({ id }) => id === deleted)
  const remove = async () => {
    await api.policies.delete({ vault_id: vaultId, policy_id: deleted ?? '' })
    await cache.invalidateQueries({ queryKey: ['policies'] })
  }
  const button = (
    <Button look="primary" icon="plus" onClick={() => edit('new')}>
      New policy
    </Button>
  )
  return (
    <Answer of={asked}>
      {(all) => (
        <div className="stack" data-focus=".table-frame">
          {all.length === 0 ? (
            <div className="card">
              <Empty icon="policy" title="No policy yet" action={button}>
                Only the owner of the vault can read its secrets. A policy lets an agent or a member in, for the paths
                and the time that you choose.
              </Empty>
            </div>
          ) : (
            <>
              <Toolbar>{button}</Toolbar>
              <SearchedTable
                label="Policies"
                rows={all}
                searchIn={({ principal_id, secret_path_pattern }) => `${nameOf(principal_id)} ${secret_path_pattern}`}
                keyOf={({ id }) => id}
                columns={[
                  {
                    title: 'Who',
                    cell: ({ principal_type, principal_id }) => (
                      <span className="row nowrap">
                        <Icon name={principal_type === 'agent' ? 'agent' : 'person'} />
                        {nameOf(principal_id)}
                      </span>
                    ),
                  },
                  {
                    title: 'Rule',
                    cell: ({ effect = 'allow', permissions, is_accepted, expires_at }) => (
                      <span className="row">
                        <State tone={effect === 'allow' ? 'good' : 'bad'}>{effect}</State>
                        {permissions.join(', ')}
                        {is_accepted === false && <State tone="warn">not accepted</State>}
                        {isPast(expires_at) && <State tone="warn">expired</State>}
                      </span>
                    ),
                  },
                  { title: 'Paths', cell: ({ secret_path_pattern }) => <code>{secret_path_pattern}</code> },
                  {
                    title: 'Conditions',
                    cell: ({ conditions, priority, expires_at }) => (
                      <span className="quiet row">
                        {Object.keys(conditions).join(', ').replaceAll('_', ' ')}
                        {priority !== undefined && ` priority ${priority}`}
                        {expires_at && !isPast(expires_at) && (
                          <>
                            until <Time at={expires_at} />
                          </>
                        )}
                      </span>
                    ),
                  },
                  {
                    title: '',
                    className: 'end',
                    cell: ({ id }) => (
                      <>
                        <Button look="quiet" onClick={() => edit(id)}>
                          Edit
                        </Button>
                        <Button look="quiet" onClick={() => setDeleted(id)}>
                          Delete
                        </Button>
                      </>
                    ),
                  },
                ]}
              />
            </>
          )}
          <Dialog
            title={edited === 'new' ? 'New policy' : 'Edit the policy'}
            wide
            open={edited !== null}
            onClose={() => edit(null)}
          >
            <PolicyEditor
              vaultId={vaultId}
              policy={all.find(({ id }) => id === edited) ?? null}
              onClose={() => edit(null)}
            />
          </Dialog>
          <Confirm
            title="Delete the policy"
            open={deleted !== null}
            onClose={() => setDeleted(null)}
            button="Delete the policy"
            onConfirm={remove}
          >
            <p>
              It is the policy of {nameOf(gone?.principal_id ?? '')} for <code>{gone?.secret_path_pattern}</code>.
              Tokens in use lose its permissions at once.
            </p>
            {deleted !== null && <EffectOf vaultId={vaultId} change={{ policy_id: deleted }} />}
          </Confirm>
        </div>
      )}
    </Answer>
  )
}
