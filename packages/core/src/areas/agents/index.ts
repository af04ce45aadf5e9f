export { activityChore, noteActive } from './activity.ts'

export { type Agent, agentKind, isLive } from './records.ts'
export type { AgentSettings } from './settings.ts'
