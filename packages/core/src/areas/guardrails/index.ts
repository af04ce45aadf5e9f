import { area } from '../../operations/index.ts'
import { guardrailsAgentSettings } from './agent-settings.ts'

/** What agents may sign. The checks come with signing. */
export const guardrails = area({ name: 'guardrails', operations: {}, agentSettings: guardrailsAgentSettings })
