import { area } from '../../operations/index.ts'
import { shroudAgentSettings } from './agent-settings.ts'
import { shroudOperations } from './operations/index.ts'

/** The proxy between agents and models: what may be said to a model, what it may cost, and what was said. */
export const shroud = area({
  name: 'shroud',
  summary: 'The proxy between agents and models: what was found in requests, and keys for tools.',
  uses: ['orgs', 'vaults', 'secrets', 'agents', 'policies', 'sharing'],
  operations: shroudOperations,
  agentSettings: shroudAgentSettings,
})
