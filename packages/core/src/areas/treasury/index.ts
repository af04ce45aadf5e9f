import { area } from '../../operations/index.ts'
import { treasuryAgentSettings } from './agent-settings.ts'

/** Money that agents may spend. */
export const treasury = area({ name: 'treasury', operations: {}, agentSettings: treasuryAgentSettings })
