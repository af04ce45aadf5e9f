import { area } from '../../operations/index.ts'
import { treasuryAgentSettings } from './agent-settings.ts'

/** Limits for payments by agents. */
export const treasury = area({ name: 'treasury', operations: {}, agentSettings: treasuryAgentSettings })
