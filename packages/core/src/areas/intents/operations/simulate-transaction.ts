import { invalidField } from '../../../kernel/errors.ts'
import { AfterCommit, type Context, type Engine, operation } from '../../../operations/index.ts'
import type { ChainCall } from '../../../ports/chain.ts'
import { agentNamed, agentNotFound } from '../../agents/index.ts'
import { type RegisteredChain, type Token, tokensOf } from '../../chains/index.ts'
import {
  chainNotConfigured,
  chainUnavailable,
  keyUnusable,
  requireNodes,
  signingKeyNotFound,
} from '../../signers/index.ts'
import { intentsDisabled, notSupportedHere } from '../errors.ts'
import { type CallInput, CallInput as Input } from '../input.ts'
import { prepare, signingAgent } from '../prepare.ts'
import { SimulationBody, simulationError } from '../schemas.ts'
import { simulated, simulationBody } from '../simulate.ts'
import { simulateTransactionTool } from '../tools.ts'

export const simulationErrors = [
  ...[agentNotFound, intentsDisabled, signingKeyNotFound, keyUnusable],
  ...[chainNotConfigured, chainUnavailable, notSupportedHere],
]

export const simulateTransaction = operation({
  name: 'intents.simulate',
  summary: 'Ask a node what a transaction would do. Nothing is signed.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/transactions/simulate',
    status: 200,
    id: 'simulateTransaction',
    tag: 'Transactions',
  },
  tools: [simulateTransactionTool],
  command: {
    name: 'tx simulate',
    positionals: ['agent_id', 'to', 'value'],
    columns: ['status', 'gas_used', 'error', 'revert_reason', 'balance_changes.amount', 'balance_changes.address'],
  },
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'transaction.simulate', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: Input,
  output: SimulationBody,
  errors: simulationErrors,
  run: (context, input) => {
    const { call, chain, tokens } = simulatedCall(context, input)
    return new AfterCommit({ chain: chain.name, to: input.to ?? '' }, async (engine) => {
      const [body] = await simulate(engine, chain, [call], tokens)
      return body ?? simulationError(engine, 'The node gave no result.')
    })
  },
})

export interface Simulatable {
  readonly call: ChainCall
  readonly chain: RegisteredChain
  readonly tokens: readonly Token[]
}

/** The call of a request. Throws for chains that do not simulate. */
export function simulatedCall(context: Context, input: CallInput): Simulatable {
  const { chain, family, draft } = prepare(context, signingAgent(context, input.agent_id), input)
  if (!family.call) throw invalidField('chain', 'is of a family whose nodes do not simulate')
  return { call: family.call(draft), chain, tokens: tokensOf(context.unit, chain.name) }
}

export async function simulate(
  engine: Engine,
  chain: RegisteredChain,
  calls: readonly ChainCall[],
  tokens: readonly Token[],
): Promise<SimulationBody[]> {
  const results = await simulated(engine, chain, requireNodes(engine, chain), calls)
  if (!results) throw notSupportedHere({ what: `simulation on ${chain.name}` })
  return results.map((one) => simulationBody(engine, one, chain, tokens))
}
