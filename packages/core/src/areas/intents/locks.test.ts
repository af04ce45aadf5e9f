import { type AnyChain, ChainUnavailable } from '@pawl/core/ports'
import { testPawl } from '@pawl/testkit/world'
import { Transaction } from '@scure/btc-signer'
import { describe, expect, it } from 'vitest'

// Goal: no two transactions of one address spend the same output. Method: a whole engine in memory, and a node that reports
// three outputs and never answers what it is sent, so that it goes on to report them.

const outputs = ['aa', 'bb', 'cc'].map((byte, index) => ({
  transactionId: byte.repeat(32),
  index,
  value: 100_000n,
  tokens: {},
}))

const node: AnyChain = {
  facts: { name: 'bitcoin-testnet', family: 'bitcoin', chainId: null, decimals: 8 },
  balance: async () => 300_000n,
  account: async () => ({ model: 'outputs', outputs }),
  fees: async () => ({ model: 'size', perTransaction: 0n, perKilobyte: 2_000n }),
  tip: async () => ({ height: 100n, id: '00'.repeat(32), at: 0 }),
  broadcast: async () => {
    throw new ChainUnavailable('The node does not answer.')
  },
  status: async () => ({ state: 'unknown' }),
}

async function bitcoinWorld() {
  const world = await testPawl({ chains: ({ name }) => (name === 'bitcoin-testnet' ? node : null) })
  const { id: agent_id, as } = await world.agent({ name: 'payer', intents_api_enabled: true })
  await world.owner.signers.create({ agent_id, chain: 'bitcoin' })
  const to = 'tb1qtp7fhly84qm6q4hhzmp0nh5frtdugmysqkxd0h'
  const pay = () => as.intents.submit({ agent_id: 'me', chain: 'bitcoin-testnet', to, value: '0.0005' })
  return { ...world, pay }
}

function spentBy({ signed_tx }: { readonly signed_tx?: string | undefined }): string[] {
  const transaction = Transaction.fromRaw(Buffer.from(signed_tx ?? '', 'hex'))
  return Array.from({ length: transaction.inputsLength }, (_, at) => {
    const { txid, index } = transaction.getInput(at)
    return `${Buffer.from(txid ?? []).toString('hex')}:${index}`
  })
}

describe('an output', () => {
  it('is spent by one transaction of many at once, and the next finds no funds', async () => {
    await using world = await bitcoinWorld()
    const sent = await Promise.all([world.pay(), world.pay(), world.pay()])
    expect(new Set(sent.flatMap(spentBy)).size).toBe(3)
    await expect(world.pay()).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('is free again after five minutes, when no node knows the transaction', async () => {
    await using world = await bitcoinWorld()
    const before = await Promise.all([world.pay(), world.pay(), world.pay()])
    world.clock.advance(5 * 60_000)
    expect(before.flatMap(spentBy)).toContain(spentBy(await world.pay())[0])
  })
})
