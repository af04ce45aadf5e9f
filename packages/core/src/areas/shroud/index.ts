import { area } from '../../operations/index.ts'
import { shroudAgentSettings } from './agent-settings.ts'

/** What agents may say to models. The checks come with the proxy. */
export const shroud = area({ name: 'shroud', operations: {}, agentSettings: shroudAgentSettings })
