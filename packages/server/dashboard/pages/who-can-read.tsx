import { useQuery } from '@tanstack/react-query'
import { api } from '../api.ts'
import { Answer, Icon, State, Table } from '../components/index.ts'
import { useNames } from './names.ts'
import { useReasons } from './reason.ts'

/** Everyone with a policy on a vault: whether they may read one path, and the rule that decides. */
export function WhoCanRead({ vaultId, path }: { readonly vaultId: string; readonly path: string }) {
  const asked = useQuery({
    queryKey: ['policies', vaultId, 'explain', path],
    queryFn: async () => (await api.policies.explain({ vault_id: vaultId, path, permission: 'read' })).answers,
  })
  const nameOf = useNames()
  const reasonOf = useReasons(vaultId)
  return (
    <Answer of={asked}>
      {(answers) => (
        <div className="stack">
          <p className="quiet">
            Current permissions, for requests from your address. Principals that are not in the list cannot read the
            secret.
          </p>
          <Table
            label="Who can read this"
            rows={[...answers].sort((one, other) => Number(other.allowed) - Number(one.allowed))}
            keyOf={({ principal_type, principal_id }) => `${principal_type} ${principal_id}`}
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
                title: 'Read',
                cell: ({ allowed }) => (
                  <State tone={allowed ? 'good' : 'bad'}>{allowed ? 'can read' : 'cannot read'}</State>
                ),
              },
              { title: 'Why', cell: ({ because }) => <span className="wrap">{reasonOf(because)}</span> },
            ]}
          />
        </div>
      )}
    </Answer>
  )
}
