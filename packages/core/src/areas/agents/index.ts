import { area } from '../../operations/index.ts'
import { passOn } from '../orgs/index.ts'
import { activityTask } from './activity.ts'
import { agentsAgentSettings } from './agent-settings.ts'
import { agentOperations } from './operations/index.ts'
import { agentKind } from './records.ts'
import { removeAgentsJob, removeLockedAgents } from './remove.ts'

export { type AgentPermission, agentAt, agentNamed, agentOrMe, idOf, sees } from './access.ts'
export { noteActive } from './activity.ts'
export { replaceKey } from './agent-key.ts'
export { agentKeysVault, findAgentKeysVault } from './agent-keys-vault.ts'
export { agentNotFound } from './errors.ts'
export { makeAgent, type NewAgentInput, newAgentInput } from './operations/create-agent.ts'
export { type Agent, agentKind, isLive } from './records.ts'
export { AgentBody, agentBodies, agentBody, agentFields, agentSchema } from './schemas.ts'

export const agents = area({
  name: 'agents',
  summary: 'Programs that have an identity and keys of their own.',
  uses: ['orgs', 'credentials', 'vaults', 'secrets'],
  operations: agentOperations,
  reports: ['agent.deactivate'],
  kinds: [agentKind],
  agentSettings: agentsAgentSettings,
  onRemoved: {
    user: {
      asJob: async (engine, { org, id }) => {
        await removeLockedAgents(engine, org, id)
        await passOn(engine, org, agentKind, { kind: 'user', id })
      },
    },
  },
  jobs: [removeAgentsJob],
  scheduledTasks: [activityTask],
})
