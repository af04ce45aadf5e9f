import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { agents, approvals, firstSecrets, me, ownVaults, vaults } from '../asked.ts'
import { Answer, ButtonLink, Icon, Note, Page } from '../components/index.ts'
import { AskingAgents } from './asking-agents.tsx'
import { FirstRun } from './first-run.tsx'
import { MemberStart } from './member-start.tsx'
import { RecentEvents } from './recent-events.tsx'

/** The start page: the first steps or, after they are done, an overview and the newest events. */
export function HomePage() {
  const asked = { vaults: useQuery(ownVaults), agents: useQuery(agents) }
  const visible = asked.vaults.data
  const person = useQuery(me)
  const self = person.data
  // A member sees vaults of others, which are no place for the first secret of the member.
  const isMember = self?.role === 'member'
  const own = isMember ? visible?.filter(({ created_by }) => created_by === self.id) : visible
  const isGuest = isMember && own?.length === 0
  const first = own?.[0]
  const inFirst = useQuery({ ...firstSecrets(first?.id ?? ''), enabled: first !== undefined })
  const isNew =
    self !== undefined &&
    !isGuest &&
    (own?.length === 0 || asked.agents.data?.length === 0 || (own?.length === 1 && inFirst.data?.length === 0))
  // The last step shows a key that is shown only once, so the steps stay until the person leaves them.
  const [inSteps, setInSteps] = useState(false)
  useEffect(() => {
    if (isNew) setInSteps(true)
  }, [isNew])
  const greeting = self?.display_name ? `Hello, ${self.display_name}` : 'Home'
  return (
    <Page title={inSteps ? 'Three steps to the first secret' : greeting}>
      <AskingAgents />
      <Requests />
      <Answer of={person}>
        {() => (
          <Answer of={asked.vaults}>
            {(all) => (
              <Answer of={asked.agents}>
                {(knownAgents) =>
                  isGuest ? (
                    <MemberStart shared={all} />
                  ) : isNew || inSteps ? (
                    <FirstRun
                      vault={first ?? null}
                      secrets={inFirst.data ?? []}
                      agent={knownAgents[0] ?? null}
                      onDone={() => setInSteps(false)}
                    />
                  ) : (
                    <Overview agents={knownAgents} />
                  )
                }
              </Answer>
            )}
          </Answer>
        )}
      </Answer>
    </Page>
  )
}

interface OverviewProps {
  readonly agents: readonly { readonly is_active: boolean }[]
}

function Overview({ agents: known }: OverviewProps) {
  // The linked page lists the vaults of the engine too.
  const listed = useQuery(vaults).data?.length ?? 0
  const stopped = known.filter(({ is_active }) => !is_active).length
  return (
    <>
      <div className="numbers">
        <NumberLink to="/vaults" count={listed} what={listed === 1 ? 'vault' : 'vaults'} />
        <NumberLink to="/agents" count={known.length} what={known.length === 1 ? 'agent' : 'agents'} />
        <NumberLink to="/agents" count={stopped} what={stopped === 1 ? 'stopped agent' : 'stopped agents'} />
      </div>
      <RecentEvents />
    </>
  )
}

function NumberLink({ to, count, what }: { readonly to: string; readonly count: number; readonly what: string }) {
  return (
    <Link to={to} className="number">
      <strong>{count.toLocaleString('en')}</strong>
      <span className="quiet">{what}</span>
    </Link>
  )
}

/** Requests that wait for a decision of this user. */
function Requests() {
  const waiting = useQuery(approvals).data?.filter(({ status }) => status === 'pending') ?? []
  if (waiting.length === 0) return null
  return (
    <Note tone="warn">
      <div className="row spread">
        <span>{waiting.length === 1 ? 'One request waits' : `${waiting.length} requests wait`} for your decision.</span>
        <ButtonLink to="/approvals">
          Approvals <Icon name="right" />
        </ButtonLink>
      </div>
    </Note>
  )
}
