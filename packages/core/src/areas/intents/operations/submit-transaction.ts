import type * as z from 'zod'
import {
  operation,
  serviceFailed,
  serviceNotConfigured,
  tooManyOpen,
  triggerUnreadable,
} from '../../../operations/index.ts'
import { agentNamed, agentNotFound } from '../../agents/index.ts'
import { guardrailViolated } from '../../guardrails/index.ts'
import { chainNotConfigured, chainUnavailable, keyUnusable, signingKeyNotFound } from '../../signers/index.ts'
import { smartAccountNotFound } from '../../smartaccounts/index.ts'
import {
  intentsDisabled,
  notSupportedHere,
  operationRefused,
  simulationReverted,
  simulationUnavailable,
} from '../errors.ts'
import { TransactionInput } from '../input.ts'
import { TransactionBody, transactionBody } from '../schemas.ts'
import { begin } from '../submit.ts'
import { submitTransactionTool } from '../tools.ts'

export const signingErrors = [
  ...[agentNotFound, intentsDisabled, signingKeyNotFound, keyUnusable],
  ...[chainNotConfigured, chainUnavailable, simulationReverted, simulationUnavailable, guardrailViolated],
  ...[notSupportedHere, triggerUnreadable, tooManyOpen],
  ...[smartAccountNotFound, serviceNotConfigured, serviceFailed, operationRefused],
]

/** The agent that pays. The event of a refusal tells to whom as well. */
export function paymentBy({ agent_id, to, chain, value }: z.infer<typeof TransactionInput>) {
  return { ...agentNamed(agent_id), about: { agent_id, to, chain, value } }
}

export const submitTransaction = operation({
  name: 'intents.submit',
  summary: 'Sign a transaction with a key of the agent, within its guardrails, and send it.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/transactions',
    status: 201,
    id: 'submitTransaction',
    tag: 'Transactions',
    acceptedIf: { status: 'awaiting_approval' },
  },
  tools: [submitTransactionTool],
  command: { name: 'tx send', positionals: ['agent_id', 'to', 'value'] },
  effect: 'write',
  access: { permission: 'see', resource: paymentBy },
  audit: {
    action: 'transaction.submit',
    resource: 'transaction',
    about: ({ agent_id }) => ({ agent_id }),
    settled: 'transaction.sign',
  },
  input: TransactionInput,
  output: TransactionBody,
  idempotent: true,
  errors: signingErrors,
  run: (context, input) => begin(context, input, 'submit', (one, { chain }) => transactionBody(one, chain, true)),
})
