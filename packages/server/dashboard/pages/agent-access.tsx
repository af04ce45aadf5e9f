import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { Answer, ButtonLink, Empty, Icon, Note, State } from '../components/index.ts'
import { useReasons } from './reason.ts'

/** What an agent can read, vault by vault. */
export function AgentAccess({ agentId }: { readonly agentId: string }) {
  const asked = useQuery({
    queryKey: ['policies', 'readable', agentId],
    queryFn: () => api.policies.readable({ principal_type: 'agent', principal_id: agentId }),
  })
  return (
    <Answer of={asked}>
      {({ vaults, is_partial }) =>
        vaults.length === 0 ? (
          <div className="card">
            <Empty icon="policy" title="It can read nothing" action={<ButtonLink to="/policies">Policies</ButtonLink>}>
              No policy of a vault that you manage names this agent. A policy says which paths it may read.
            </Empty>
          </div>
        ) : (
          <div className="stack">
            {vaults.map(({ vault_id, name, secrets, readable, paths, because }) => (
              <section key={vault_id} className="card stack" aria-label={name}>
                <div className="row spread">
                  <h2>
                    <Link
                      to="/vaults/$vaultId"
                      params={{ vaultId: vault_id }}
                      search={{ tab: 'policies' }}
                      className="link"
                    >
                      {name}
                    </Link>
                  </h2>
                  <State tone={readable === 0 ? 'plain' : 'good'}>
                    reads {readable.toLocaleString('en')} of {secrets.toLocaleString('en')}
                  </State>
                </div>
                {because && <Note tone="warn">{because}</Note>}
                {paths.length > 0 && (
                  <ul className="paths">
                    {paths.map((path) => (
                      <Readable key={path} vaultId={vault_id} agentId={agentId} path={path} />
                    ))}
                    {readable > paths.length && <li className="quiet">and {readable - paths.length} more</li>}
                  </ul>
                )}
              </section>
            ))}
            {is_partial && (
              <Note tone="warn">There is more than this page shows. The page Reach shows all of a vault.</Note>
            )}
          </div>
        )
      }
    </Answer>
  )
}

interface ReadableProps {
  readonly vaultId: string
  readonly agentId: string
  readonly path: string
}

/** A path that the agent can read. A click shows the rule that allows it. */
function Readable({ vaultId, agentId, path }: ReadableProps) {
  const [isOpen, setOpen] = useState(false)
  const reasonOf = useReasons(vaultId)
  const asked = useQuery({
    queryKey: ['policies', vaultId, 'explain', path, agentId, 'read'],
    queryFn: async () => {
      const principal = { principal_type: 'agent', principal_id: agentId } as const
      return (await api.policies.explain({ vault_id: vaultId, path, permission: 'read', ...principal })).answers
    },
    enabled: isOpen,
  })
  return (
    <li className="stack tight">
      <button type="button" className="path mono" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="right" /> {path}
      </button>
      {isOpen && (
        <Answer of={asked}>{(answers) => <p className="hint wrap">{reasonOf(answers[0]?.because ?? '')}</p>}</Answer>
      )}
    </li>
  )
}
