import { area } from '../../operations/index.ts'
import { guardrailsAgentSettings } from './agent-settings.ts'

/** Limits for signing by agents. The checks come with the signing area. */
export const guardrails = area({ name: 'guardrails', operations: {}, agentSettings: guardrailsAgentSettings })
