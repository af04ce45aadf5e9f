import * as z from 'zod'
import { tool } from '../../operations/index.ts'
import type { SimulationBody, TransactionBody } from './schemas.ts'

// The defaults are those of the tools of the contract: simulate first, 21000 gas, and values in ether.

const call = {
  to: z.string('must be a string').meta({ description: 'Address of the recipient or contract.' }),
  value: z
    .string('must be a string')
    .default('0')
    .meta({ description: 'Amount in ether, such as "0.01". Default: 0.' }),
  chain: z.string('must be a string').meta({ description: 'Name or number of the chain, such as base.' }),
  data: z.string('must be a string').optional().meta({ description: 'Calldata as hexadecimal digits with 0x.' }),
  signing_key_path: z.string('must be a string').optional().meta({ description: 'Default: your signing key.' }),
  gas_limit: z.number('must be a number').optional().meta({ description: 'Default: 21000, or an estimate.' }),
}

export const simulateTransactionTool = tool({
  name: 'simulate_transaction',
  summary: 'See what a transaction would do before you submit it: balance changes, gas, or why it fails.',
  input: z.object(call),
  call: (given) => ({ agent_id: 'me', ...given }),
  answer: (done: SimulationBody) => done,
})

export const submitTransactionTool = tool({
  name: 'submit_transaction',
  summary:
    'Sign a transaction with your key, which you never see, and send it. Guardrails of a human apply. ' +
    'Without simulate_first: false, it is simulated first, and signed only if that succeeds.',
  input: z.object({
    ...call,
    nonce: z.number('must be a number').optional().meta({ description: 'Default: the next one.' }),
    gas_price: z.string('must be a string').optional().meta({ description: 'In wei, for a legacy transaction.' }),
    max_fee_per_gas: z.string('must be a string').optional().meta({ description: 'In wei.' }),
    max_priority_fee_per_gas: z.string('must be a string').optional().meta({ description: 'In wei.' }),
    simulate_first: z.boolean('must be true or false').default(true).meta({ description: 'Default: true.' }),
  }),
  call: (given) => ({ agent_id: 'me', ...given }),
  answer: ({ signed_tx: _signed, ...rest }: TransactionBody) => rest,
})

export const signMessageTool = tool({
  name: 'sign_message',
  summary: 'Sign a text or bytes with your key (personal_sign), to prove that an address is yours.',
  input: z.object({
    message: z.string('must be a string').meta({ description: 'Text, or bytes as hexadecimal digits with 0x.' }),
    chain: z.string('must be a string').default('ethereum').meta({ description: 'Default: ethereum.' }),
  }),
  call: (given) => ({ agent_id: 'me', intent_type: 'personal_sign' as const, ...given }),
  answer: ({
    from,
    signature,
    message_hash,
  }: {
    from: string
    signature?: string | undefined
    message_hash?: string | undefined
  }) => ({
    from,
    signature,
    message_hash,
  }),
})
