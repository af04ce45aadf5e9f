import { fullVault } from './vault.ts'

type Parts = Parameters<typeof fullVault>[1]

/** A vault with an agent that signs EVM transactions under limits, on a disk. */
export async function signingVault(parts: Parts = {}) {
  const vault = await fullVault(0, parts)
  const { owner, pawl } = vault
  const { agent, api_key } = await owner.agents.create({
    ...{ name: 'payer', intents_api_enabled: true, tx_max_value: '1', tx_daily_limit: '1000000' },
    ...{ tx_to_allowlist: [to], tx_allowed_chains: ['base'], tx_max_per_day: 100_000_000 },
  } as never)
  await owner.signers.create({ agent_id: agent.id, chain: 'ethereum' })
  const { access_token } = await pawl.as({}).auth.agentToken({ api_key: api_key?.reveal() ?? '' })
  const token = access_token.reveal()
  const as = pawl.as(token)
  return { pawl, token, request, sign: (at: number) => as.intents.sign({ agent_id: 'me', ...request(at) }), close: vault.close }
}

const to = '0x000000000000000000000000000000000000dEaD'

/** A transaction with everything that its bytes need, so that no node is asked. */
export const request = (nonce: number) => ({
  ...{ chain: 'base', to, value: '0.000001', nonce, gas_limit: 21_000 },
  ...{ max_fee_per_gas: '2000000000', max_priority_fee_per_gas: '1000000000' },
})
