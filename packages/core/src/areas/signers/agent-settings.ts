import { agentFields, valueSetting } from '../../operations/index.ts'

const { allowsNothing, words } = agentFields

/** Which signing keys an agent may create for itself. */
export const signersAgentSettings = {
  signing_chains: valueSetting(
    words().describe(
      'Chains for which the agent may create and rotate its own signing keys, such as ethereum. Default: none.',
    ),
    { strictest: allowsNothing },
  ),
}
