import { area } from '../../operations/index.ts'
import { shroudAgentSettings } from './agent-settings.ts'

/** Limits for calls of agents to models. The checks come with the LLM proxy. */
export const shroud = area({ name: 'shroud', operations: {}, agentSettings: shroudAgentSettings })
