import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { approvals } from '../asked.ts'
import { Answer, Empty, Page } from '../components/index.ts'
import { ApprovalCard } from './approval-card.tsx'
import { AskingAgents } from './asking-agents.tsx'
import { PageTabs } from './page-tabs.tsx'

const views = [
  ['waiting', 'Waiting'],
  ['decided', 'Decided'],
] as const

/** The requests of agents and colleagues to this user. The page polls for new requests while it is open. */
export function ApprovalsPage() {
  const { view = 'waiting' } = useSearch({ from: '/approvals' })
  const asked = useQuery({ ...approvals, refetchInterval: 15_000 })
  return (
    <Page
      title="Approvals"
      lead="What needs a person. Nothing happens before you decide, and each request ends on its own."
    >
      <AskingAgents />
      <PageTabs label="Requests" tabs={views} chosen={view} field="view">
        <Answer of={asked}>
          {(all) => {
            const shown = all.filter(({ status }) => (status === 'pending') === (view === 'waiting'))
            return (
              <section aria-label="Requests" tabIndex={-1} data-focus="section">
                {shown.length === 0 ? (
                  <Nothing isWaiting={view === 'waiting'} />
                ) : (
                  <ul className="stack">
                    {shown.map((one) => (
                      <li key={one.id}>
                        <ApprovalCard of={one} />
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            )
          }}
        </Answer>
      </PageTabs>
    </Page>
  )
}

function Nothing({ isWaiting }: { readonly isWaiting: boolean }) {
  return (
    <div className="card">
      {isWaiting ? (
        <Empty icon="check" title="Nothing waits for you">
          Payments over a limit, changes that allow more and requests of agents appear here. Each shows everything that
          would happen.
        </Empty>
      ) : (
        <Empty icon="audit" title="Nothing was decided yet">
          Decisions stay here, with who made them.
        </Empty>
      )}
    </div>
  )
}
