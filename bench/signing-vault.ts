import { fill, fullVault } from './vault.ts'

type Parts = Parameters<typeof fullVault>[1]

/** A vault with agents that sign EVM transactions under limits, on a disk. */
export async function signingVault(agents = 16, parts: Parts = {}) {
  const vault = await fullVault(0, parts)
  const { owner, pawl } = vault
  const tokens: string[] = []
  await fill(agents, async (at) => {
    const limits = { tx_max_value: '1', tx_daily_limit: '1000000', tx_max_per_day: 100_000_000 }
    const lists = { tx_to_allowlist: [to], tx_allowed_chains: ['base'] }
    const wanted = { name: `payer ${at}`, intents_api_enabled: true, ...limits, ...lists }
    const { agent, api_key } = await owner.agents.create(wanted as never)
    await owner.signers.create({ agent_id: agent.id, chain: 'ethereum' })
    const { access_token } = await pawl.as({}).auth.agentToken({ api_key: api_key?.reveal() ?? '' })
    tokens.push(access_token.reveal())
  })
  const all = tokens.map((token) => pawl.as(token))
  const [first] = all
  const sign = (as: typeof first, at: number) => as?.intents.sign({ agent_id: 'me', ...request(at) })
  return {
    pawl,
    token: tokens[0] ?? '',
    /** In turns by all agents. */
    sign: async (at: number) => sign(all[at % all.length], at),
    signAsOne: async (at: number) => sign(first, at),
    close: vault.close,
  }
}

const to = '0x000000000000000000000000000000000000dEaD'

/** A transaction with everything that its bytes need, so that no node is asked. */
export const request = (nonce: number) => ({
  ...{ chain: 'base', to, value: '0.000001', nonce, gas_limit: 21_000 },
  ...{ max_fee_per_gas: '2000000000', max_priority_fee_per_gas: '1000000000' },
})
