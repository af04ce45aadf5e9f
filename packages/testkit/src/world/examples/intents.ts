import type { World } from '../world.ts'
import { agentWasActive, type ExamplesOf, signedLater } from './example.ts'

const to = '0x000000000000000000000000000000000000dEaD'
const fees = { max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1000000000' }

/** An agent with a key, and with money on the chain in memory. */
const payer = async (world: World) => {
  const { id: agent_id, as } = await world.agent({
    name: 'payer',
    intents_api_enabled: true,
    message_signing_enabled: true,
  })
  const { address } = await world.owner.signers.create({ agent_id, chain: 'ethereum' })
  await world.owner.signers.balance({ agent_id, chain: 'base' })
  world.chain('base').fund(address, 10n ** 18n)
  const pay = { agent_id, chain: 'base', to, value: '0.01' }
  return { as, who: { agent: agent_id }, agent_id, pay }
}

/** A transaction is followed while its outcome is open. */
const afterwards = [
  ...agentWasActive,
  ...[
    'transaction changed',
    'openTransaction changed',
    'openTransaction gone',
    'nonceLane changed',
    'transaction.refuse',
  ],
]

export const intentExamples: ExamplesOf<'intents'> = {
  submit: async (world) => {
    const { who, pay } = await payer(world)
    return { who, input: pay, separately: signedLater('transaction') }
  },
  sign: async (world) => {
    const { who, pay } = await payer(world)
    return { who, input: { ...pay, nonce: 0, gas_limit: 21_000, ...fees }, separately: signedLater('transaction') }
  },
  signIntent: async (world) => {
    const { who, agent_id } = await payer(world)
    return { who, input: { agent_id, chain: 'base', intent_type: 'personal_sign', message: 'Hello' } }
  },
  simulate: async (world) => {
    const { who, pay } = await payer(world)
    return { who, input: pay }
  },
  explain: async (world) => {
    const { who, pay } = await payer(world)
    return { who, input: pay }
  },
  simulateBundle: async (world) => {
    const { who, agent_id } = await payer(world)
    return { who, input: { agent_id, transactions: [{ chain: 'base', to, value: '0.01' }] } }
  },
  list: async (world) => {
    const { who, as, pay } = await payer(world)
    await as.intents.submit(pay)
    return { who, input: { agent_id: pay.agent_id, include_signed_tx: 'true' }, separately: afterwards }
  },
  get: async (world) => {
    const { who, as, pay } = await payer(world)
    const { id: tx_id } = await as.intents.submit(pay)
    return { who, input: { agent_id: pay.agent_id, tx_id }, separately: afterwards }
  },
  nonces: async (world) => {
    const { who, as, pay } = await payer(world)
    await as.intents.submit(pay)
    return { who, input: { agent_id: pay.agent_id }, separately: afterwards }
  },
  repairNonces: async (world) => {
    const { as, pay } = await payer(world)
    await as.intents.submit(pay)
    return { who: { user: world.ownerId }, input: { agent_id: pay.agent_id, chain: 'base' }, separately: afterwards }
  },
}
