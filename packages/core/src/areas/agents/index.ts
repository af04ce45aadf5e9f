export { type Agent, agentKind, isLive } from './records.ts'
