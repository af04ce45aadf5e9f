import { agentFields, switchSetting } from '../../operations/index.ts'

/** Settings for the shares of an agent. */
export const sharingAgentSettings = {
  link_shares_enabled: switchSetting(
    agentFields.flag().describe('Whether the agent may share a secret with anyone who has the link. Default: false.'),
    { strictest: false },
  ),
}
