export { agentAt } from './access.ts'
export { activityTask, noteActive } from './activity.ts'
export { agentNotFound } from './errors.ts'
export { actorOf, agentEvent } from './operations/agent-event.ts'
export { agentKeysVault, findAgentKeysVault } from './operations/agent-keys-vault.ts'

export { type Agent, agentKind, isLive } from './records.ts'
export type { AgentSettings } from './settings.ts'
