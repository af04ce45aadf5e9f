import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { agents, approvals, firstSecrets, me, ownVaults } from '../asked.ts'
import { Answer, ButtonLink, Icon, Note, Page } from '../components/index.ts'
import { AskingAgents } from './asking-agents.tsx'
import { FirstRun } from './first-run.tsx'
import { RecentEvents } from './recent-events.tsx'

/** The start page: the first steps or, after they are done, an overview and the newest events. */
export function HomePage() {
  const asked = { vaults: useQuery(ownVaults), agents: useQuery(agents) }
  const own = asked.vaults.data
  const { data: person } = useQuery(me)
  const first = own?.[0]
  const inFirst = useQuery({ ...firstSecrets(first?.id ?? ''), enabled: first !== undefined })
  const isNew =
    own?.length === 0 || asked.agents.data?.length === 0 || (own?.length === 1 && inFirst.data?.length === 0)
  // The last step shows a key that is shown only once, so the steps stay until the person leaves them.
  const [inSteps, setInSteps] = useState(false)
  useEffect(() => {
    if (isNew) setInSteps(true)
  }, [isNew])
  const greeting = person?.display_name ? `Hello, ${person.display_name}` : 'Home'
  return (
    <Page title={inSteps ? 'Three steps to the first secret' : greeting}>
      <AskingAgents />
      <Requests />
      <Answer of={asked.vaults}>
        {() => (
          <Answer of={asked.agents}>
            {(knownAgents) =>
              isNew || inSteps ? (
                <FirstRun
                  vault={first ?? null}
                  secrets={inFirst.data ?? []}
                  agent={knownAgents[0] ?? null}
                  onDone={() => setInSteps(false)}
                />
              ) : (
                <>
                  <div className="numbers">
                    <NumberLink to="/vaults" count={own?.length ?? 0} what={own?.length === 1 ? 'vault' : 'vaults'} />
                    <NumberLink
                      to="/agents"
                      count={knownAgents.length}
                      what={knownAgents.length === 1 ? 'agent' : 'agents'}
                    />
                    <NumberLink
                      to="/agents"
                      count={stopped(knownAgents)}
                      what={stopped(knownAgents) === 1 ? 'stopped agent' : 'stopped agents'}
                    />
                  </div>
                  <RecentEvents />
                </>
              )
            }
          </Answer>
        )}
      </Answer>
    </Page>
  )
}

const stopped = (all: readonly { readonly is_active: boolean }[]) => all.filter(({ is_active }) => !is_active).length

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
