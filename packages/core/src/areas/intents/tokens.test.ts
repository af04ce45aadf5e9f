import type { AnyChain } from '@pawl/core/ports'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: an amount of a token means what the registry says of the token. Method: a whole engine in memory, and a node that knows
// every account.

const mint = 'JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN'
const to = 'GyGKxMyg1p9SsHfm15MkNUu1u9TN2JtTspcdmrtGUdse'

const solana: AnyChain = {
  facts: { name: 'solana', family: 'solana', chainId: null, decimals: 9 },
  balance: async () => 10n ** 12n,
  account: async () => ({ model: 'none' }),
  fees: async () => ({ model: 'size', perTransaction: 5_000n, perKilobyte: 0n }),
  tip: async () => ({ height: 1n, id: '1'.repeat(32), at: 0 }),
  exists: async (addresses) => addresses.map(() => true),
  broadcast: async () => '',
  status: async () => ({ state: 'unknown' }),
}

/** What TransferChecked has as data: the amount and the decimal places that it must have. */
function transferOf(signed = ''): { readonly amount: bigint; readonly decimals: number } {
  const data = Buffer.from(signed, 'base64').subarray(-10)
  expect(data[0]).toBe(12)
  return { amount: data.readBigUInt64LE(1), decimals: data[9] ?? -1 }
}

async function tokenWorld() {
  const world = await testPawl({ chains: ({ name }) => (name === 'solana' ? solana : null) })
  const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true })
  await world.owner.signers.create({ agent_id, chain: 'solana' })
  const pay = (more: object) => as.intents.sign({ agent_id: 'me', chain: 'solana', to, token_mint: mint, ...more })
  return { ...world, pay }
}

describe('a transfer of an SPL token', () => {
  it('has the decimal places of the registry, without token_decimals', async () => {
    await using world = await tokenWorld()
    const token = { chain: 'solana', symbol: 'JUP', name: 'Jupiter', contract_address: mint, decimals: 9 }
    await world.owner.chains.createToken(token)
    const { signed_tx } = await world.pay({ value: '1.5' })
    expect(transferOf(signed_tx)).toEqual({ amount: 1_500_000_000n, decimals: 9 })
    await expect(world.pay({ value: '1.5', token_decimals: 6 })).rejects.toMatchObject({
      data: { fields: { token_decimals: expect.any(String) } },
    })
  })

  it('of a token that the registry does not know has token_decimals, else 6', async () => {
    await using world = await tokenWorld()
    const { signed_tx: named } = await world.pay({ value: '1.5', token_decimals: 2 })
    expect(transferOf(named)).toEqual({ amount: 150n, decimals: 2 })
    const { signed_tx: usual } = await world.pay({ value: '1.5' })
    expect(transferOf(usual)).toEqual({ amount: 1_500_000n, decimals: 6 })
  })
})
