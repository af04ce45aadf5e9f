import { evmChain } from '@pawl/adapters/chain/evm'
import type { ChainFacts } from '@pawl/core/ports'
import { encodeFunctionData, parseAbi } from 'viem'
import { expect, it } from 'vitest'
import { startAnvil } from '../../../../tools/real-parts/anvil.ts'
import { deployToken } from '../../../../tools/real-parts/token.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { nodeEgress } from '../../../adapters/src/egress/node.ts'
import { testPawl } from '../../src/world/index.ts'

const ether = 10n ** 18n
const abi = parseAbi(['function transfer(address to, uint256 amount) returns (bool)'])

it.runIf(isLong('deposits on anvil'))(
  'credits real ether and a real token once, and nothing that anvil_reorg drops before it is confirmed',
  { timeout: 60_000 },
  async () => {
    await using node = await startAnvil({ chainId: 8_453 })
    const egress = nodeEgress({ allow: [new URL(node.url).origin] })
    const chains = (facts: ChainFacts) => (facts.name === 'base' ? evmChain({ egress, urls: [node.url], facts }) : null)
    await using world = await testPawl({ chains, depositConfirmations: 3 })
    const { chains: registered, deposits, ledger } = world.owner
    const [payer] = (await node.ask('eth_accounts')) as string[]
    const token = await deployToken(node)
    await node.ask('evm_setAutomine', false)
    const known = { chain: 'base', contract_address: token, symbol: 'USDT', name: 'Tether', decimals: 18 }
    await registered.createToken(known)
    const { id: account_id } = await ledger.createAccount({ name: 'Shop' })
    const wanted = { chain: 'base', auto_credit_account_id: account_id }
    const { id: destination_id, address } = await deposits.create(wanted)

    const send = (to: string, value: bigint, data?: string) =>
      node.ask('eth_sendTransaction', { from: payer, to, value: `0x${value.toString(16)}`, ...(data && { data }) })
    const look = async (blocks: number) => {
      await node.ask('anvil_mine', `0x${blocks.toString(16)}`)
      world.clock.advance(15_000)
      await world.pawl.runJobs()
    }
    const balances = async () => (await ledger.getAccount({ account_id })).balances
    const statuses = async () => (await deposits.get({ destination_id })).events.map(({ status }) => status)

    // A payment that a reorganisation drops.
    await send(address, ether)
    await look(2)
    expect(await statuses()).toEqual(['received'])
    await node.ask('anvil_reorg', 2, [])
    await node.ask('anvil_dropAllTransactions')
    await look(5)
    expect(await statuses()).toEqual(['orphaned'])
    expect(await balances()).toEqual([])

    // Ether and tokens that stay.
    await send(address, ether / 2n)
    const data = encodeFunctionData({ abi, functionName: 'transfer', args: [address as `0x${string}`, 7n * ether] })
    await send(token, 0n, data)
    await look(1)
    expect((await statuses()).sort()).toEqual(['orphaned', 'received', 'received'])
    await look(2)
    await look(5)
    expect((await statuses()).sort()).toEqual(['credited', 'credited', 'orphaned'])
    expect(await balances()).toEqual([
      { asset: 'USDT', balance: '7' },
      { asset: 'ETH', balance: '0.5' },
    ])
    expect((await ledger.listEntries({ account_id })).total).toBe(2)
  },
)
