import type { KeyChain } from '../../families/index.ts'
import { type Context, denied, fields, settingsOf } from '../../operations/index.ts'
import { type Agent, agentKind, agentNotFound, idOf } from '../agents/index.ts'
import { signersAgentSettings } from './agent-settings.ts'
import { keyChainField } from './schemas.ts'

export const keyRef = { agent_id: fields.id(), chain: keyChainField() }

/** Humans who manage the agent may. The agent itself may for the chains in its `signing_chains`. */
export function agentToProvision(context: Context, agentId: string, chain: KeyChain): Agent {
  const agent = context.unit.require(agentKind, idOf(context, agentId), agentNotFound)
  if (context.caller.kind !== 'agent') return agent
  const { signing_chains: allowed = [] } = settingsOf(signersAgentSettings, agent.settings)
  if (allowed.some((one) => one === chain || (one === 'evm' && chain === 'ethereum'))) return agent
  throw denied({
    reason: `An agent may create signing keys only for the chains in its signing_chains. A human must add ${chain}.`,
  })
}
