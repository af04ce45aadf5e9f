import { inspect } from 'node:util'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { ChainUnavailable, type Egress, utf8 } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testChain } from '@pawl/testkit/conformance'
import { type FakeChainOptions, startFakeChain } from '@pawl/testkit/fakes'
import { describe, expect, it } from 'vitest'
import { evmChain } from './evm-chain.ts'

async function open(options: FakeChainOptions = {}, chainId = 8453n) {
  const node = await startFakeChain({ minesAtOnce: false, chainId: 8453n, ...options })
  const chain = evmChain({ egress: nodeEgress({ allow: [node.url] }), url: node.url, name: 'base', chainId })
  return { node, chain, close: node.close, [Symbol.asyncDispose]: node.close }
}

testChain(
  'evmChain',
  async () => {
    const { node, chain, close } = await open()
    const ann = node.chain.wallet('ann', 10n ** 18n)
    return {
      chain,
      rich: {
        address: ann.address,
        transfer: (to, value, account) =>
          ann.transfer({ to, value, ...(account?.model === 'counter' && { nonce: account.next }) }),
      },
      nobody: node.chain.wallet('nobody').address,
      unknownTransaction: `0x${'0'.repeat(64)}`,
      mine: async () => node.chain.mine(),
      close,
    }
  },
  { describe, it },
)

describe('evmChain', () => {
  it('tells the balance of a token, as its contract does', async () => {
    const returned = Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? 7 : 0))
    const asked: string[] = []
    await using opened = await open({
      call: ({ to, data }) => {
        asked.push(`${to} ${Buffer.from(data).toString('hex')}`)
        return { succeeded: true, fuel: 0n, returned }
      },
    })
    const [owner, token] = [`0x${'Ab'.repeat(20)}`, `0x${'cd'.repeat(20)}`]
    expect(await opened.chain.balance(owner, token)).toBe(7n)
    expect(asked).toEqual([`${token} 70a08231${'0'.repeat(24)}${'ab'.repeat(20)}`])
  })

  it('sends nothing to a node of another chain', async () => {
    await using opened = await open({}, 1n)
    const signed = await opened.node.chain.wallet('ann', 10n ** 18n).transfer({ to: `0x${'0'.repeat(40)}`, value: 1n })
    await expect(opened.chain.broadcast(signed)).rejects.toThrow(ChainUnavailable)
    expect(opened.node.calls.map(({ method }) => method)).toEqual(['eth_chainId'])
  })

  it('says why a transaction will never be taken', async () => {
    await using opened = await open()
    const ann = opened.node.chain.wallet('ann', 10n ** 18n)
    const to = opened.node.chain.wallet('bob').address
    await opened.chain.broadcast(await ann.transfer({ to, value: 1n }))
    opened.node.chain.mine()
    const refused = async (signed: Promise<Uint8Array>) => opened.chain.broadcast(await signed)
    const rejection = (value: string) => ({ name: 'ChainRejected', rejection: value })
    await expect(refused(ann.transfer({ to, value: 2n, nonce: 0n }))).rejects.toMatchObject(rejection('nonce_used'))
    await expect(refused(ann.transfer({ to, value: 10n ** 18n }))).rejects.toMatchObject(
      rejection('insufficient_funds'),
    )
  })

  it('takes what the chain has already for taken, though the node says no to it', async () => {
    await using opened = await open()
    const egress = nodeEgress({ allow: [opened.node.url] })
    const no = { status: 200, headers: {}, body: utf8('{"error":{"code":-32000,"message":"nonce too low"}}') }
    const refusing: Egress = {
      fetch: async (request) =>
        Buffer.from(request.body ?? []).includes('eth_sendRawTransaction') ? no : egress.fetch(request),
    }
    const ann = opened.node.chain.wallet('ann', 10n ** 18n)
    const signed = await ann.transfer({ to: ann.address, value: 1n })
    const again = evmChain({ egress: refusing, url: opened.node.url, name: 'base', chainId: 8453n })
    await expect(again.broadcast(signed)).rejects.toMatchObject({ rejection: 'nonce_used' })
    const id = await opened.chain.broadcast(signed)
    expect(await again.broadcast(signed)).toBe(id)
  })

  it('shows nobody the key in the URL of the node', async () => {
    const { node, close } = await open()
    await close()
    const url = `${node.url}/v2/${tagged('key')}`
    const chain = evmChain({ egress: nodeEgress({ allow: [node.url] }), url, name: 'base', chainId: 8453n })
    const error: unknown = await chain.tip().catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ChainUnavailable)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(tagged(''))
  })
})
