import { describe, expect, it } from 'vitest'
import { ChainNotConfigured } from '../chain.ts'
import { ModelNotConfigured } from '../model.ts'
import { memoryChain, noChain } from './chain.ts'
import { noModel, scriptedModel } from './model.ts'

describe('a chain that nobody configured', () => {
  it('says at every call which setting is missing', async () => {
    const chain = noChain({ name: 'base-sepolia', family: 'evm', chainId: 84_532n, decimals: 18 })
    const { facts: _, ...calls } = chain
    expect(Object.keys(calls)).toHaveLength(6)
    for (const call of Object.values(calls) as (() => Promise<unknown>)[]) {
      await expect(call()).rejects.toThrow(ChainNotConfigured)
      await expect(call()).rejects.toThrow('PAWL_RPC_BASE_SEPOLIA')
    }
  })
})

describe('a model that nobody configured', () => {
  it('says which setting is missing', async () => {
    const model = noModel('openai')
    await expect(model.models()).rejects.toThrow('PAWL_MODEL_OPENAI')
    await expect(model.complete({ model: 'x', messages: [] })[Symbol.asyncIterator]().next()).rejects.toThrow(
      ModelNotConfigured,
    )
  })
})

describe('a chain in memory', () => {
  const ether = 10n ** 18n

  it('is the same for the same calls', async () => {
    const play = async () => {
      const chain = memoryChain()
      const ann = chain.wallet('ann', ether)
      await chain.broadcast(await ann.transfer({ to: chain.wallet('bob').address, value: 1n }))
      chain.mine()
      return [chain.sent, await chain.tip(), await chain.balance(ann.address)]
    }
    expect(await play()).toEqual(await play())
  })

  it('includes transactions in the order of their numbers, and none before its turn', async () => {
    const chain = memoryChain()
    const [ann, bob] = [chain.wallet('ann', ether), chain.wallet('bob').address]
    await chain.broadcast(await ann.transfer({ to: bob, value: 2n, nonce: 1n }))
    chain.mine()
    expect(await chain.balance(bob)).toBe(0n)
    expect(await chain.account(ann.address)).toEqual({ model: 'counter', next: 0n })
    await chain.broadcast(await ann.transfer({ to: bob, value: 1n }))
    chain.mine()
    expect(await chain.balance(bob)).toBe(3n)
  })

  it('takes the fee and leaves the money where it was when a contract fails', async () => {
    const chain = memoryChain({ call: () => ({ succeeded: false, reason: 'paused' }) })
    const [ann, contract] = [chain.wallet('ann', ether), chain.wallet('contract').address]
    const id = await chain.broadcast(await ann.transfer({ to: contract, value: 5n }))
    chain.mine()
    expect(await chain.status(id)).toMatchObject({ state: 'included', succeeded: false })
    expect(await chain.balance(contract)).toBe(0n)
    const { fuelUsed = 0n, price = 0n } = chain.sent[0]?.included ?? {}
    expect(await chain.balance(ann.address)).toBe(ether - fuelUsed * price)
    expect(fuelUsed * price).toBeGreaterThan(0n)
  })

  it('counts what waits when somebody spends more', async () => {
    const chain = memoryChain()
    const [ann, bob] = [chain.wallet('ann', ether), chain.wallet('bob').address]
    await chain.broadcast(await ann.transfer({ to: bob, value: (ether * 6n) / 10n }))
    const more = await ann.transfer({ to: bob, value: (ether * 6n) / 10n })
    await expect(chain.broadcast(more)).rejects.toMatchObject({ rejection: 'insufficient_funds' })
  })

  it('takes nothing that was signed for another chain', async () => {
    const signed = await memoryChain({ chainId: 1n })
      .wallet('ann', ether)
      .transfer({ to: `0x${'1'.repeat(40)}`, value: 1n })
    const other = memoryChain({ chainId: 2n })
    other.wallet('ann', ether)
    await expect(other.broadcast(signed)).rejects.toMatchObject({ rejection: 'wrong_chain' })
  })

  it('holds tokens apart from each other and from money', async () => {
    const chain = memoryChain()
    const { address } = chain.wallet('ann', 1n)
    chain.fund(address, 7n, '0xUSDC')
    expect([await chain.balance(address, '0xusdc'), await chain.balance(address, '0xdai')]).toEqual([7n, 0n])
    expect(await chain.balance(address.toLowerCase())).toBe(1n)
  })
})

describe('a scripted model', () => {
  it('says its lines one after the other, remembers what it was asked, and fails when there are no more', async () => {
    const model = scriptedModel(['One.', 'Two.'])
    const say = async () => {
      let text = ''
      for await (const part of model.complete({ model: 'scripted', messages: [] }))
        if (part.type === 'text') text += part.text
      return text
    }
    expect([await say(), await say()]).toEqual(['One.', 'Two.'])
    expect(model.asked).toHaveLength(2)
    await expect(say()).rejects.toThrow('2 replies')
  })
})
