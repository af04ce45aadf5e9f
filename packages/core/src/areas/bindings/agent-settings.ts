import { agentFields, fields, switchSetting, valueSetting } from '../../operations/index.ts'
import { AgentGuardrails } from './config.ts'

const { flag } = agentFields

/** Settings for calls of services. */
export const bindingsAgentSettings = {
  execution_intents_enabled: switchSetting(
    flag().describe('Whether the agent may call services through its bindings.'),
    { strictest: false },
  ),
  execution_require_tee: switchSetting(
    flag().describe('Whether the agent calls services only from a trusted execution environment.'),
    { strictest: true },
  ),
  execution_guardrails: valueSetting<AgentGuardrails>(
    AgentGuardrails.describe(
      'Limits for all calls of the agent: the guardrails of a binding, and allowed_binding_types.',
    ).meta({ type: 'object', additionalProperties: true }),
    { strictest: { allowed_binding_types: [] }, shown: fields.shownObject() },
  ),
}
