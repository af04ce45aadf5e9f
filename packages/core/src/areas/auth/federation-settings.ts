import * as z from 'zod'
import { agentFields, fields, switchSetting, valueSetting } from '../../operations/index.ts'

const { flag, uri } = agentFields

/** Settings for tokens that identify an agent to other services. */
export const federationSettings = {
  federation_enabled: switchSetting(
    flag().describe('Whether the agent may get tokens that identify it to other services.'),
    { strictest: false },
  ),
  federation_audiences: valueSetting(
    z
      .array(uri(), 'must be a list')
      .max(100, 'must have at most 100 entries')
      .describe('Audiences that federated tokens may be issued for. Default: none.'),
    { strictest: [] },
  ),
  federated_token_ttl_seconds: valueSetting(
    fields.count(3_600, 60).describe('Lifetime of federated tokens, in seconds.'),
    { strictest: 60 },
  ),
}
