import { useQuery } from '@tanstack/react-query'
import { enrolments } from '../asked.ts'
import { ButtonLink, Icon, Note } from '../components/index.ts'

/** Agents that wait for an answer of this user. */
export function AskingAgents() {
  const { data = [] } = useQuery(enrolments)
  if (data.length === 0) return null
  return (
    <Note tone="warn">
      <div className="row spread">
        <span>
          {data.length === 1 ? `The agent ${data[0]?.name} asks` : `${data.length} agents ask`} for access. Nothing is
          allowed before you answer.
        </span>
        <ButtonLink to="/agents">
          Look at it <Icon name="right" />
        </ButtonLink>
      </div>
    </Note>
  )
}
