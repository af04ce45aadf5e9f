import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { agentNamed, agentNotFound, agentOrMe, idOf } from '../../agents/index.ts'
import { findChain } from '../../chains/index.ts'
import { transactionNotFound } from '../errors.ts'
import { transactionKind } from '../records.ts'
import { TransactionBody, transactionBody } from '../schemas.ts'
import { includeSigned } from './list-transactions.ts'

export const getTransaction = operation({
  name: 'intents.get',
  summary: 'Read one transaction, with its state on the chain.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/transactions/{tx_id}',
    status: 200,
    id: 'getTransaction',
    tag: 'Transactions',
  },
  command: { name: 'tx get' },
  effect: 'read',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: {
    action: 'transaction.read',
    resource: 'transaction',
    about: ({ agent_id, tx_id }) => ({ id: tx_id, agent_id }),
  },
  input: z.object({ agent_id: agentOrMe(), tx_id: fields.id(), include_signed_tx: includeSigned() }),
  output: TransactionBody,
  errors: [agentNotFound, transactionNotFound],
  run: (context, { agent_id, tx_id, include_signed_tx }) => {
    const one = context.unit.require(transactionKind, tx_id, transactionNotFound)
    if (one.agentId !== idOf(context, agent_id)) throw transactionNotFound()
    return transactionBody(one, findChain(context.unit, one.chain), include_signed_tx)
  },
})
