import { operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound } from '../../agents/index.ts'
import { ExplanationBody, explain } from '../../guardrails/index.ts'
import { keyUnusable, signingKeyNotFound } from '../../signers/index.ts'
import { intentsDisabled } from '../errors.ts'
import { CallInput } from '../input.ts'
import { prepare, signingAgent } from '../prepare.ts'

export const explainTransaction = operation({
  name: 'intents.explain',
  summary:
    'Say what each limit says of a transaction, and what is left of each budget. Nothing is signed or asked of a node.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/transactions/explain',
    status: 200,
    id: 'explainTransaction',
    tag: 'Transactions',
  },
  command: {
    name: 'tx explain',
    positionals: ['agent_id', 'to', 'value'],
    columns: [
      ...['outcome', 'violation.reason'],
      ...['verdicts.rule', 'verdicts.allowed', 'verdicts.limit', 'verdicts.current', 'verdicts.attempted'],
      ...['budgets.rule', 'budgets.within', 'budgets.limit', 'budgets.used', 'budgets.left', 'budgets.resets_at'],
    ],
  },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'transaction.explain', resource: 'agent', about: ({ agent_id }) => ({ id: agent_id }) },
  input: CallInput,
  output: ExplanationBody,
  errors: [agentNotFound, intentsDisabled, signingKeyNotFound, keyUnusable],
  run: (context, input) => {
    const { agent, chain, family, draft } = prepare(context, signingAgent(context, input.agent_id), input)
    return explain(context, { agent, chain, signs: { type: 'transaction', effects: family.effects(draft) } })
  },
})
