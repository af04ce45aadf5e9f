import { agentFields, valueSetting } from '../../operations/index.ts'

const { allowsNothing, words } = agentFields

/** The signing keys that an agent may create without a human. */
export const signersAgentSettings = {
  signing_chains: valueSetting(
    words().describe(
      'Chains for which the agent may create and rotate its own signing keys, such as ethereum. Default: none.',
    ),
    { strictest: allowsNothing },
  ),
}
