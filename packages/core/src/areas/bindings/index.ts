import { area } from '../../operations/index.ts'
import { bindingsAgentSettings } from './agent-settings.ts'
import { bindingOperations } from './operations/index.ts'
import { bindingKind, executionKind } from './records.ts'
import { dropBindings } from './remove.ts'

export const bindings = area({
  name: 'bindings',
  summary: 'Calls of services with credentials that the agent never sees.',
  uses: ['orgs', 'vaults', 'secrets', 'agents'],
  operations: bindingOperations,
  kinds: [bindingKind, executionKind],
  agentSettings: bindingsAgentSettings,
  onRemoved: { agent: { asJob: dropBindings } },
})
