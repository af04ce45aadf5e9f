import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import type { RegisteredChain } from '../../chains/index.ts'
import { submittedFields } from '../../consensus/index.ts'
import { TransactionInput } from '../input.ts'
import type { Transaction } from '../records.ts'
import { shownValue, valueField } from '../schemas.ts'
import { begin } from '../submit.ts'
import { paymentBy, signingErrors } from './submit-transaction.ts'

const SignedBody = z
  .object({
    id: z.string().describe('The transaction in the list of transactions.'),
    signed_tx: z.string().optional(),
    tx_hash: z.string().optional(),
    from: z.string(),
    to: z.string(),
    chain: z.string(),
    chain_id: z.int(),
    nonce: z.int().describe('0 for chains without nonces.'),
    value_wei: z.string(),
    value: valueField(),
    status: z.string(),
    approval_id: z.string().optional(),
    simulation_id: z.string().optional(),
    simulation_status: z.string().optional(),
    max_fee_per_gas: z.string().optional(),
    max_priority_fee_per_gas: z.string().optional(),
    ...submittedFields,
  })
  .meta({ id: 'SignTransactionResponse' })

export const signTransaction = operation({
  name: 'intents.sign',
  summary: 'Sign a transaction and return it without sending it. It counts for the limits of the agent.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/transactions/sign',
    status: 200,
    id: 'signTransaction',
    tag: 'Transactions',
    acceptedIf: { status: 'awaiting_approval' },
  },
  command: { name: 'tx sign', positionals: ['agent_id', 'to', 'value'] },
  effect: 'write',
  access: { permission: 'see', resource: paymentBy },
  audit: {
    action: 'transaction.sign_only',
    resource: 'transaction',
    about: ({ agent_id }) => ({ agent_id }),
    settled: 'transaction.sign',
  },
  input: TransactionInput,
  output: SignedBody,
  errors: signingErrors,
  run: (context, input) => begin(context, input, 'sign_only', (one, { chain }) => signedBody(one, chain)),
})

function signedBody(one: Transaction, chain: RegisteredChain): z.infer<typeof SignedBody> {
  const value = shownValue(one, chain)
  return {
    id: one.id,
    from: one.from,
    to: one.to,
    chain: one.chain,
    chain_id: chain.chainId ?? 0,
    nonce: Number(one.nonce ?? 0),
    value_wei: one.request.value,
    ...(value !== null && { value }),
    status: one.status,
    ...(one.signed !== null && { signed_tx: one.signed }),
    ...(one.hash !== null && { tx_hash: one.hash }),
    ...(one.approvalId !== null && { approval_id: one.approvalId }),
    ...(one.simulation && { simulation_id: one.simulation.id, simulation_status: one.simulation.status }),
    ...(one.maxFee !== null && { max_fee_per_gas: one.maxFee }),
    ...(one.priorityFee !== null && { max_priority_fee_per_gas: one.priorityFee }),
  }
}
