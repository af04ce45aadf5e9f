import { registry } from '@pawl/core'
import { type MemoryChain, memoryChain } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { crashingSqlite } from '../../../../tools/real-parts/crashing-sqlite.ts'
import { isLong } from '../../../../tools/test-run/index.ts'
import { nodeCrypto } from '../../../adapters/src/crypto/node.ts'
import type { OpenStorage } from '../../src/conformance/storage.ts'
import { crashEverywhere, type Invariant, type Scenario } from '../../src/faults/index.ts'
import type { World } from '../../src/world/index.ts'

// Goal: a deposit is credited exactly once, and a reversal posted exactly once, wherever the server dies while it reads a chain.
// Method: the server is killed, or its store fails, at every call that the task makes to it; then an engine goes on.

const ether = 10n ** 18n

/** The chain of the current world. It outlives the engines. */
let chain: MemoryChain
let account_id: string

const engine = () => {
  chain = memoryChain({ name: 'base', chainId: 8_453n })
  return { chains: ({ name }: { readonly name: string }) => (name === 'base' ? chain : null) }
}

/** An account and its address get an ether, under so many blocks. */
async function pay({ owner }: World, blocks: number) {
  account_id = (await owner.ledger.createAccount({ name: 'Shop' })).id
  const { address } = await owner.deposits.create({ chain: 'base', auto_credit_account_id: account_id })
  await chain.broadcast(await chain.wallet('payer', 10n * ether).transfer({ to: address, value: ether }))
  mine(blocks)
}

function mine(blocks: number): void {
  for (let mined = 0; mined < blocks; mined++) chain.mine()
}

/** A call that touches nothing. The task runs after it, with the faults. */
const scenario = (name: string, prepare: (world: World) => Promise<void>): Scenario => ({
  name,
  operation: registry.deposits.list,
  example: async (world) => {
    await prepare(world)
    world.clock.advance(15_000)
    return { who: { user: world.ownerId }, input: {} }
  },
})

/** What the account holds in the end, and why. */
const books = (balance: string, reasons: readonly string[]): Invariant => ({
  name: `the account has ${balance} ETH, by ${reasons.join(', ') || 'nothing'}`,
  check: async ({ world: { owner, ownerId, pawl } }) => {
    const { ledger } = pawl.as({ user: ownerId })
    const { balances } = await ledger.getAccount({ account_id })
    expect(balances).toEqual([{ asset: 'ETH', balance }])
    const { entries } = await ledger.listEntries({ account_id })
    expect(entries.map(({ reference_type }) => reference_type).reverse()).toEqual(reasons)
    const outside = await ledger.getAccount({ account_id: entries[0]?.counterpart_account_id ?? '' })
    expect(outside.balances).toEqual([{ asset: 'ETH', balance: balance === '0' ? '0' : `-${balance}` }])
    const { events } = await owner.audit.events({ resource_type: 'deposit', limit: 100 })
    expect(events.filter(({ action }) => action === 'deposit.credit')).toHaveLength(1)
  },
})

const credited = scenario('a deposit that becomes due', (world) => pay(world, 12))
const reversed = scenario('a credited deposit that leaves the chain', async (world) => {
  await pay(world, 12)
  world.clock.advance(15_000)
  await world.pawl.runJobs()
  chain.reorganise(12, () => true)
  mine(13)
})

const stores: readonly (readonly [string, OpenStorage | undefined])[] = [
  ['in memory', undefined],
  ['in a SQLite file', crashingSqlite],
]

describe.runIf(isLong('a server that is killed at every step of a deposit'))('a server that dies at any call', () => {
  it.each(stores)('credits a deposit exactly once, %s', { timeout: 300_000 }, async (_, open) => {
    const options = { engine, crypto: nodeCrypto(), ...(open && { open }) }
    const faults = await crashEverywhere(credited, { ...options, invariants: [books('1', ['deposit'])] })
    expect(faults).toBeGreaterThan(20)
  })

  it('takes the credit back exactly once when the deposit leaves the chain', { timeout: 300_000 }, async () => {
    const invariants = [books('0', ['deposit', 'deposit_reversal'])]
    expect(await crashEverywhere(reversed, { engine, crypto: nodeCrypto(), invariants })).toBeGreaterThan(20)
  })
})
