import { agentFields, switchSetting } from '../../operations/index.ts'

/** Settings for the shares of an agent. */
export const sharingAgentSettings = {
  link_shares_enabled: switchSetting(
    agentFields
      .flag()
      .describe('Whether the agent may share a secret by link. Every holder of the link can read it. Default: false.'),
    { strictest: false },
  ),
}
