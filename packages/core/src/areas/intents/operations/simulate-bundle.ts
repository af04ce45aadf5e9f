import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { AfterCommit, operation } from '../../../operations/index.ts'
import { agentNamed, agentOrMe } from '../../agents/index.ts'
import { callFields } from '../input.ts'
import { SimulationBody } from '../schemas.ts'
import { simulate, simulatedCall, simulationErrors } from './simulate-transaction.ts'

const bundleMax = 20

const { agent_id: _, ...callOnly } = callFields

export const simulateBundle = operation({
  name: 'intents.simulateBundle',
  summary: 'Ask a node what transactions would do one after the other. Nothing is signed.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/transactions/simulate-bundle',
    status: 200,
    id: 'simulateBundle',
    tag: 'Transactions',
  },
  command: null,
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'transaction.simulate', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({
    agent_id: agentOrMe(),
    transactions: z
      .array(z.object(callOnly), 'must be a list of transactions')
      .min(1, 'must not be empty')
      .max(bundleMax, `must have at most ${bundleMax} transactions`)
      .describe('Each runs on the state that the ones before it leave. All are for one chain.'),
  }),
  output: z.object({ simulations: z.array(SimulationBody) }).meta({ id: 'BundleSimulationResponse' }),
  errors: simulationErrors,
  run: (context, { agent_id, transactions }) => {
    const all = transactions.map((one) => simulatedCall(context, { ...one, agent_id }))
    const [first] = all
    if (!first || all.some(({ chain }) => chain.name !== first.chain.name)) {
      throw invalidField('transactions', 'must be for one chain')
    }
    const calls = all.map(({ call }) => call)
    return new AfterCommit({ chain: first.chain.name, transactions: all.length }, async (engine) => ({
      simulations: await simulate(engine, first.chain, calls, first.tokens),
    }))
  },
})
