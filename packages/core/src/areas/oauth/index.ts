import { area } from '../../operations/index.ts'
import { oauthAgentSettings } from './agent-settings.ts'

export { oauthAgentSettings } from './agent-settings.ts'

/** Tokens that identify agents to other services. */
export const oauth = area({ name: 'oauth', operations: {}, agentSettings: oauthAgentSettings })
