import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { findChain } from '../../chains/index.ts'
import { transactionKind } from '../records.ts'
import { TransactionBody, transactionBody } from '../schemas.ts'

const shownMax = 200

/** Exactly `true` or `1` (web3.md 1.3). Anything else leaves the signed bytes out. */
export const includeSigned = () =>
  z
    .custom<string | boolean | number>(
      (given) => ['string', 'boolean', 'number'].includes(typeof given),
      'must be true',
    )
    .optional()
    .transform((given) => given === true || given === 'true' || given === '1' || given === 1)
    .meta({ type: 'string' })
    .describe('true or 1: with signed_tx. Default: without.')

export const listTransactions = operation({
  name: 'intents.list',
  summary: `List the newest ${shownMax} transactions of an agent.`,
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/transactions',
    status: 200,
    id: 'listTransactions',
    tag: 'Transactions',
  },
  command: {
    name: 'tx list',
    columns: ['created_at', 'chain', 'to', 'value', 'status', 'chain_state', 'id'],
  },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: { action: 'transaction.list', resource: 'agent', about: ({ agent_id }) => ({ agent_id }) },
  input: z.object({ agent_id: agentOrMe(), include_signed_tx: includeSigned() }),
  output: z.object({ transactions: z.array(TransactionBody) }).meta({ id: 'TransactionListResponse' }),
  errors: [agentNotFound],
  run: (context, { agent_id, include_signed_tx }) => {
    const wanted = { tuple: [idOf(context, agent_id)], reverse: true, limit: shownMax }
    const found = context.unit.page(transactionKind, 'agent', wanted)
    return {
      transactions: found.map((one) => transactionBody(one, findChain(context.unit, one.chain), include_signed_tx)),
    }
  },
})
