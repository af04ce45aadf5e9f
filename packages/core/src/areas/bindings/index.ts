import { area } from '../../operations/index.ts'
import { bindingsAgentSettings } from './agent-settings.ts'
import { bindingOperations } from './operations/index.ts'
import { bindingKind, bindingRateKind, executionKind } from './records.ts'
import { dropBindings } from './remove.ts'

/** Calls of services with credentials that the agent never sees. */
export const bindings = area({
  name: 'bindings',
  uses: ['orgs', 'vaults', 'secrets', 'agents'],
  operations: bindingOperations,
  kinds: [bindingKind, bindingRateKind, executionKind],
  agentSettings: bindingsAgentSettings,
  onRemoved: { agent: { asJob: dropBindings } },
})
